/**
 * Counts what Paceline costs around and during trials whose tests only sleep: requests to the engine, CPU time of the worker, of
 * Temporal's server and of the command, and the seconds that a trial takes in addition to its tests. Counts and CPU time, not
 * wall time, so a machine that others use will do.
 *
 *     npm run bench:trial [-- --seconds 20 --trials 3]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunResult } from '../../src/model/result.ts';
import { PYTHON_IMAGE } from '../../test/support/local-engine.ts';
import { startPaceline } from '../../test/support/paceline.ts';
import { activityTimes } from './support/activity-times.ts';
import { countRequests, type EngineRequest } from './support/count-requests.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string' }, trials: { type: 'string' } } });
const SLEEP_SECONDS = Number(values.seconds ?? 20);
const TRIALS = Number(values.trials ?? 3);
const SAMPLE_MS = 250;
/** Of USER_HZ. */
const TICKS_A_SECOND = 100;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-trial-')));
const [project, dataDirectory] = [join(root, 'project'), join(root, 'data')];
layOut(project);
const engine = await countRequests(join(root, 'engine.sock'));
const env = { DOCKER_HOST: `unix://${engine.socket}`, PACELINE_QUIET_SECONDS: '30' };
const up = startPaceline(['up', '--data-dir', dataDirectory], { env });
try {
  await up.until(/Press Ctrl-C to stop/);
  const argv = ['run', '--project', project, '--data-dir', dataDirectory, '--lanes', '1', '--repeat', String(TRIALS)];
  const command = startPaceline([...argv, '--json'], { env });
  const [worker, server] = [up.child.pid!, childOf(up.child.pid!)];
  const processes = { worker, server, command: command.child.pid! };
  const samples: Sample[] = [];
  const timer = setInterval(() => samples.push(sampleOf(processes)), SAMPLE_MS);
  const { stdout, stderr } = await command.output;
  clearInterval(timer);
  if (stdout === '') throw new Error(stderr);
  const result = JSON.parse(stdout) as RunResult;
  const { activities } = await activityTimes(dataDirectory, result);
  const trials = activities.filter(({ type }) => type === 'runTrial');
  report(trials, ownTimes(result), samples);
} finally {
  up.child.kill('SIGTERM');
  await up.output;
  engine.close();
  rmSync(root, { recursive: true, force: true });
}

/** Two services that have a port, and tests that take no CPU time. */
function layOut(folder: string): void {
  mkdirSync(folder);
  const service = {
    image: PYTHON_IMAGE,
    command: ['python', '-m', 'http.server', '8000'],
    expose: ['8000'],
    stop_grace_period: '1s',
  };
  const files = {
    'Dockerfile.test': `FROM ${PYTHON_IMAGE}\nCOPY Dockerfile.test /made-from\n`,
    'docker-compose.test.yml': JSON.stringify({
      services: {
        one: service,
        two: service,
        test: { build: { context: '.', dockerfile: 'Dockerfile.test' }, depends_on: ['one', 'two'] },
      },
    }),
    'paceline.yml': JSON.stringify({
      project: 'trial-cost',
      build: { modes: ['cold'] },
      scenarios: [{ name: 'Sleep', command: `python -c "import time; time.sleep(${SLEEP_SECONDS})"` }],
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

interface Sample {
  readonly ms: number;
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

interface Span {
  readonly startedMs: number;
  readonly endedMs: number;
}

function sampleOf(processes: Readonly<Record<string, number>>): Sample {
  const cpuSeconds = Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, cpuOf(pid)]));
  return { ms: Date.now(), cpuSeconds };
}

function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** The largest of its descendants is the server: a launcher may stand in between. */
function childOf(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended since.
    }
  }
  const isBelow = (each: number): boolean => {
    const parent = parents.get(each);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  const below = [...parents.keys()].filter(isBelow);
  return below.find((each) => /temporal/.test(readFileSync(`/proc/${each}/comm`, 'utf8'))) ?? below[0] ?? 0;
}

/** When the tests themselves ran. */
function ownTimes({ scenarios, runId }: RunResult): readonly Span[] {
  const file = join(dataDirectory, 'runs', runId, 'facts.json');
  const facts = JSON.parse(readFileSync(file, 'utf8')) as {
    facts: { trials: { startedAt: string; finishedAt: string }[] };
  };
  if (scenarios.length === 0) throw new Error('the run has no scenario');
  return facts.facts.trials.map(({ startedAt, finishedAt }) => ({
    startedMs: Date.parse(startedAt),
    endedMs: Date.parse(finishedAt),
  }));
}

function report(trials: readonly Span[], tests: readonly Span[], samples: readonly Sample[]): void {
  for (const [index, trial] of trials.entries()) {
    const own = tests[index]!;
    const around = (trial.endedMs - trial.startedMs - (own.endedMs - own.startedMs)) / 1000;
    const [before, during, after] = [
      within({ startedMs: trial.startedMs, endedMs: own.startedMs }),
      within(own),
      within({ startedMs: own.endedMs, endedMs: trial.endedMs }),
    ];
    const all = [...before, ...during, ...after];
    console.log(
      `trial ${index + 1}: ${all.length} requests to the engine (${before.length} before the tests, ${during.length} while they ran, ${after.length} after), ${around.toFixed(1)} s in addition to the tests`,
    );
    console.log(
      `  before ${((own.startedMs - trial.startedMs) / 1000).toFixed(1)} s: ${byKind(before)}\n  after ${((trial.endedMs - own.endedMs) / 1000).toFixed(1)} s: ${byKind(after)}`,
    );
    // A second at each end is left out: starting and stopping the watch is not watching.
    const middle = samples.filter(({ ms }) => ms > own.startedMs + 1000 && ms < own.endedMs - 1000);
    const [first, last] = [middle[0], middle.at(-1)];
    if (first === undefined || last === undefined) continue;
    const shares = Object.keys(first.cpuSeconds).map((name) => {
      const used = (last.cpuSeconds[name] ?? 0) - (first.cpuSeconds[name] ?? 0);
      return `${name} ${((100 * used) / ((last.ms - first.ms) / 1000)).toFixed(1)} %`;
    });
    console.log(`  while the tests ran, of one CPU: ${shares.join(', ')}; streams open: ${during.length}`);
  }
}

function within({ startedMs, endedMs }: Span): readonly EngineRequest[] {
  return engine.requests().filter(({ ms }) => ms >= startedMs && ms < endedMs);
}

function byKind(requests: readonly EngineRequest[]): string {
  const kinds = [...Map.groupBy(requests, ({ kind }) => kind)].map(([kind, each]) => [kind, each.length] as const);
  return kinds
    .sort((a, b) => b[1] - a[1])
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
