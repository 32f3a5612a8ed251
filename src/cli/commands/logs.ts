/** `paceline logs`: the tests' output of a run, also while it is running. */
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
    .argument('[run]', 'id of the run, or its first characters (default: the latest run)')
    .option('-f, --follow', 'new output as it is written, until the run ends')
    .option('--scenario <id>', 'only the scenario with this id; the line above each output shows the id');
  return withDataDirectory(command).action(async (run: string | undefined, flags: LogsFlags) => {
    ending.ends(await logs(run, flags, io, ending));
  });
}

async function logs(run: string | undefined, flags: LogsFlags, io: Io, ending: Ending): Promise<number> {
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  const directory = await findRun(dataDirectory, run ?? null);
  const stop = stopOnSignals(ending.exitImmediately);
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
  if (trial === null) io.err(`There is no test output in ${directory} yet.\n`);
  return 0;
}

/** The report is the last file that a run writes into its directory. */
async function hasEnded(directory: string): Promise<boolean> {
  return stat(join(directory, 'result.json')).then(
    () => true,
    () => false,
  );
}
