/** Whether a run needs further trials, decided from what is stored. */
import type { Plan, Scenario, TrialSpec } from '../../model/plan.ts';
import type { RunFacts } from '../../model/run.ts';
import { roundOf } from '../../plan/order.ts';
import { medianInterval } from '../statistics/median-interval.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials, isDisturbed, judgedTrials, OUTCOMES } from './trials.ts';

/**
 * The next round, each scenario once, and never more than `trials.max` of one scenario. With repeats: where more trials
 * could settle the verdict. In a plain run, which has one trial a scenario and stays short: where that one was disturbed,
 * a single time; these were tried before, so the round takes no longer than the run's tests did.
 * @returns none when everything is decided or the plan allows no more
 */
export function furtherTrials(facts: RunFacts): TrialSpec[] {
  const { plan } = facts;
  if (plan === null) return [];
  const done = Math.max(...plan.scenarios.map(({ id }) => judgedTrials(facts, id).length));
  if (done >= Math.min(plan.trials.max, plan.trials.repeat === 1 ? PLAIN_ROUNDS : Infinity)) return [];
  const isWanted = plan.trials.repeat === 1 ? isDisturbedAlone : isOpen;
  const wanted = new Set(plan.scenarios.filter((each) => isWanted(facts, plan, each)).map(({ id }) => id));
  return roundOf(plan, done + 1).filter(({ scenarioId }) => wanted.has(scenarioId));
}

/** Its own and one to make up for disturbances: a machine that stays busy is not made quiet by a third. */
const PLAIN_ROUNDS = 2;

/** It passed, and the only time that there is was disturbed. A red suite is red on a busy machine too: it has decided. */
function isDisturbedAlone(facts: RunFacts, _plan: Plan, { id }: Scenario): boolean {
  const samples = cleanTrials(facts, id);
  return samples.length > 0 && samples.every(isDisturbed);
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
