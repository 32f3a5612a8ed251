#!/usr/bin/env node
/**
 * The `paceline` command. The program needs Node 24, which runs TypeScript directly. If another Node started this file, the
 * program runs in a second process with the pinned Node.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pinnedNode, program, root } from './paths.js';

const NODE_MAJOR = '24';
const runsHere = process.versions.node.split('.')[0] === NODE_MAJOR;

if (!program || !(runsHere || pinnedNode))
  fail(`${program ? 'Node 24' : 'the program'} is missing. Run \`npm ci\` in ${root}`);
if (process.argv.length === 3 && process.argv[2] === '--version') {
  console.log(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
} else if (runsHere) {
  hideExperimentalWarnings();
  await import('./start.js');
} else {
  runInSecondProcess();
}

function fail(reason) {
  process.stderr.write(`paceline: ${reason}\n`);
  process.exit(2);
}

/** Like --disable-warning=ExperimentalWarning: Node 24 prints one for node:sqlite. */
function hideExperimentalWarnings() {
  const [print] = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') print?.call(process, warning);
  });
}

function runInSecondProcess() {
  const start = join(root, 'bin/start.js');
  const args = ['--disable-warning=ExperimentalWarning', start, ...process.argv.slice(2)];
  const child = spawn(pinnedNode, args, { stdio: 'inherit' });
  passSignalsTo(child);
  child.on('error', (error) => fail(`${pinnedNode} could not be started: ${error.message}`));
  child.on('exit', endAs);
}

/**
 * The program decides how it ends, so this process waits for it. Signals are passed on, because `kill` and CI send them to
 * this process only. Ctrl-C in a terminal reaches both, and npm passes it on again: the program counts SIGINTs within half
 * a second as one.
 */
function passSignalsTo(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    let last = 0;
    process.on(signal, () => {
      if (Date.now() - last < 500) return;
      last = Date.now();
      child.kill(signal);
    });
  }
}

function endAs(code, signal) {
  if (!signal) process.exit(code);
  // The child was killed by a signal. End the same way, so that the shell sees it, or with the usual code if that is ignored.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 200);
}
