/** Checks and writes the output files of a command. Checking comes before the work that produces them. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wrongUsage } from '../model/failure.ts';

/** @param directory absolute; created later @throws PacelineError WrongUsage if it or one of its parents is not a directory */
export async function checkOutputFolder(directory: string): Promise<string> {
  const next = 'Specify a directory with --output DIR. It is created if it does not exist.';
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'EIO');
    if (typeof found === 'object') {
      if (found.isDirectory()) return directory;
      throw wrongUsage(`${path} is not a directory.`, next);
    }
    if (found !== 'ENOENT' && found !== 'ENOTDIR') throw wrongUsage(`${path} cannot be used (${found}).`, next);
  }
}

/** Writes files into a directory by their names. @throws PacelineError WrongUsage if one cannot be written */
export function writeInto(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  return writeFiles(Object.fromEntries(Object.entries(files).map(([name, text]) => [join(directory, name), text])));
}

/** Writes files and their directories. @throws PacelineError WrongUsage if a file cannot be written */
export async function writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (error) {
      throw wrongUsage(
        `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
        'Specify another place with --output.',
      );
    }
  }
}
