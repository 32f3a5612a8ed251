/** Where Temporal's command line program is: the server that Paceline embeds is its `server start-dev`. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { wrongUsage } from '../model/failure.ts';

/**
 * The program that set-up recorded, else the first `temporal` on PATH.
 * @throws PacelineError WrongUsage when there is none
 */
export function findTemporalBinary(env: NodeJS.ProcessEnv): string {
  const candidates = [
    setUpHint(env),
    ...(env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'temporal')),
  ];
  const found = candidates.find((path) => path !== null && isExecutable(path));
  if (found) return found;
  throw wrongUsage(
    'Temporal is not installed, and no server is configured.',
    'Run `npm start` once, which installs it; or install the Temporal CLI; or set TEMPORAL_ADDRESS to a server of yours.',
  );
}

function setUpHint(env: NodeJS.ProcessEnv): string | null {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  try {
    const hints: unknown = JSON.parse(readFileSync(join(cache, 'paceline', 'set-up.json'), 'utf8'));
    const path = (hints as { temporal?: unknown } | null)?.temporal;
    return typeof path === 'string' ? path : null;
  } catch {
    // Set-up never ran here: PATH decides.
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
