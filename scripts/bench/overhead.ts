/**
 * Measures the overhead: the sample shop's build, start-up and four commands in series, once by a plain script of docker
 * commands as a team would write it, and once by Paceline, alternating. What Paceline does in addition is listed separately.
 *
 *     npm run bench:overhead [-- --rounds N] [--quick] [--state FILE]
 *
 * `--quick` runs the unit tests only. With `--state`, one pass is made, for the side that is next, and stored in FILE. The
 * figures use all passes in it. So a shared machine is needed for one pass at a time only.
 */
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { medianInterval } from '../../src/analysis/statistics/median-interval.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { setUpHints } from '../../src/set-up-hints.ts';
import { byPaceline } from './support/shop-by-paceline.ts';
import { byPlainScript } from './support/shop-by-script.ts';
import type { Pass } from './support/shop-pass.ts';

const SHOP = fileURLToPath(new URL('../../examples/shop', import.meta.url));
const COMMANDS = [
  'python -m pytest -v -n 2 --cov=.',
  "python -m pytest -v -n 2 -m 'not slow'",
  'python -m pytest -v --cov=.',
  'python -m pytest -v -n 4 --cov=.',
];
const AIM = 1.02;

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, quick: { type: 'boolean' }, state: { type: 'string' } },
});
const root = await realpath(await mkdtemp(join(tmpdir(), 'paceline-bench-')));
try {
  const passes = values.state === undefined ? [] : await readPasses(values.state);
  const wanted = values.state === undefined ? 2 * Number(values.rounds ?? 3) : passes.length + 1;
  while (passes.length < wanted) passes.push(await nextPass(passes.length));
  if (values.state !== undefined) await writeFile(values.state, JSON.stringify(passes));
  report(passes);
} finally {
  await rm(root, { recursive: true, force: true });
}

async function readPasses(file: string): Promise<Pass[]> {
  return JSON.parse(await readFile(file, 'utf8').catch(() => '[]')) as Pass[];
}

/** Script and Paceline alternate, and each round starts with the other one: drift affects both equally. */
async function nextPass(index: number): Promise<Pass> {
  const project = join(root, `shop-${index}`);
  await cp(SHOP, project, { recursive: true });
  const commands = COMMANDS.map((command) => (values.quick === true ? `${command} tests/unit` : command));
  const scenarios = commands.map((command, number) => ({ name: `command ${number + 1}`, command }));
  await writeFile(join(project, 'paceline.yml'), JSON.stringify({ project: 'shop', scenarios }));
  const isScript = (index + Math.floor(index / 2)) % 2 === 0;
  const pass = { project, commands, environment: images() };
  return isScript
    ? await byPlainScript(pass)
    : await byPaceline({ ...pass, dataDirectory: join(root, `data-${index}`) });
}

/** The stand-ins, if set-up made some: both sides use the same images. */
function images(): Record<string, string> {
  const { standIns } = setUpHints(process.env);
  const names = { PYTHON_IMAGE: 'python', POSTGRES_IMAGE: 'postgres', REDIS_IMAGE: 'redis' };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, repository]) =>
      standIns[repository] === undefined ? [] : [[name, standIns[repository]]],
    ),
  );
}

function report(passes: readonly Pass[]): void {
  const [script, paceline] = [passes.filter(({ by }) => by === 'script'), passes.filter(({ by }) => by === 'paceline')];
  const rounds = script.slice(0, paceline.length).map((a, round) => [a, paceline[round]!] as const);
  if (rounds.length === 0) {
    for (const { by, parts, totalSeconds } of passes) console.log(by, parts, totalSeconds);
    console.log('overhead: no ratio yet, because one side has not run');
    return;
  }
  for (const part of Object.keys(script[0]!.parts)) {
    const [a, b] = [middle(script, (pass) => pass.parts[part]!), middle(paceline, (pass) => pass.parts[part]!)];
    console.log(`${part}: script ${a.toFixed(1)} s, Paceline ${b.toFixed(1)} s, ratio ${(b / a).toFixed(3)}`);
  }
  additions('Paceline in addition', paceline);
  additions('the script in addition', script);
  console.log(`in total, additions included: ${words(rounds.map(([a, b]) => b.totalSeconds / a.totalSeconds))}`);
  console.log(`overhead: ${words(rounds.map(([a, b]) => sum(b.parts) / sum(a.parts)))}, aim ${AIM}`);
}

function additions(title: string, passes: readonly Pass[]): void {
  for (const part of Object.keys(passes[0]!.additions))
    console.log(`${title}, ${part}: ${middle(passes, (pass) => pass.additions[part] ?? 0).toFixed(1)} s`);
}

function words(ratios: readonly number[]): string {
  const samples = samplesOf([...ratios])!;
  const interval = medianInterval(samples);
  const range = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
  const spread =
    interval === null ? `range ${range}` : `interval ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
  return `Paceline over script, median ${median(samples).toFixed(3)} (${spread}, n ${ratios.length})`;
}

function middle(passes: readonly Pass[], of: (pass: Pass) => number): number {
  return median(samplesOf(passes.map(of))!);
}

function sum(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((total, value) => total + value, 0);
}
