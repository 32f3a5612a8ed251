/** Directories that are either complete or absent, even if the process that creates them is killed. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeTree } from './remove-tree.ts';

/**
 * Calls `work` to fill a directory with a temporary name next to `to`, and renames it when it is complete. If another attempt
 * created `to` first, that one is kept. Drafts of killed attempts are removed.
 */
export async function asDraft<T>(to: string, work: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${to}.draft-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(to), { recursive: true });
    const made = await work(draft);
    await takeName(draft, to);
    await removeDrafts(to);
    return made;
  } catch (error) {
    await removeTree(draft);
    throw error;
  }
}

async function takeName(draft: string, to: string): Promise<void> {
  try {
    await rename(draft, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const overtaken = code === 'ENOTEMPTY' || code === 'EEXIST' || (code === 'ENOENT' && existsSync(to));
    if (!overtaken) throw error;
  }
}

/** Removes the directory, and drafts that killed attempts left. They need not exist. */
export async function removeMade(to: string): Promise<void> {
  await removeTree(to);
  if (existsSync(dirname(to))) await removeDrafts(to);
}

async function removeDrafts(to: string): Promise<void> {
  const folder = dirname(to);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(to)}.draft-`)) await removeTree(join(folder, name));
  }
}
