/** Which trial runs when. */
import type { Plan, TrialSpec } from '../model/plan.ts';
import { createRandom, shuffled } from './random.ts';

export interface OrderOptions {
  /** How many trials run at the same time. */
  readonly lanes: number;
  /** By scenario id: how long it took last time. A scenario without an entry uses its target. */
  readonly expectedSeconds: Readonly<Record<string, number>>;
}

/** This many trials a lane at the end are enough for the lanes to end together. */
const BALANCED_PER_LANE = 3;

/**
 * All trials of a plan in the order in which they run: first the warm-ups, then the repeats in rounds. So a change on
 * the host during the run affects all scenarios alike. Each round has every scenario once, in a random order that the
 * plan's seed fixes. A single round in one lane keeps the plan's own order, which people expect.
 *
 * With several lanes, the last rounds run longest first: as many rounds as have three trials a lane. Otherwise one lane
 * could still run its last long trial when the others have nothing left (LPT, Graham 1969: at most 4/3 of the shortest
 * makespan).
 */
export function trialOrder(plan: Plan, options: OrderOptions = { lanes: 1, expectedSeconds: {} }): TrialSpec[] {
  const { warmup, repeat } = plan.trials;
  const ids = plan.scenarios.map(({ id }) => id);
  const balanced = options.lanes === 1 ? 0 : Math.ceil((BALANCED_PER_LANE * options.lanes) / ids.length);
  const first = rounds(repeat).slice(0, Math.max(0, repeat - balanced));
  const last = rounds(repeat).slice(first.length);
  return [
    ...rounds(warmup).flatMap((trial) => ids.map((scenarioId) => ({ scenarioId, trial, kind: 'warmup' as const }))),
    ...first.flatMap((round) => roundOf(plan, round)),
    ...longestFirst(
      plan,
      last.flatMap((round) => roundOf(plan, round)),
      options,
    ),
  ];
}

/** The trials of one round, also of one after those that the plan asks for. @param round from 1, the warm-ups not counted */
export function roundOf(plan: Plan, round: number): TrialSpec[] {
  const trial = plan.trials.warmup + round;
  return roundOrder(plan, round).map((scenarioId) => ({ scenarioId, trial, kind: 'measured' }));
}

/** Trials of unknown length come first: they may be long. Equal ones keep their order, which is random. */
function longestFirst(plan: Plan, trials: readonly TrialSpec[], { lanes, expectedSeconds }: OrderOptions): TrialSpec[] {
  if (lanes === 1) return [...trials];
  const targets = new Map(plan.scenarios.map(({ id, targetSeconds }) => [id, targetSeconds]));
  const secondsOf = ({ scenarioId }: TrialSpec) =>
    expectedSeconds[scenarioId] ?? targets.get(scenarioId) ?? Number.MAX_VALUE;
  return trials.toSorted((a, b) => secondsOf(b) - secondsOf(a));
}

/**
 * The scenarios of one round. They depend only on the plan and the round's number, so a round that is added later
 * changes no earlier one.
 * @param round from 1
 */
function roundOrder(plan: Plan, round: number): string[] {
  const ids = plan.scenarios.map(({ id }) => id);
  return plan.trials.repeat === 1 ? ids : shuffled(ids, createRandom(plan.trials.seed, round));
}

function rounds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
