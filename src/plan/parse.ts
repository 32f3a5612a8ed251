/** A paceline.yml from its text. */
import { checkPlan } from './check.ts';
import { readYaml } from './read-yaml.ts';
import type { PlanInput } from './schema.ts';

/** The names of a plan file; the first existing one counts. */
export const PLAN_FILES = ['paceline.yml', 'paceline.yaml'] as const;

/** Whether a valid plan, as it was written, names scenarios: those are never replaced. */
export function namesScenarios(written: unknown): boolean {
  return (written as PlanInput | null)?.scenarios !== undefined;
}

/**
 * The plan of a text in YAML or JSON as it was written, valid but without defaults. Flags are put onto it, and a workflow's
 * input holds it. `resolvePlan` completes it.
 * @param context.file as messages name it
 * @throws PacelineError WrongUsage that names every issue by line and column
 */
export function parsePlanInput(text: string, { file }: { readonly file: string }): PlanInput {
  const { input, places } = readYaml(text, file);
  checkPlan(input, places);
  return input as PlanInput;
}
