#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './set-up/context.mjs';

/** The pages of the audits and the facts that their tests read. */
const OF_AUDITS = /[/\\]audits[/\\][^/\\]+[/\\][^/\\]+\.(?:md|json)$/;

/**
 * Creates dist/, which is published: Node runs TypeScript directly, but not in node_modules. Files that are not TypeScript,
 * such as the Python that runs with the tests, are copied.
 */
export function build(folder = join(root, 'dist')) {
  rmSync(folder, { recursive: true, force: true });
  const tsc = [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
    '--outDir',
    folder,
  ];
  const { status } = spawnSync(process.execPath, tsc, { stdio: 'inherit' });
  if (status !== 0) return false;
  const isData = (path) => statSync(path).isDirectory() || !(path.endsWith('.ts') || OF_AUDITS.test(path));
  cpSync(join(root, 'src'), folder, { recursive: true, filter: isData });
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = build() ? 0 : 1;
