/** Reads a project's plan and applies the options of the command line. */
import { join } from 'node:path';
import { readPlanText } from '../data/plan-file.ts';
import type { Plan } from '../model/plan.ts';
import type { SourceSpec } from '../model/run.ts';
import { applyOverrides } from '../plan/overrides.ts';
import { namesScenarios, PLAN_FILES, parsePlanInput } from '../plan/parse.ts';
import { resolvePlan } from '../plan/resolve.ts';
import { OWN_COMMAND, type PlanInput } from '../plan/schema.ts';
import type { SourceFlags } from './options.ts';

export interface ProjectPlan {
  readonly plan: Plan;
  /** The plan as people write it, with the options applied. */
  readonly input: unknown;
  /** Whether the options change anything. */
  readonly overridden: boolean;
  /** False: it has the default scenarios, or those of them that the image can run. */
  readonly namesScenarios: boolean;
}

/**
 * Reads the plan at the source and applies the options.
 * @param nameOf names the project where the plan does not; not called elsewhere, because it may have to ask git
 * @throws PacelineError WrongUsage, with the place in the file
 */
export async function readProjectPlan(
  flags: SourceFlags,
  source: SourceSpec,
  nameOf: () => Promise<string>,
): Promise<ProjectPlan> {
  const written = await readPlanFile(source);
  const base = written === null ? {} : parsePlanInput(written.text, written);
  const input = applyOverrides(withOwnCommand(base, flags), flags);
  return {
    plan: resolvePlan(input, { folderName: input.project ?? (await nameOf()) }),
    input,
    overridden: JSON.stringify(input) !== JSON.stringify(base),
    namesScenarios: namesScenarios(input),
  };
}

/** Whether an option changes the plan. */
export function overridesPlan(flags: SourceFlags): boolean {
  const { service, compose, dockerfile, scenario, repeat, warmup, maxTrials, seed, lanes, ownCommand } = flags;
  const given = [service, compose, dockerfile, scenario, repeat, warmup, maxTrials, seed, lanes, ownCommand];
  return given.some((value) => value !== undefined);
}

/** The legacy script measures the command of the test service. */
function withOwnCommand(input: PlanInput, { ownCommand }: SourceFlags): PlanInput {
  return ownCommand ? { ...input, scenarios: [OWN_COMMAND] } : input;
}

/** The text of the plan where the source is; null where it has none. */
export async function readPlanFile(source: SourceSpec): Promise<{ file: string; text: string } | null> {
  if ('git' in source) return (await import('../data/git/ref-facts.ts')).filesOfRemote(source, PLAN_FILES);
  for (const file of PLAN_FILES) {
    const text =
      source.ref === undefined
        ? await readPlanText(join(source.path, file), file)
        : await (await import('../data/git/ref-facts.ts')).fileAt(source.path, source.ref, file);
    if (text !== null) return { file, text };
  }
  return null;
}
