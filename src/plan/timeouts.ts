import type { Plan, Scenario } from '../model/plan.ts';

/** A suite that misses its target by that much is stuck rather than slow. */
const TARGETS = 3;
/** Short targets leave room for a cold start on a busy machine. */
const LEAST_SECONDS = 15 * 60;

/** After how many seconds of its container's running time a trial is stopped. */
export function trialTimeoutSeconds(plan: Plan, scenario: Pick<Scenario, 'targetSeconds'>): number {
  return plan.trials.timeoutSeconds ?? Math.max(LEAST_SECONDS, TARGETS * (scenario.targetSeconds ?? 0));
}
