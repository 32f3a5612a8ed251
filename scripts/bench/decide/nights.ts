/** Simulates a project's nights with the real decision code: judge, suspect, confirm or clear. Alerts are kept as in the store. */
import { judgeRun } from '../../../src/analysis/regression/judge-run.ts';
import { nextStep } from '../../../src/analysis/regression/confirm.ts';
import { seriesOf } from '../../../src/analysis/regression/series.ts';
import type { Candidate, Evidence, Measured, RegressionAlert, SeriesHistory } from '../../../src/model/regression.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { seriesId } from '../../../src/model/series-id.ts';
import { buildOf, factsOf, FULL, planOf, QUICK, SINGLE, STARTUP, trialOf } from '../../../test/analysis/facts.ts';
import { NullEngine, type Noise } from './noise.ts';

/** Seconds of each figure on a quiet machine. All are well above the floor. */
const LEVELS = { cold: 90, warm: 40, startup: 30, full: 120, quick: 45, single: 200 } as const;
type Part = keyof typeof LEVELS;
const PARTS = Object.keys(LEVELS) as Part[];
export const METRICS_A_NIGHT = PARTS.length;

export interface Step {
  readonly part: Part;
  readonly fromNight: number;
  readonly factor: number;
}

export interface Night {
  readonly candidates: number;
  readonly alerts: readonly RegressionAlert[];
  /** Runs added by confirmations: one for a re-run, two for a pair. */
  readonly extraRuns: number;
}

export interface Setting {
  readonly noise: Noise;
  readonly repeat: number;
  readonly seed: number;
  readonly stream: number;
  readonly step?: Step;
}

/** @returns the nights after the first `before` ones, which only create the history */
export function nightsOf({ noise, repeat, seed, stream, step }: Setting, before: number, nights: number): Night[] {
  const engines = new Map(
    PARTS.map((part, index) => [part, new NullEngine(noise, seed, stream * PARTS.length + index)]),
  );
  const store = new Map<string, SeriesHistory>();
  const judged: Night[] = [];
  for (let night = 0; night < before + nights; night += 1) {
    for (const engine of engines.values()) engine.nextNight();
    const factor = (part: Part, commit: number) =>
      step !== undefined && part === step.part && commit >= step.fromNight ? step.factor : 1;
    const run = (part: Part, commit: number) => engines.get(part)!.run(LEVELS[part] * factor(part, commit));
    const facts = factsOfNight(night, (part) => run(part, night), repeat);
    if (night >= before) judged.push(judge(facts, store, (part, commit) => run(part, commit), night));
    for (const { key, point } of seriesOf(facts)) {
      const id = seriesId(key);
      const known = store.get(id) ?? { points: [], events: [], alerts: [] };
      store.set(id, { ...known, points: [...known.points, point] });
    }
  }
  return judged;
}

function judge(
  facts: RunFacts,
  store: Map<string, SeriesHistory>,
  run: (part: Part, commit: number) => number,
  night: number,
): Night {
  const { candidates, alerts } = judgeRun(facts, {
    of: (key) => store.get(seriesId(key)) ?? { points: [], events: [], alerts: [] },
    underOtherConditions: () => [],
    testsOf: () => null,
  });
  let extraRuns = 0;
  const decided = candidates.map((candidate) => {
    const part = partOf(candidate);
    const base = Number(candidate.baseline.commit);
    let evidence: Evidence = { reruns: [], pairs: [], baseUnavailable: null, stopped: null };
    for (;;) {
      const next = nextStep(candidate, evidence);
      if (next.kind === 'decided') return next.alert;
      if (next.kind === 'rerun') {
        extraRuns += 1;
        evidence = { ...evidence, reruns: [...evidence.reruns, measured(run(part, night))] };
      } else {
        extraRuns += 2;
        const pair = { base: measured(run(part, base)), head: measured(run(part, night)), first: next.first };
        evidence = { ...evidence, pairs: [...evidence.pairs, pair] };
      }
    }
  });
  const all = [...alerts, ...decided];
  for (const alert of all) {
    const id = seriesId(alert.key);
    const known = store.get(id)!;
    store.set(id, { ...known, alerts: [...known.alerts, alert] });
  }
  return { candidates: candidates.length, alerts: all, extraRuns };
}

function measured(value: number): Measured {
  return { value, hostId: 'host-1', startedAt: null, disturbed: null, tests: null };
}

function partOf({ suspect }: Candidate): Part {
  // A night has no tear-down.
  if (suspect.phase === 'startup' || suspect.phase === 'teardown') return 'startup';
  if (suspect.phase === 'build') return suspect.mode === 'cold' ? 'cold' : 'warm';
  if (suspect.scenario === QUICK.id) return 'quick';
  return suspect.scenario === FULL.id ? 'full' : 'single';
}

function factsOfNight(night: number, run: (part: Part) => number, repeat: number): RunFacts {
  const facts = factsOf();
  const scenarios = [
    [FULL, 'full'],
    [QUICK, 'quick'],
    [SINGLE, 'single'],
  ] as const;
  return {
    ...facts,
    run: { ...facts.run, runId: `night-${night}` },
    startedAt: new Date(Date.UTC(2026, 0, 1 + night)).toISOString(),
    plan: planOf({ scenarios: [FULL, QUICK, SINGLE] }),
    source: { ...facts.source!, commit: String(night) },
    builds: [buildOf('cold', run('cold'), 0), buildOf('warm', run('warm'), 8)],
    startup: { ...STARTUP, seconds: run('startup') },
    trials: scenarios.flatMap(([scenario, part]) =>
      Array.from({ length: repeat }, (_, index) => trialOf(scenario, { trial: index + 1, seconds: run(part) })),
    ),
  };
}
