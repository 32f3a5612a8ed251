/** Folders and files that a command is to write, looked at before the work that fills them. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { wrongUsage } from '../model/failure.ts';

/** @param directory absolute; made later @throws PacelineError WrongUsage where it, or what it would lie in, is no folder */
export async function checkOutputFolder(directory: string): Promise<string> {
  const next = 'Give a folder with --output DIR; it is made if it is not there.';
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'EIO');
    if (typeof found === 'object') {
      if (found.isDirectory()) return directory;
      throw wrongUsage(`${path} is no folder.`, next);
    }
    if (found !== 'ENOENT' && found !== 'ENOTDIR') throw wrongUsage(`${path} cannot be used (${found}).`, next);
  }
}

/** Writes files of a folder. @throws PacelineError WrongUsage where that cannot be done */
export async function writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (error) {
      throw wrongUsage(
        `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
        'Give another place with --output.',
      );
    }
  }
}
