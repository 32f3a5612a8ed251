#!/usr/bin/env node
/**
 * Checks that the package is complete: packs it, installs the file in an empty directory, and runs the sample project with
 * the installed program. `npm run release:check`. Run set-up first.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './set-up/context.mjs';

const folder = mkdtempSync(join(tmpdir(), 'paceline-release-'));
try {
  run(root, 'npm', 'pack', '--silent', '--pack-destination', folder);
  const [file] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  run(folder, 'npm', 'install', '--silent', '--no-audit', '--no-fund', join(folder, file));
  run(folder, 'npx', '--no-install', 'paceline', '--version');
  // Exit code 1 is fine: the machine may miss a target, which is not a fault of the package.
  runUpTo(
    1,
    folder,
    'npx',
    '--no-install',
    'paceline',
    'run',
    '--project',
    join(root, 'examples/shop'),
    '--data-dir',
    join(folder, 'data'),
  );
  console.log(`release check: ${file} is complete`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(cwd, command, ...args) {
  runUpTo(0, cwd, command, ...args);
}

function runUpTo(mostExitCode, cwd, command, ...args) {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== null && status <= mostExitCode) return;
  rmSync(folder, { recursive: true, force: true });
  console.error(`release check: \`${command} ${args.join(' ')}\` failed (${error?.message ?? `exit code ${status}`})`);
  process.exit(1);
}
