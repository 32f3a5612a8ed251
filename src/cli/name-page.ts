/** The last line of a command that leaves files: the page to open. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** @param folder where the files are; it may be on another host, and then nothing is said */
export async function namePage(folder: string, page: string, io: Io): Promise<void> {
  const file = join(folder, page);
  if (await isThere(file)) io.err(`Report: ${file}\n`);
  else if (await isThere(folder)) io.err(`Files: ${folder}\n`);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
