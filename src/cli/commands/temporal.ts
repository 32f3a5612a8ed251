/** `paceline temporal …`: Temporal's own command line, with the program and the server that Paceline uses. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Command } from 'commander';
import { readServing } from '../../data/serving.ts';
import { temporalTarget } from '../../temporal-client/connect.ts';
import { findTemporalBinary } from '../../temporal/binary.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
Examples:
  paceline temporal workflow list --query 'PacelineVerdict="missed"'
  paceline temporal workflow cancel --workflow-id benchmark/shop/1a2b3c4/20260724-023000

The server is that of \`paceline up\`, in the data directory of PACELINE_DATA, or the configured one.`;

export function temporalCommand(io: Io, ending: Ending): Command {
  return (
    new Command('temporal')
      .argument('[words...]', "words of Temporal's command line, passed on as they are")
      .addHelpText('after', EXAMPLES)
      // Its own --help is that of Temporal's program: `paceline help temporal` shows this one.
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (_: readonly string[], __: unknown, { args }: Command) => {
        ending.ends(await passOn(args, io));
      })
  );
}

/** @returns the exit code of Temporal's program @throws PacelineError WrongUsage if it is not installed */
async function passOn(words: readonly string[], io: Io): Promise<number> {
  const binary = findTemporalBinary(io.env);
  const child = spawn(binary, words, { stdio: 'inherit', env: { ...io.env, ...(await serverEnv(io)) } });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

/** Where the embedded server listens. A configured server is in the environment already. */
async function serverEnv(io: Io): Promise<NodeJS.ProcessEnv> {
  if (temporalTarget(io.env).kind === 'configured') return {};
  const serving = await readServing(dataDirectoryOf(undefined, io));
  return serving === null ? {} : { TEMPORAL_ADDRESS: serving.address, TEMPORAL_NAMESPACE: serving.namespace };
}
