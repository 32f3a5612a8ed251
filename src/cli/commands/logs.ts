/** `paceline logs`: the tests' output of a run, also while it is at work. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { followOutputs } from '../logs/follow.ts';
import { findRun } from '../logs/find-run.ts';
import { withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';
import { stopOnSignals } from '../signals.ts';

interface LogsFlags {
  readonly follow?: boolean;
  readonly scenario?: string;
  readonly dataDir?: string;
}

export function logsCommand(io: Io, ending: Ending): Command {
  const command = new Command('logs')
    .argument('[run]', "the run's id, or the beginning of it")
    .option('-f, --follow', 'go on as more comes, until the run has ended')
    .option('--scenario <id>', "only this scenario's, by its id as it stands before each output");
  return withDataDirectory(command).action(async (run: string | undefined, flags: LogsFlags) => {
    ending.ends(await logs(run, flags, io, ending));
  });
}

async function logs(run: string | undefined, flags: LogsFlags, io: Io, ending: Ending): Promise<number> {
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  const directory = await findRun(dataDirectory, run ?? null);
  const stop = stopOnSignals(ending.leavesAtOnce);
  let trial: string | null = null;
  await followOutputs(directory, {
    scenarioId: flags.scenario ?? null,
    isOver: async () => !flags.follow || stop.signal.aborted || (await hasEnded(directory)),
    onLine: (output, line) => {
      if (output.trial !== trial) io.out(`==> ${output.trial} <==\n`);
      trial = output.trial;
      io.out(`${line}\n`);
    },
  });
  stop.release();
  if (trial === null) io.err(`No output of tests in ${directory} yet.\n`);
  return 0;
}

/** The report is the last thing that a run writes into its folder. */
async function hasEnded(directory: string): Promise<boolean> {
  return stat(join(directory, 'result.json')).then(
    () => true,
    () => false,
  );
}
