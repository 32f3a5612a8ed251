import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every executable with this name: in the order of PATH, then in `extra` directories. Each file once. */
export function findAllOnPath(name, extra = []) {
  const seen = new Set();
  const found = [];
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...extra]) {
    const path = join(folder || '.', name);
    try {
      accessSync(path, constants.X_OK);
      const real = realpathSync(path);
      if (!statSync(real).isFile() || seen.has(real)) continue;
      seen.add(real);
      found.push(path);
    } catch {}
  }
  return found;
}

export const findOnPath = (name, extra) => findAllOnPath(name, extra)[0];
