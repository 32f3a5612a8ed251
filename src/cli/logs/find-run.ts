/** Finds the directory of a run. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { wrongUsage } from '../../model/failure.ts';

/**
 * The directory of the run whose id begins with `idPrefix`, or of the latest run.
 * @throws PacelineError WrongUsage if there is none, or several match
 */
export async function findRun(dataDirectory: string, idPrefix: string | null): Promise<string> {
  const runs = await readdir(join(dataDirectory, 'runs')).catch(() => []);
  if (runs.length === 0) {
    throw wrongUsage(
      `No run is recorded in ${dataDirectory}.`,
      'Start one with `paceline run`, or specify another directory with --data-dir.',
    );
  }
  const matching =
    idPrefix === null ? [await latest(dataDirectory, runs)] : runs.filter((id) => id.startsWith(idPrefix));
  const [id, second] = matching;
  if (id === undefined)
    throw wrongUsage(`No run begins with \`${idPrefix}\`.`, `The latest ones are: ${runs.slice(-3).join(', ')}.`);
  if (second !== undefined)
    throw wrongUsage(
      `Several runs begin with \`${idPrefix}\`.`,
      `Specify more characters: ${matching.slice(0, 3).join(', ')}.`,
    );
  return join(dataDirectory, 'runs', id);
}

async function latest(dataDirectory: string, runs: readonly string[]): Promise<string> {
  const times = await Promise.all(
    runs.map(async (id) => ({ id, ms: (await stat(join(dataDirectory, 'runs', id))).birthtimeMs })),
  );
  return times.reduce((newest, run) => (run.ms > newest.ms ? run : newest)).id;
}
