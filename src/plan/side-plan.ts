/** The plan of a comparison's base: the head's plan with other overrides. */
import { wrongUsage } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import { commandText } from './command-text.ts';
import { applyPlanSet } from './plan-path.ts';
import { namesScenarios } from './parse.ts';
import { resolvePlan } from './resolve.ts';

type PlanSet = Readonly<Record<string, unknown>>;

/** The head's plan in the three forms that its base is made from. */
export interface HeadPlan {
  /** As it was written, without overrides. */
  readonly written: unknown;
  readonly set?: PlanSet;
  /** With its overrides, complete and, where it names no scenarios, fitted to the image. */
  readonly plan: Plan;
}

/**
 * Without overrides on either side the head's plan counts for both. Else the base has the head's plan as it was written,
 * with the base's own overrides in it.
 * @throws PacelineError WrongUsage where the plan is not valid with them, or where the sides would have different scenarios
 */
export function planOfBase(head: HeadPlan, set: PlanSet | undefined, context: { readonly folderName: string }): Plan {
  if (set === undefined && head.set === undefined) return head.plan;
  const written = applyPlanSet(writtenWith(head, set), set ?? {});
  const plan = resolvePlan(written, context);
  if (!namesScenarios(written) && !namesScenarios(applyPlanSet(head.written, head.set ?? {}))) {
    const { scenarios, leftOut } = head.plan;
    return { ...plan, scenarios, ...(leftOut === undefined ? {} : { leftOut }) };
  }
  checkSameScenarios(plan, head.plan);
  return plan;
}

/** Overrides of one of the default scenarios find them as they were fitted to the image. */
function writtenWith({ written, plan, set: ofHead }: HeadPlan, set: PlanSet = {}): unknown {
  const isOfOne = Object.keys(set).some((path) => path.startsWith('scenarios['));
  if (!isOfOne || ofHead !== undefined || namesScenarios(written)) return written;
  const scenarios = plan.scenarios.map(({ name, command, targetSeconds }) => ({
    name,
    ...(command === null ? {} : { command: commandText(command) }),
    ...(targetSeconds === null ? {} : { target: `< ${targetSeconds} s` }),
  }));
  return applyPlanSet(written, { scenarios });
}

function checkSameScenarios(base: Plan, head: Plan): void {
  const ids = ({ scenarios }: Plan) => scenarios.map(({ id }) => id).toSorted();
  if (ids(base).join() === ids(head).join()) return;
  throw wrongUsage(
    `The plan overrides give the sides different scenarios: the base has ${namesOf(base)}, the head has ${namesOf(head)}.`,
    'Give both sides scenarios of the same names; their commands may differ.',
  );
}

function namesOf({ scenarios }: Plan): string {
  return scenarios.map(({ name }) => JSON.stringify(name)).join(', ');
}
