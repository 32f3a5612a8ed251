#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The `paceline` command. Whatever Node started it, the program runs on the pinned Node 24 of the npm package `node`,
 * which runs TypeScript as it stands; a built copy has dist/ in place of src/.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = findUp('node_modules/node/bin/node');
const program = [join(root, 'src/cli/main.ts'), join(root, 'dist/cli/main.js')].find(existsSync);
if (!node || !program) {
  process.stderr.write(
    `paceline: ${node ? 'its program' : 'the pinned Node 24'} is not there; run \`npm start\` or \`npm ci\` in ${root}\n`,
  );
  process.exit(2);
}

/** As a dependency, Paceline's own dependencies lie in a node_modules further up. */
function findUp(path) {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (folder === dirname(folder)) return undefined;
  }
}

const child = spawn(node, ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});

/*
 * Paceline decides itself how it ends, so this process waits for it whatever comes. Signals are passed on, since `kill`
 * and CI send them to this process alone. Ctrl-C in a terminal reaches both, and npm passes it on once more: the
 * program takes SIGINTs that come within half a second for one.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  let last = 0;
  process.on(signal, () => {
    if (Date.now() - last < 500) return;
    last = Date.now();
    child.kill(signal);
  });
}

child.on('error', (error) => {
  process.stderr.write(`paceline: ${node} could not be started: ${error.message}\n`);
  process.exit(2);
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  // Died of a signal: so does this one, for the shell to see the same; where that is ignored, by the usual code.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 200);
});
