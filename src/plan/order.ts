/** Which trial runs when. */
import type { Plan, TrialSpec } from '../model/plan.ts';
import { createRandom, shuffled } from './random.ts';

export interface OrderOptions {
  /** How many trials run at the same time. */
  readonly lanes: number;
  /** Of each scenario by its id, as it took last time; a scenario without an entry uses its target. */
  readonly expectedSeconds: Readonly<Record<string, number>>;
}

/** This many trials a lane at the end are enough for the lanes to end together. */
const BALANCED_PER_LANE = 3;

/**
 * Every trial of a plan in the order in which they are to run: the warm-ups, then the repeats in rounds, so that what
 * changes on the host while they run falls on all scenarios alike. Each round holds every scenario once, in a random order
 * that the plan's seed fixes; a single round in one lane keeps the plan's own order, which is the one that people expect.
 *
 * With several lanes the last rounds, as many as have three trials a lane, run longest first, or one lane would still be
 * at its last long trial when the others have nothing left (LPT, Graham 1969: at most 4/3 of the shortest makespan).
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
 * The scenarios of one round, which depends on nothing but the plan and its number: a round added later changes none before it.
 * @param round from 1
 */
function roundOrder(plan: Plan, round: number): string[] {
  const ids = plan.scenarios.map(({ id }) => id);
  return plan.trials.repeat === 1 ? ids : shuffled(ids, createRandom(plan.trials.seed, round));
}

function rounds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
