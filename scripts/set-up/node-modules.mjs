import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './run.mjs';
import { CannotSetUp, say, withSignOfLife } from './say.mjs';

/** The npm packages of package-lock.json, including the pinned Node 24 (npm package `node`). */
export const nodeModules = {
  name: 'node modules',
  async check(context) {
    return (
      isUpToDate(
        readJson(context.root, 'package-lock.json'),
        readJson(context.root, 'node_modules/.package-lock.json'),
      ) && existsSync(pinnedNode(context))
    );
  },
  async install(context) {
    say('installing the npm packages of package-lock.json, including Node 24 (npm ci)');
    const command = [process.platform === 'win32' ? 'npm.cmd' : 'npm', 'ci', '--no-audit', '--no-fund'];
    const result = await withSignOfLife('installing npm packages', () =>
      attempt(command, { cwd: context.root, log: context.log }),
    );
    if (result.code !== 0) {
      throw new CannotSetUp(
        `the npm packages could not be installed; \`npm ci\` in ${context.root} printed:\n  ${result.output.trimEnd().split('\n').slice(-6).join('\n  ')}`,
      );
    }
    if (!existsSync(pinnedNode(context))) {
      throw new CannotSetUp(
        `npm did not install Node 24: its package \`node\` needs its install script; run \`npm ci --ignore-scripts=false\` in ${context.root}`,
      );
    }
    return true;
  },
};

const pinnedNode = (context) =>
  join(context.root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

function readJson(...path) {
  try {
    return JSON.parse(readFileSync(join(...path), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether what npm recorded as installed matches the lock file. Compares contents, not times: a fresh checkout gives the lock
 * file a new time. Optional packages for other platforms may be absent.
 */
export function isUpToDate(wanted, installed) {
  if (!wanted || !installed) return false;
  const have = installed.packages ?? {};
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === '' || entry.link) continue;
    if (have[path] ? have[path].version !== entry.version : !(entry.optional || entry.devOptional)) return false;
  }
  return Object.keys(have).every((path) => wanted.packages[path]);
}
