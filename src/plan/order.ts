/** Which trial runs when. */
import type { Plan, TrialSpec } from '../model/plan.ts';
import { createRandom, shuffled } from './random.ts';

/**
 * Every trial of a plan in the order in which they are to run: the warm-ups, then the repeats in rounds, so that what
 * changes on the host while they run falls on all scenarios alike. Each round holds every scenario once, in a random order
 * that the plan's seed fixes; a single round keeps the plan's own order, which is the one that people expect.
 */
export function trialOrder(plan: Plan): TrialSpec[] {
  const { warmup, repeat } = plan.trials;
  const ids = plan.scenarios.map(({ id }) => id);
  return [
    ...rounds(warmup).flatMap((trial) => ids.map((scenarioId) => ({ scenarioId, trial, kind: 'warmup' as const }))),
    ...rounds(repeat).flatMap((round) => roundOf(plan, round)),
  ];
}

/** The trials of one round, also of one after those that the plan asks for. @param round from 1, the warm-ups not counted */
export function roundOf(plan: Plan, round: number): TrialSpec[] {
  const trial = plan.trials.warmup + round;
  return roundOrder(plan, round).map((scenarioId) => ({ scenarioId, trial, kind: 'measured' }));
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
