/** The state of a folder, as its owner sees it. */
import { lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @returns a line for the folder and for everything in it: name, mode, owner, size, time of change; in order */
export function treeState(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  return paths.sort().map((path) => {
    const { mode, uid, gid, size, mtimeNs } = lstatSync(path, { bigint: true });
    return `${relative(folder, path)} ${mode} ${uid}:${gid} ${size} ${mtimeNs}`;
  });
}
