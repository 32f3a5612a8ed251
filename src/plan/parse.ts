/** A paceline.yml from its text. */
import type { Plan } from '../model/plan.ts';
import { checkPlan } from './check.ts';
import { readYaml } from './read-yaml.ts';
import { completePlan } from './resolve.ts';
import type { PlanInput } from './schema.ts';

/** Where a project keeps its plan; the first that is there counts. */
export const PLAN_FILES = ['paceline.yml', 'paceline.yaml'] as const;

/** Whether a valid plan, as it was written, has scenarios of its own: those are never replaced. */
export function namesScenarios(written: unknown): boolean {
  return (written as PlanInput | null)?.scenarios !== undefined;
}

/**
 * The complete plan of a text in YAML or JSON; an empty one is all defaults.
 * @param context.file as messages name it
 * @param context.folderName names the project where the plan does not
 * @throws PacelineError WrongUsage that names every issue by line and column
 */
export function parsePlan(
  text: string,
  { file, folderName }: { readonly file: string; readonly folderName: string },
): Plan {
  const { input, places } = readYaml(text, file);
  return completePlan(checkPlan(input, places), folderName);
}

/**
 * The same as it was written, valid but without defaults: what flags are put onto, and what a workflow's input holds.
 * @throws PacelineError as `parsePlan`
 */
export function parsePlanInput(text: string, { file }: { readonly file: string }): PlanInput {
  const { input, places } = readYaml(text, file);
  checkPlan(input, places);
  return input as PlanInput;
}
