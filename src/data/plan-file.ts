/** The text of a plan's file, as it lies in a folder. */
import { lstat, readFile, stat } from 'node:fs/promises';
import { wrongUsage } from '../model/failure.ts';

/** Four bytes for each character that a plan may have. */
const MOST_BYTES = 800_000;

/**
 * @param file as messages name it
 * @returns null where there is none. One that is there and cannot be read is never taken for none: its thresholds would be
 *   replaced by defaults without a word.
 * @throws PacelineError WrongUsage for what is no file, too large, not to be read or not UTF-8
 */
export async function readPlanText(path: string, file: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw wrongUsage(`${file} is no file.`, 'Put the plan there, or remove it.');
    if (found.size > MOST_BYTES) {
      throw wrongUsage(`${file} has ${found.size} bytes, more than a plan can have.`, 'Name a plan file.');
    }
    return decoded(await readFile(path), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' && !(await isThere(path))) return null;
    throw wrongUsage(
      `${file} cannot be read (${code}).`,
      'Give this user the right to read it, mend the link, or remove it.',
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

/** A link that leads nowhere is there as well. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
