/** Whether a run needs further trials, decided from what is stored. */
import type { Plan, Scenario, TrialSpec } from '../model/plan.ts';
import type { RunFacts } from '../model/run.ts';
import { roundOf } from '../plan/order.ts';
import { medianInterval } from './statistics/median-interval.ts';
import { samplesOf } from './statistics/samples.ts';
import { cleanTrials, isDisturbed, judgedTrials, OUTCOMES } from './trials.ts';

/**
 * The next round: each scenario whose verdict more trials could settle, once. Only where the plan asks for repeats, since
 * a plain run has one trial a scenario and stays short, and never more than `trials.max` of one scenario.
 * @returns none when everything is decided or the plan allows no more
 */
export function furtherTrials(facts: RunFacts): TrialSpec[] {
  const { plan } = facts;
  if (plan === null || plan.trials.repeat === 1) return [];
  const done = Math.max(...plan.scenarios.map(({ id }) => judgedTrials(facts, id).length));
  if (done >= plan.trials.max) return [];
  const wanted = new Set(plan.scenarios.filter((each) => isOpen(facts, plan, each)).map(({ id }) => id));
  return roundOf(plan, done + 1).filter(({ scenarioId }) => wanted.has(scenarioId));
}

/** A trial that failed has decided already; a sample short of the plan's is missing to a disturbance. */
function isOpen(facts: RunFacts, plan: Plan, scenario: Scenario): boolean {
  const judged = judgedTrials(facts, scenario.id);
  if (judged.some(({ outcome }) => OUTCOMES[outcome].means !== 'clean')) return false;
  const samples = samplesOf(cleanTrials(facts, scenario.id).map(({ seconds }) => seconds));
  if (samples === null) return false;
  if (judged.some(isDisturbed) && judged.filter((trial) => !isDisturbed(trial)).length < plan.trials.repeat)
    return true;
  const interval = medianInterval(samples);
  if (interval === null) return false;
  return targetsOf(plan, scenario).some((target) => interval.low < target && interval.high >= target);
}

function targetsOf({ targets }: Plan, { targetSeconds, primary }: Scenario): number[] {
  return [targetSeconds, primary ? targets.testSeconds : null].filter((target) => target !== null);
}
