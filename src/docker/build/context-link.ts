/**
 * Another path to a build context. BuildKit keeps the files of each path, and takes from the client only what changed since. By a path that
 * it never saw, a build gets its whole context, as on a fresh machine.
 */
import { mkdir, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** @param link one that no build had before; it may be there from an attempt whose build continues @returns the link */
export async function linkTo(context: string, link: string): Promise<string> {
  await mkdir(dirname(link), { recursive: true });
  await symlink(context, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return link;
}

/** Prints what the builder keeps of build contexts, for `keptContexts`. */
export const LIST_CONTEXTS = ['buildx', 'du', '--verbose', '--filter', 'type=source.local'] as const;

/** @param output what `LIST_CONTEXTS` prints @returns ids of the records */
export function keptContexts(output: string): readonly string[] {
  return [...output.matchAll(/^ID:\s*(\S+)/gm)].map(([, id = '']) => id);
}
