/** Finds Temporal's command line program. The embedded server is its `server start-dev`. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import { setUpHints } from '../set-up-hints.ts';

/**
 * The program that set-up recorded, else the first `temporal` in PATH.
 * @throws PacelineError WrongUsage if there is none
 */
export function findTemporalBinary(env: NodeJS.ProcessEnv): string {
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'temporal'));
  const found = [setUpHints(env).temporal, ...onPath].find((path) => path !== null && isExecutable(path));
  if (found) return found;
  throw wrongUsage(
    'Temporal is not installed, and no server is configured.',
    'Run `npm start` once to install it, install the Temporal CLI, or set TEMPORAL_ADDRESS to the address of a server.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
