#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './set-up/context.mjs';
import { setUpOrExit } from './set-up.mjs';
import { say } from './set-up/say.mjs';

/** The code behind `npm start` and `npm test`: set-up, then the program or the tests with the pinned Node 24. */
const commands = { start, test };

/** `npm start -- FLAGS` is `paceline run FLAGS`, on the sample unless an option names a project. */
export function runArguments(flags, root) {
  const named = flags.some((flag) => /^(-p|--(project|git)(=|$)|-h$|--help$)/.test(flag));
  return ['run', ...(named ? [] : ['--project', join(root, 'examples/shop')]), ...flags];
}

/** What set-up found, and how long the sample takes: a person who waits wants to know both. */
export function readyLines({ docker, temporal, standIns }, isSample) {
  const found = [
    ...(docker ? [`Docker is ${docker}`] : []),
    ...(temporal ? [`Temporal's command line is ${temporal}`] : []),
    ...(Object.keys(standIns).length > 0 ? [`stand-ins for ${Object.keys(standIns).join(', ')}`] : []),
  ];
  return [
    `everything is there${found.length === 0 ? '' : `: ${found.join('; ')}`}.`,
    ...(isSample ? ['the sample project in examples/shop takes about 5 minutes on a quiet machine.'] : []),
  ];
}

async function start(flags) {
  const found = await setUpOrExit();
  const words = runArguments(flags, root);
  for (const line of readyLines(found, words.length > flags.length + 1)) say(line);
  process.argv.splice(1, Infinity, join(root, 'bin/paceline.js'), ...words);
  // In this process: each process between npm and the program would have to pass signals on.
  await import('../bin/paceline.js');
}

async function test(flags) {
  await setUpOrExit({ tests: true });
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
