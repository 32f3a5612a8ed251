/** `paceline plan`: prints the plan that a run would use. Starts nothing. */
import { Command } from 'commander';
import { stringify } from 'yaml';
import type { BenchmarkInput } from '../../model/activities.ts';
import { writtenPlan } from '../../plan/written.ts';
import type { Io } from '../io.ts';
import { type SourceFlags, withPlan } from '../options.ts';
import type { Ending } from '../ending.ts';
import { readProjectPlan } from '../project-plan.ts';
import { findSource } from '../source.ts';

interface PlanFlags extends SourceFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  paceline plan                                 # print the plan with every default, as a paceline.yml
  paceline plan --json > plan.json
  temporal workflow start --type benchmark --task-queue paceline --input-file plan.json`;

const DEFAULTS = `# The default scenarios. A run skips those that the test image cannot run, and measures the command of the test service
# instead. Scenarios that paceline.yml names are always run.
`;

export function planCommand(io: Io, ending: Ending): Command {
  const command = new Command('plan')
    .option('--json', 'input file of the workflow instead')
    .addHelpText('after', EXAMPLES);
  return withPlan(command).action(async (flags: PlanFlags) => {
    io.out(await plan(flags, io));
    ending.ends(0);
  });
}

async function plan(flags: PlanFlags, io: Io): Promise<string> {
  const { source, nameOf, commitOf } = await findSource(flags, io);
  // A directory as it is has nothing that git must check.
  if ('git' in source || source.ref !== undefined) await commitOf();
  const { plan, namesScenarios } = await readProjectPlan(flags, source, nameOf);
  const { scenarios, ...rest } = writtenPlan(plan);
  if (!flags.json) {
    const matrix = stringify({ scenarios }, { lineWidth: 0 });
    return `${stringify(rest, { lineWidth: 0 })}${namesScenarios ? '' : DEFAULTS}${matrix}`;
  }
  // Default scenarios must not be in the input: scenarios that are named there are always run.
  const input: BenchmarkInput = { source, plan: namesScenarios ? { ...rest, scenarios } : rest };
  return `${JSON.stringify(input, null, 2)}\n`;
}
