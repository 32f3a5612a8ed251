/** From the probe's sessions to the profile of a trial. */
import type { Run } from './run.ts';
import { createHash } from 'node:crypto';
import type {
  Category,
  PytestPath,
  PytestProfile,
  TestTiming,
  WorkerLoad,
} from '../../model/profile/pytest-profile.ts';
import { type TestCounts, sumOfCounts } from '../../model/test-counts.ts';
import { configurationOf } from './configuration.ts';
import { countsSoFar, cutOffOf } from './cut-off.ts';
import { costsOf, processOf } from './costs.ts';
import { criticalPath } from './critical-path.ts';
import { fixturesOf } from './fixtures.ts';
import { clipped, micro } from './foreign-json.ts';
import type { ProbeSession, ProbeTest } from './probe-records.ts';
import { fileOf, secondsOf, tableOf } from './table.ts';

/** Rows of a list, and workers: the costliest. */
const ROWS = 20;
const MOST_WORKERS = 64;

/** By the container's clock, which may be wrong: see clock.ts. */
type Told = PytestProfile & { readonly path: PytestPath };

/**
 * @param sessions of all processes, in any order
 * @param containerSeconds the container's running time by the engine; null where it is not known
 * @param finishedAt when it ended by the engine, in seconds since 1970; null where it is not known
 * @returns null where no session of pytest began. Never throws.
 */
export function profileOf(
  sessions: readonly ProbeSession[],
  containerSeconds: number | null,
  finishedAt: number | null = null,
): Told | null {
  const runs = runsOf(sessions);
  const [first] = runs;
  if (first === undefined) return null;
  const ran = runs.flatMap(({ main, workers }) => [main, ...workers]);
  const cutOff = cutOffOf(runs, containerSeconds, finishedAt);
  const timings = ran.flatMap((session) => session.tests.map((test) => timingOf(test, session)));
  return {
    sessions: runs.length,
    configuration: configurationOf(first),
    path: criticalPath(runs, containerSeconds),
    tests: runs.map(countsOf).reduce(sumOfCounts, NONE),
    testSet: testSetOf(timings, ran),
    coverageReportSeconds: coverageOf(runs),
    workers: workersOf(ran),
    slowestTests: costliest(timings).map((timing) => ({ ...timing, id: clipped(timing.id) })),
    fixtures: fixturesOf(ran, ROWS),
    markers: categories(ran, ({ markers }) => markers),
    directories: categories(ran, ({ id }) => [directoryOf(fileOf(id))]),
    files: categories(ran, ({ id }) => [fileOf(id)]),
    failedTests: timings
      .filter(isBad)
      .map(({ id }) => clipped(id))
      .sort()
      .slice(0, ROWS),
    unfinishedTest:
      cutOff?.running[0]?.id ?? clippedOrNull(timings.findLast(({ outcome }) => outcome === 'unfinished')?.id),
    cutOff,
    table: tableOf(ran),
    ...costsOf(runs),
  };
}

/** Sessions that began, by their start. A worker belongs to the last session that its parent had started before it. */
export function runsOf(sessions: readonly ProbeSession[]): Run[] {
  const begun = sessions.filter(({ sessionStart }) => sessionStart !== null);
  const mains = begun.filter(({ worker }) => worker === null).sort(byStart);
  const workers = begun.filter(({ worker }) => worker !== null).sort(byStart);
  const controllerOf = (worker: ProbeSession) =>
    mains.findLast(({ pid, processStart }) => pid === worker.parent && processStart <= worker.processStart);
  return mains.map((main) => ({ main, workers: workers.filter((worker) => controllerOf(worker) === main) }));
}

function byStart(a: ProbeSession, b: ProbeSession): number {
  return (a.sessionStart ?? 0) - (b.sessionStart ?? 0);
}

const NONE: TestCounts = { passed: 0, failed: 0, skipped: 0, errors: 0 };

function countsOf(run: Run): TestCounts {
  return run.main.finished ? (run.main.counts ?? NONE) : countsSoFar(run);
}

function coverageOf(runs: readonly Run[]): number | null {
  const reports = runs.flatMap(({ main }) => main.coverageSeconds ?? []);
  return reports.length === 0 ? null : micro(reports.reduce((a, b) => a + b));
}

function timingOf(test: ProbeTest, session: ProbeSession): TestTiming {
  const { id, setup, call, teardown, outcome } = test;
  return { id, seconds: secondsOf(test), setup, call, teardown, outcome, worker: nameOf(session) };
}

function nameOf({ worker }: ProbeSession): string {
  return worker ?? 'main';
}

/**
 * A test that several sessions ran counts once. Where not all tests were kept their number stands for the set: which were
 * kept depends on which worker was faster.
 */
function testSetOf(timings: readonly TestTiming[], ran: readonly ProbeSession[]): PytestProfile['testSet'] {
  const left = ran.reduce((total, { testsLeftOut }) => total + testsLeftOut, 0);
  const count = timings.length + left;
  if (left > 0) return { count, digest: digestOf(`${count} tests`) };
  const ids = [...new Set(timings.filter(({ outcome }) => outcome !== 'skipped').map(({ id }) => id))].sort();
  return { count: ids.length, digest: digestOf(ids.join('\n')) };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isBad({ outcome }: TestTiming): boolean {
  return outcome === 'failed' || outcome === 'error';
}

function costliest<Row extends { readonly seconds: number }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => b.seconds - a.seconds).slice(0, ROWS);
}

/** The busiest first: those that ran tests, and workers that got none. A worker that crashed and was replaced has a name of its own. */
function workersOf(ran: readonly ProbeSession[]): WorkerLoad[] {
  const loads = new Map<string, WorkerLoad>();
  for (const session of ran) {
    if (session.worker === null && session.tests.length === 0) continue;
    const worker = nameOf(session);
    const known = loads.get(worker) ?? { worker, tests: 0, busySeconds: 0, startSeconds: 0, cpuSeconds: 0 };
    const busySeconds = session.tests.reduce((total, test) => total + secondsOf(test), known.busySeconds);
    const { startSeconds, cpuSeconds } = processOf(session);
    loads.set(worker, {
      worker,
      tests: known.tests + session.tests.length,
      busySeconds: micro(busySeconds),
      startSeconds: sumOrNull(known.startSeconds, startSeconds),
      cpuSeconds: sumOrNull(known.cpuSeconds, cpuSeconds),
    });
  }
  return [...loads.values()].sort((a, b) => b.busySeconds - a.busySeconds).slice(0, MOST_WORKERS);
}

/** Of several sessions, one after the other. */
function sumOrNull(a: number | null | undefined, b: number | null): number | null {
  return a == null || b === null ? null : micro(a + b);
}

function categories(ran: readonly ProbeSession[], namesOf: (test: ProbeTest) => readonly string[]): Category[] {
  const found = new Map<string, { tests: number; seconds: number }>();
  for (const test of ran.flatMap(({ tests }) => tests)) {
    for (const name of namesOf(test)) {
      const known = found.get(name) ?? { tests: 0, seconds: 0 };
      found.set(name, { tests: known.tests + 1, seconds: micro(known.seconds + secondsOf(test)) });
    }
  }
  return costliest([...found].map(([name, category]) => ({ name: clipped(name), ...category })));
}

function directoryOf(file: string): string {
  const at = file.lastIndexOf('/');
  return at < 0 ? '.' : file.slice(0, at);
}

function clippedOrNull(text: string | undefined): string | null {
  return text === undefined ? null : clipped(text);
}
