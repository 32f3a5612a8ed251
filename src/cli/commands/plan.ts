/** `paceline plan`: the plan as it will be used, with nothing started. */
import { Command } from 'commander';
import { stringify } from 'yaml';
import type { BenchmarkInput } from '../../model/activities.ts';
import { writtenPlan } from '../../plan/written.ts';
import type { Io } from '../io.ts';
import { type SourceFlags, withPlan } from '../options.ts';
import type { Ending } from '../program.ts';
import { readProjectPlan } from '../project-plan.ts';
import { readSource } from '../source.ts';

interface PlanFlags extends SourceFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  paceline plan                                 with every default, as a paceline.yml
  paceline plan --json > plan.json
  temporal workflow start --type benchmark --task-queue paceline --input-file plan.json`;

export function planCommand(io: Io, ending: Ending): Command {
  const command = new Command('plan')
    .option('--json', "print the workflow's input file instead")
    .addHelpText('after', EXAMPLES);
  return withPlan(command).action(async (flags: PlanFlags) => {
    io.out(await plan(flags, io));
    ending.ends(0);
  });
}

async function plan(flags: PlanFlags, io: Io): Promise<string> {
  const read = await readSource(flags, io);
  const { plan } = await readProjectPlan(flags, read);
  if (!flags.json) return stringify(writtenPlan(plan), { lineWidth: 0 });
  const input: BenchmarkInput = { source: read.source, plan: writtenPlan(plan) };
  return `${JSON.stringify(input, null, 2)}\n`;
}
