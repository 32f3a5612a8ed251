/** Where Temporal's command line program is: the server that Paceline embeds is its `server start-dev`. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import { setUpHints } from '../set-up-hints.ts';

/**
 * The program that set-up recorded, else the first `temporal` on PATH.
 * @throws PacelineError WrongUsage when there is none
 */
export function findTemporalBinary(env: NodeJS.ProcessEnv): string {
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'temporal'));
  const found = [setUpHints(env).temporal, ...onPath].find((path) => path !== null && isExecutable(path));
  if (found) return found;
  throw wrongUsage(
    'Temporal is not installed, and no server is configured.',
    'Run `npm start` once, which installs it; or install the Temporal CLI; or set TEMPORAL_ADDRESS to a server of yours.',
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
