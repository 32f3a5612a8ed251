/** Reads the text of a plan file. */
import { lstat, readFile, stat } from 'node:fs/promises';
import { wrongUsage } from '../model/failure.ts';

/** Four bytes for each character that a plan can have. */
const MOST_BYTES = 800_000;

/**
 * @param file its name in messages
 * @returns null if the file does not exist. A file that exists but cannot be read is an error: otherwise defaults would
 *   silently replace its thresholds.
 * @throws PacelineError WrongUsage if it is not a file, too large, not readable or not UTF-8
 */
export async function readPlanText(path: string, file: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw wrongUsage(`${file} is not a file.`, 'Put the plan there, or remove it.');
    if (found.size > MOST_BYTES) {
      throw wrongUsage(`${file} has ${found.size} bytes, more than a plan can have.`, 'Specify the path of a plan.');
    }
    return decoded(await readFile(path), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' && !(await isThere(path))) return null;
    throw wrongUsage(
      `${file} cannot be read (${code}).`,
      'Make it readable for this user, fix the link, or remove it.',
    );
  }
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wrongUsage(`${file} is not text in UTF-8.`, 'Save it as UTF-8.');
  }
}

/** True also for a broken link. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
