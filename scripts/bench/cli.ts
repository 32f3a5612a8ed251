/**
 * Measures how long the command takes to answer, as a multiple of `node -e 0`: with the machine's Node and with the pinned one.
 * Each round runs every command once, so a disturbance affects all of them equally.
 *
 *     npm run bench:cli [-- ROUNDS]
 */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';

const AIM = 5;
const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const NODES = { "the machine's Node": process.env['npm_node_execpath'] ?? 'node', 'the pinned Node': process.execPath };
const COMMANDS: readonly (readonly string[])[] = [['--version'], ['--help'], ['plan', '--project', 'examples/shop']];

for (const [name, node] of Object.entries(NODES)) {
  const argvs = [['-e', '0'], ...COMMANDS.map((args) => ['bin/paceline.js', ...args])];
  // The first round fills the compile cache, as the first use of a new version does.
  for (const argv of argvs) secondsOf(node, argv);
  const times = argvs.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) argvs.forEach((argv, i) => times[i]!.push(secondsOf(node, argv)));
  const [base = Number.NaN, ...others] = times.map((seconds) => median(samplesOf(seconds)!));
  console.log(`${name}: \`node -e 0\` takes ${(base * 1000).toFixed(0)} ms`);
  others.forEach((seconds, i) => {
    console.log(`  paceline ${COMMANDS[i]!.join(' ')}: ${(seconds / base).toFixed(1)} times that, aim ${AIM}`);
  });
}

function secondsOf(node: string, argv: readonly string[]): number {
  const start = performance.now();
  execFileSync(node, argv, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return (performance.now() - start) / 1000;
}
