/** What a result says about earlier runs: alerts in their final state, and notes on what was not compared. */
import type { Alert } from '../../model/result.ts';
import type { RegressionAlert } from '../../model/regression.ts';
import type { RunFacts } from '../../model/run.ts';
import { attribute, baseRunOf } from '../attribution/attribute.ts';
import { attributionSentence } from '../attribution/sentence.ts';
import { concludeAlert } from './alert.ts';
import { type History, judgeRun, type JudgedSeries } from './judge-run.ts';
import { titleOf } from './words.ts';

export interface Past {
  readonly history: History & {
    /** The facts of an earlier run, for what moved; null if they are gone. */
    readonly factsOf?: (runId: string) => RunFacts | null;
  };
  /** How this run's suspicions ended. One without an end is reported as inconclusive. */
  readonly concluded: readonly RegressionAlert[];
}

export interface Compared {
  readonly alerts: readonly Alert[];
  readonly notes: readonly string[];
  /** What is stored. */
  readonly final: readonly RegressionAlert[];
}

const NOT_MEASURED = 'It was not measured again.';

/** Judges a run by its history. Alerts are in their final state. */
export function compareWithPast(facts: RunFacts, past: Past): Compared {
  const { series, candidates, alerts } = judgeRun(facts, past.history);
  const ends = new Map(past.concluded.map((alert) => [alert.id, alert]));
  const decided = candidates.map((candidate) => {
    const evidence = { reruns: [], pairs: [], baseUnavailable: null, stopped: NOT_MEASURED };
    return ends.get(candidate.alertId) ?? concludeAlert(candidate, evidence, 'inconclusive');
  });
  const final = [...decided, ...alerts].map((alert) => attributed(alert, facts, past.history));
  return {
    final,
    alerts: final
      .filter(({ state }) => state !== 'cleared' && state !== 'candidate')
      .map((alert) => toAlert(alert, facts)),
    notes: [...final.filter(({ state }) => state === 'cleared').map(({ message }) => message), ...notCompared(series)],
  };
}

/** Only a confirmed slowdown fails a run. An open suspicion makes it inconclusive. The rest is only reported. */
function toAlert({ kind, state, direction, key, message }: RegressionAlert, { plan }: RunFacts): Alert {
  const isRegression = kind === 'regression' && direction === 'slower';
  return {
    kind: isRegression ? 'regression' : 'change',
    state,
    metric: key.metric,
    scenario: plan?.scenarios.find(({ id }) => id === key.scenario)?.name ?? key.scenario,
    message,
    gate: isRegression,
  };
}

function attributed(alert: RegressionAlert, facts: RunFacts, { of, factsOf }: Past['history']): RegressionAlert {
  const { state, baseline, key, value } = alert;
  if (state !== 'confirmed' || baseline === null || alert.moved !== undefined) return alert;
  const base = factsOf?.(baseRunOf(baseline, of(key).points));
  if (base == null) return alert;
  const difference = value - baseline.median;
  const moved = attribute(base, facts, key, difference);
  const sentence = attributionSentence(moved, difference);
  return sentence === null ? alert : { ...alert, message: `${alert.message} ${sentence}`, moved };
}

/** One note for each reason, with its figures. */
function notCompared(series: readonly JudgedSeries[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { entry, baseline } of series) {
    if (entry.key.metric === 'test.duration' || entry.key.metric === 'total.duration') continue;
    for (const reason of reasonsOf(baseline)) {
      reasons.set(reason, [...(reasons.get(reason) ?? []), titleOf(entry.key)]);
    }
  }
  return [...reasons].map(([reason, titles]) => `Not compared with earlier runs: ${titles.join(', ')}. ${reason}`);
}

function reasonsOf(baseline: JudgedSeries['baseline']): readonly string[] {
  if (baseline.kind === 'different') return baseline.what;
  if (baseline.kind !== 'insufficient') return [];
  const { n, needed } = baseline;
  return [
    `Insufficient data: a baseline needs ${needed} clean runs, and there ${n === 1 ? 'is' : 'are'} ${n === 0 ? 'none' : n}.`,
  ];
}
