/** From the probe's sessions to how they ended: whether each ran all that it had collected, and what kept it from that. */
import type { StopCause, SuiteEnd, SuiteStop, TestTimeout, WorkerCrash } from '../../model/suite-end.ts';
import { endOf } from './cut-off.ts';
import type { WorkerDown } from './end-records.ts';
import { clipped } from './foreign-json.ts';
import type { ProbeSession } from './probe-records.ts';
import { runsOf } from './profile.ts';
import type { Run } from './run.ts';

const MOST_CRASHES = 10;
const MOST_ERRORS = 5;
/** The engine's stamps of a container's start and end are off by some tenths of a second. */
const SLACK_SECONDS = 0.5;
/** pytest.ExitCode.INTERNAL_ERROR */
const INTERNAL_ERROR = 3;

/**
 * @param containerSeconds the container's running time by the engine; null where it is not known
 * @param finishedAt when it ended by the engine, in seconds since 1970; null where it is not known
 * @returns null where no pytest was seen
 */
export function suiteEndOf(
  sessions: readonly ProbeSession[],
  containerSeconds: number | null,
  finishedAt: number | null = null,
): SuiteEnd | null {
  if (sessions.length === 0) return null;
  const runs = runsOf(sessions);
  const end = endOf(runs, containerSeconds, finishedAt);
  const stops = [...runs.flatMap((run) => stopOf(run, end) ?? []), ...notBegun(sessions)];
  const downs = runs.flatMap((run) => downsOf(run));
  const errors = downs.flatMap(({ down, running }) => (running || died(down) ? [] : [errorOf(down)]));
  return {
    stop: stops[0] ?? null,
    crashes: runs.flatMap(crashesOf).slice(0, MOST_CRASHES),
    workerErrors: [...new Set(errors)].slice(0, MOST_ERRORS),
    lostWorkers: downs.filter(({ down, running }) => !running && died(down)).length,
    internalError: runs.flatMap(({ main }) => main.ending.internalError ?? [])[0] ?? null,
  };
}

/** The last pytest of the command; one before it that could not begin may have been a first attempt. */
function notBegun(sessions: readonly ProbeSession[]): SuiteStop[] {
  const mains = sessions.filter(({ worker }) => worker === null);
  const last = mains.sort((a, b) => a.processStart - b.processStart).at(-1);
  if (last === undefined || last.sessionStart !== null || last.ending.left) return [];
  return [{ cause: causeOf(last), during: 'start', test: null, ended: 0, collected: null, timeout: null }];
}

function stopOf(run: Run, end: number | null): SuiteStop | null {
  const { main, workers } = run;
  const processes = [main, ...workers];
  const collected = collectedOf(run);
  const ended = (main.finished ? main.ending.ended : null) ?? endedSoFar(processes);
  const running = main.finished ? [] : processes.filter((process) => runningIn(process) !== null);
  const isWhole = collected !== null && ended >= collected && running.length === 0;
  if (isWhole) return null;
  const cause = main.finished ? causeInside(run, ended, collected) : causeOf(main);
  if (cause === null) return null;
  const [longest] = [...running].sort((a, b) => runningIn(a)!.from - runningIn(b)!.from);
  const brokenOff = processes.flatMap(({ ending }) => ending.brokenOff ?? [])[0];
  const test = longest === undefined ? brokenOff : runningIn(longest)!.id;
  return {
    cause,
    during: collected === null ? 'collection' : 'tests',
    test: test === undefined ? null : clipped(test),
    ended,
    collected,
    timeout: longest === undefined ? null : timeoutOf(longest, end === null ? null : end + SLACK_SECONDS),
  };
}

/** For a session that ended normally. @returns null if it is expected that fewer tests ran than were collected */
function causeInside({ main, workers }: Run, ended: number, collected: number | null): StopCause | null {
  const inside = [main, ...workers].find(({ ending }) => ending.interrupted?.exitCalled === true) ?? main;
  if (inside.ending.interrupted !== null) return causeOf(inside);
  if (main.ending.exit === INTERNAL_ERROR) return { kind: 'internalError' };
  if (main.ending.stop !== null) return { kind: 'limit', message: main.ending.stop };
  const isMeant = collected === null || ended === 0 || main.configuration?.['collectOnly'] === true;
  return isMeant ? null : { kind: 'unknown' };
}

function causeOf({ ending: { interrupted } }: ProbeSession): StopCause {
  if (interrupted === null) return { kind: 'processEnded' };
  const { exitCalled, message } = interrupted;
  return exitCalled ? { kind: 'exitCalled', message } : { kind: 'interrupted', message };
}

/** Each of xdist's workers collects all tests, and its controller none; with `--dist each` every worker runs them all. */
function collectedOf({ main, workers }: Run): number | null {
  const counts = workers.flatMap(({ ending }) => ending.items ?? []);
  if (counts.length === 0) return main.configuration?.['controller'] === true ? null : main.ending.items;
  if (main.configuration?.['dist'] === 'each') return counts.reduce((a, b) => a + b);
  return Math.max(...counts);
}

function endedSoFar(processes: readonly ProbeSession[]): number {
  const ended = processes.flatMap(({ tests }) => tests.filter(({ to }) => to !== null));
  return ended.length - processes.filter(({ ending }) => ending.brokenOff !== null).length;
}

function runningIn({ tests }: ProbeSession) {
  const last = tests.at(-1);
  return last === undefined || last.to !== null ? null : last;
}

interface Down {
  readonly down: WorkerDown;
  /** The worker's session, where it was seen, while it ran a test. */
  readonly running: ProbeSession | undefined;
}

function downsOf({ main, workers }: Run): Down[] {
  return main.ending.workersDown.map((down) => ({
    down,
    running: workers.find((session) => session.worker === down.worker && runningIn(session) !== null),
  }));
}

function crashesOf(run: Run): WorkerCrash[] {
  return downsOf(run).flatMap(({ down, running }) => {
    if (running === undefined) return [];
    const timeout = timeoutOf(running, down.at);
    return [{ test: clipped(runningIn(running)!.id), worker: down.worker, timeout }];
  });
}

/** xdist's own words for a process that is there no more. */
function died({ said }: WorkerDown): boolean {
  return said === 'Not properly terminated';
}

/** "_pytest.config.ConftestImportFailure: RuntimeError: x (from /app/conftest.py)" says all; other errors need what they came from. */
function errorOf({ said, cause }: WorkerDown): string {
  const conftest = /ConftestImportFailure: (.*)$/.exec(said)?.[1];
  if (conftest !== undefined) return clipped(conftest);
  const error = said.replace(/^(?:\w+\.)+(?=\w+:)/, '');
  return clipped(cause === null || cause === said ? error : `${error}: ${cause}`);
}

/** The limit that ends a process in the middle of a test; null if none was over. */
function timeoutOf(session: ProbeSession, end: number | null): TestTimeout | null {
  const test = runningIn(session);
  if (test === null || end === null) return null;
  const { timeout } = session.ending;
  const dump = session.configuration?.['dump'];
  const limits: TestTimeout[] = [
    ...(timeout?.method === 'thread' ? [{ seconds: timeout.seconds, by: 'pytest-timeout' as const }] : []),
    ...(typeof dump === 'number' && dump > 0 ? [{ seconds: dump, by: 'faulthandler' as const }] : []),
  ];
  const over = limits.filter(({ seconds }) => end - test.from >= seconds);
  return over.sort((a, b) => a.seconds - b.seconds)[0] ?? null;
}
