/** Free space on a disk. */
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** With less free space, the next image layer or log file may not fit. */
export const NEEDED_BYTES = 1e9;

/** Bytes that an ordinary user can still write on the disk of this directory. The directory need not exist yet. */
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
