import { resolve } from 'node:path';
import { dataDirectoryPath } from '../data/directory.ts';
import type { Io } from './io.ts';

/** Where the data directory is or would be; a relative one counts from the command's folder. Touches nothing. */
export function dataDirectoryOf(flag: string | undefined, { env, cwd }: Io): string {
  const named = flag || env['PACELINE_DATA'];
  return dataDirectoryPath({ flag: named ? resolve(cwd, named) : undefined, env });
}
