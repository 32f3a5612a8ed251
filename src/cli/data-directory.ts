import { resolve } from 'node:path';
import { dataDirectoryPath } from '../data/directory.ts';
import type { Io } from './io.ts';

/** The path of the data directory. A relative path starts at the command's directory. Does not create it. */
export function dataDirectoryOf(flag: string | undefined, { env, cwd }: Io): string {
  const named = flag || env['PACELINE_DATA'];
  return dataDirectoryPath({ flag: named ? resolve(cwd, named) : undefined, env });
}
