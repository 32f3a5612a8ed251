#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './set-up/context.mjs';
import { setUpOrExit } from './set-up.mjs';

/** The code behind `npm start` and `npm test`: set-up, then the program or the tests with the pinned Node 24. */
const commands = { start, test };

/** `npm start -- FLAGS` is `paceline run FLAGS`, on the sample unless an option names a project. */
export function runArguments(flags, root) {
  const named = flags.some((flag) => /^(-p|--(project|git)(=|$)|-h$|--help$)/.test(flag));
  return ['run', ...(named ? [] : ['--project', join(root, 'examples/shop')]), ...flags];
}

async function start(flags) {
  await setUpOrExit();
  process.argv.splice(1, Infinity, join(root, 'bin/paceline.js'), ...runArguments(flags, root));
  // In this process: each process between npm and the program would have to pass signals on.
  await import('../bin/paceline.js');
}

async function test(flags) {
  await setUpOrExit();
  const bin = join(root, 'node_modules/node/bin');
  const vitest = ['--disable-warning=ExperimentalWarning', 'node_modules/vitest/vitest.mjs', 'run', ...flags];
  // Tests that start `node` must get the pinned one too.
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  process.exit(spawnSync(join(bin, 'node'), vitest, { cwd: root, env, stdio: 'inherit' }).status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...flags] = process.argv.slice(2);
  if (!commands[name]) {
    process.stderr.write('usage: node scripts/npm.mjs start|test [FLAGS]\n');
    process.exit(2);
  }
  await commands[name](flags);
}
