/** What a folder that is measured as it is uses elsewhere in its repository: added to the copy as it is named. */
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { runCommand } from '../../data/command.ts';
import { addToCopy } from '../../data/copy-tree.ts';
import { removeTree } from '../../data/remove-tree.ts';
import type { BringIn } from '../../docker/project/neighbours.ts';
import { isOutside } from '../../docker/compose/project-paths.ts';
import type { ActivityDeps } from './deps.ts';

interface Copied {
  /** The copy of the repository, and the project's folder in it. */
  readonly root: string;
  readonly directory: string;
  readonly originalDirectory: string;
}

/** What an attempt before this one added is removed, since it may have ended in the middle of a file. */
export async function neighbours(
  { root, directory, originalDirectory }: Copied,
  { dataDirectory }: Pick<ActivityDeps, 'dataDirectory'>,
  signal: AbortSignal,
): Promise<BringIn> {
  const top = { from: resolve(originalDirectory, relative(directory, root)), to: root };
  await removeAllBut(directory, root);
  const bringIn: BringIn = (path, { exclude }) =>
    addToCopy(top, path, { exclude: [...exclude, originalDirectory, dataDirectory], signal });
  for (const file of await linkedFiles({ root, directory, originalDirectory }, top.from, signal)) {
    await bringIn(file, { exclude: [] });
  }
  return bringIn;
}

async function removeAllBut(directory: string, root: string): Promise<void> {
  for (let folder = directory; folder !== root; folder = dirname(folder)) {
    for (const name of await readdir(dirname(folder))) {
      const path = join(dirname(folder), name);
      if (path !== folder) await removeTree(path);
    }
  }
}

/** Files of the repository that links in the project lead to, such as a `requirements.txt` of all its projects. */
async function linkedFiles(
  { root, directory, originalDirectory }: Copied,
  top: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (directory === root) return [];
  const found = await runCommand(['find', directory, '-type', 'l', '-print0'], { signal });
  const links = found.kind === 'exited' ? found.stdout.split('\0').filter((path) => path !== '') : [];
  const files = new Set<string>();
  for (const link of links) {
    const target = await readlink(link).catch(() => null);
    if (target === null || target.startsWith('/')) continue;
    const original = join(originalDirectory, relative(directory, dirname(link)), target);
    const real = await realpath(original).catch(() => null);
    if (real === null || isOutside(top, real) || !isOutside(originalDirectory, real)) continue;
    if ((await stat(real)).isFile()) files.add(real);
  }
  return [...files];
}
