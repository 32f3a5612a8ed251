/** Paths of the program and of the pinned Node. A built copy has dist/ instead of src/. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** undefined in an incomplete checkout. */
export const program = [join(root, 'src/cli/main.ts'), join(root, 'dist/cli/main.js')].find(existsSync);

/** The Node 24 of the npm package `node`; undefined before `npm ci`. */
export const pinnedNode = findUp('node_modules/node/bin/node');

/** When Paceline is installed as a dependency, its own dependencies are in a node_modules further up. */
function findUp(path) {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (folder === dirname(folder)) return undefined;
  }
}
