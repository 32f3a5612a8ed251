/** Room on disk. */
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Less than this, and the next layer or log file may be the one that does not fit. */
export const NEEDED_BYTES = 1e9;

/** Bytes that an ordinary user may still write where the folder lies, or would lie once it is made. */
export async function freeBytes(folder: string): Promise<number> {
  const path = resolve(folder);
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return freeBytes(parent);
  }
}
