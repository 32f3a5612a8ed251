/** Whether one figure of a run is a suspicion. */
import { METRICS } from '../../model/measurement.ts';
import type {
  Baseline,
  Candidate,
  Direction,
  Gate,
  RegressionAlert,
  SeriesEntry,
  SeriesHistory,
} from '../../model/regression.ts';
import { formatRatio, formatSeconds } from '../../format/format-quantity.ts';
import { baseCommit } from './baseline.ts';
import { alertId, suspectOf } from './series.ts';
import { withoutChangedTests } from './tests-taken-out.ts';
import { DECISION } from './constants.ts';
import { percent, titleOf, valueOf } from './words.ts';

export type Suspicion =
  /** Within the threshold, or a gate held it back. */
  | { readonly kind: 'none'; readonly ratio: number; readonly z: number; readonly gates: readonly Gate[] }
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** The series has stayed over the threshold since a confirmed alert, so there is nothing to find out. */
  | { readonly kind: 'known'; readonly candidate: Candidate; readonly alert: RegressionAlert };

export interface CandidateOptions {
  /** The plan's `alerts.regression`, e.g. 0.2. */
  readonly threshold: number;
  /** The plan's `alerts.floor` in seconds; for metrics in seconds alone. */
  readonly floorSeconds: number;
  /** The smallest z that counts among all metrics of the run; no limit by default. */
  readonly standingZ?: number;
}

/**
 * All gates must pass. The figure is over the baseline's median by more than the threshold (or, for an improvement,
 * below it by the same factor). The difference is above the floor. And it is more than the noise of single runs
 * explains: z = |ln ratio| / (σ √(1 + 1.57/n)) > 2.
 * @param history for the alerts that are open
 * @returns null for a figure that is made of others, or that is not above 0
 */
export function candidateOf(
  baseline: Extract<Baseline, { kind: 'baseline' }>,
  { key, point }: SeriesEntry,
  history: Pick<SeriesHistory, 'points' | 'alerts' | 'events'>,
  options: CandidateOptions,
): Suspicion | null {
  const suspect = suspectOf(key);
  const { base, head } = withoutChangedTests({ base: baseline.median, head: point.value }, baseline.tests);
  if (suspect === null || !(base > 0) || !(head > 0)) return null;
  const ratio = head / base;
  const direction: Direction = ratio >= 1 ? 'slower' : 'faster';
  const z = Math.abs(Math.log(ratio)) / (baseline.sigma * Math.sqrt(1 + 1.57 / baseline.n));
  const gates = gatesOf(
    { ratio, z, difference: Math.abs(head - base), metric: key.metric, sigma: baseline.sigma },
    options,
  );
  if (!gates.every(({ passed }) => passed)) return { kind: 'none', ratio, z, gates };
  const candidate: Candidate = {
    alertId: alertId(key, point.runId),
    key,
    point,
    baseline: direction === 'slower' ? baseline : { ...baseline, commit: commitBefore(baseline, history) },
    direction,
    ratio,
    z,
    threshold: options.threshold,
    floor: options.floorSeconds,
    gates,
    suspect,
  };
  const alert = openAlert(history, direction);
  // A disturbed figure may be slow because of the machine, and this commit may fix the regression: it is measured again.
  return alert === null || point.disturbed !== null
    ? { kind: 'candidate', candidate }
    : { kind: 'known', candidate, alert };
}

/** For an improvement: the newest commit that was not yet faster. */
function commitBefore(
  { runIds, median }: Extract<Baseline, { kind: 'baseline' }>,
  { points }: Pick<SeriesHistory, 'points'>,
): string | null {
  const chosen = new Set(runIds);
  return baseCommit(
    points.filter(({ runId }) => chosen.has(runId)),
    (value) => value >= median,
  );
}

/** The alert of a run that is still as slow (or as fast) as in a confirmed alert. */
export function knownAlert({ candidate, alert }: Extract<Suspicion, { kind: 'known' }>): RegressionAlert {
  const { point, ratio, key, baseline, gates } = candidate;
  const since = `${alert.at.slice(0, 10)}${alert.commit === null ? '' : ` (${alert.commit.slice(0, 7)})`}`;
  return {
    ...alert,
    id: candidate.alertId,
    runId: point.runId,
    commit: point.commit,
    at: point.at,
    value: point.value,
    baseline,
    gates,
    decidedBy: 'known',
    message:
      `Still ${candidate.direction}: ${titleOf(key)} took ${valueOf(key.metric, point.value)}, ${percent(ratio)} against ${valueOf(key.metric, baseline.median)}, the median of ${baseline.n} runs before: confirmed on ${since}, alert ${alert.id}, and ` +
      `not acknowledged since. It was not measured again.`,
  };
}

/** Confirmed, not acknowledged, and every later run was over the threshold too: those runs are in its `known`. */
function openAlert(
  { points, alerts, events }: Pick<SeriesHistory, 'points' | 'alerts' | 'events'>,
  direction: Direction,
): RegressionAlert | null {
  const newest = points.at(-1);
  if (newest === undefined) return null;
  const alert = alerts.findLast(({ runId }) => runId === newest.runId);
  if (alert?.kind !== 'regression' || alert.state !== 'confirmed' || alert.direction !== direction) return null;
  const settled = events.some(({ at }) => at >= alert.at);
  return settled ? null : alert;
}

interface Figures {
  readonly ratio: number;
  readonly z: number;
  readonly difference: number;
  readonly metric: SeriesEntry['key']['metric'];
  readonly sigma: number;
}

function gatesOf(
  { ratio, z, difference, metric, sigma }: Figures,
  { threshold, floorSeconds, standingZ }: CandidateOptions,
): Gate[] {
  const inSeconds = METRICS[metric].unit === 'second';
  return [
    {
      name: 'threshold',
      passed: Math.abs(Math.log(ratio)) > Math.log1p(threshold),
      message: `${percent(ratio)}, threshold ${formatRatio(threshold)}`,
    },
    ...(inSeconds
      ? [
          {
            name: 'floor' as const,
            passed: difference > floorSeconds,
            message: `${formatSeconds(difference)} apart, floor ${formatSeconds(floorSeconds)}`,
          },
        ]
      : []),
    {
      name: 'noise',
      passed: z > DECISION.candidateZ,
      message: `${z.toFixed(1)} times the noise of a run (${formatRatio(sigma)}), at least ${DECISION.candidateZ}`,
    },
    ...(standingZ === undefined
      ? []
      : [
          {
            name: 'metrics' as const,
            passed: z >= standingZ,
            message: `among all metrics of this run, ${z.toFixed(1)} stands from ${Number.isFinite(standingZ) ? standingZ.toFixed(1) : 'no value'} on`,
          },
        ]),
  ];
}
