/** Explains in one sentence why pytest did not run everything that it had collected, or which of its processes died. */
import { figure } from '../../format/figure.ts';
import type { TrialOutcomeKind } from '../../model/run.ts';
import { type TestCounts, totalOf } from '../../model/test-counts.ts';
import type { SuiteEnd, SuiteStop, TestTimeout, WorkerCrash } from '../../model/suite-end.ts';

const MOST_NAMED = 3;

interface Known {
  readonly exitCode: number;
  readonly tests: TestCounts | null;
  /** What the output says, as half a sentence. */
  readonly said: string | null;
}

/** @returns null if exit code and counts already say as much */
export function stopJudgement(
  end: SuiteEnd,
  known: Known,
): { readonly outcome: TrialOutcomeKind; readonly reason: string } | null {
  const { stop } = end;
  const { exitCode, tests, said } = known;
  const bad = tests === null ? 0 : tests.failed + tests.errors;
  const broken = (reason: string) => ({ outcome: 'testsBroken' as const, reason: `${reason.replace(/\.$/, '')}.` });
  const workers = workerWords(end);
  if (workers !== null && countOf(tests) === 0) return broken(`${workers} (exit code ${exitCode})`);
  if (stop === null) return null;
  const { cause } = stop;
  const stopped = `${stopWords(stop)}, with exit code ${exitCode}`;
  switch (cause.kind) {
    case 'processEnded':
      if (stop.during === 'start' && exitCode !== 0) return null;
      if (stop.timeout !== null && stop.test !== null)
        return broken(
          `${timeoutWords(stop.test, stop.timeout)}, which ended pytest ${after(stop)} (exit code ${exitCode})`,
        );
      return broken(`${stopped}${stop.during === 'start' && said !== null ? `: ${said}` : failedSoFar(bad)}`);
    case 'exitCalled':
      return broken(`${stopped}: ${callOf(cause.message)}${failedSoFar(bad)}`);
    case 'internalError':
      if (exitCode === 3) return null;
      return broken(`${stopped}, for an error inside pytest${because(end.internalError ?? said)}`);
    case 'interrupted':
    case 'limit':
      if (bad > 0 || exitCode > 2) return null;
      return broken(`${stopped}${because(cause.message ?? said)}`);
    case 'unknown':
      return bad > 0 ? null : broken(stopped);
  }
}

/** "`a` crashed its worker gw0, and `b` its worker gw1"; null if none did */
export function crashWords({ crashes }: SuiteEnd): string | null {
  const named = crashes.slice(0, MOST_NAMED).map(crashOf);
  const more = crashes.length - named.length;
  const parts = more === 0 ? named : [...named, `${more} more tests crashed their workers`];
  const last = parts.at(-1);
  if (last === undefined) return null;
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')}, and ${last}`;
}

/** What pytest or a plugin said of the stop; null if nothing. */
export function stopMessage({ stop }: SuiteEnd): string | null {
  const message = stop !== null && 'message' in stop.cause ? stop.cause.message : null;
  return message?.replace(/\.$/, '') ?? null;
}

/** Why xdist's workers could not run tests; null if nothing kept them from it. */
function workerWords({ workerErrors, lostWorkers, internalError }: SuiteEnd): string | null {
  const error = workerErrors[0] ?? (lostWorkers === 0 ? null : internalError);
  if (error !== null) return `The workers of pytest-xdist could not start: ${error}`;
  return lostWorkers === 0 ? null : `${processes(lostWorkers)} of pytest-xdist ended before any test ran`;
}

function processes(count: number): string {
  return count === 1 ? 'A worker' : `${count} workers`;
}

function crashOf({ test, worker, timeout }: WorkerCrash): string {
  if (timeout === null) return `\`${test}\` crashed its worker ${worker}`;
  return `${timeoutWords(test, timeout)}, which ended its worker ${worker}`;
}

function timeoutWords(test: string, { seconds, by }: TestTimeout): string {
  const method = by === 'pytest-timeout' ? 'pytest-timeout, thread method' : 'faulthandler_timeout';
  return `\`${test}\` did not end within its timeout of ${figure(seconds, 'second')} (${method})`;
}

function stopWords(stop: SuiteStop): string {
  if (stop.during === 'start') return 'pytest ended before its tests were collected';
  if (stop.during === 'collection') return 'The suite stopped while pytest was collecting its tests';
  return `The suite stopped${stop.test === null ? '' : ` in \`${stop.test}\``} ${after(stop)}`;
}

function after({ ended, collected }: SuiteStop): string {
  if (collected === null) return `after ${ended} ${ended === 1 ? 'test' : 'tests'}`;
  return `after ${ended} of ${collected} ${collected === 1 ? 'test' : 'tests'}`;
}

function failedSoFar(bad: number): string {
  return bad === 0 ? '' : `; ${bad} of them failed`;
}

function callOf(message: string | null): string {
  return message === null ? 'pytest.exit() was called' : `pytest.exit() was called ("${message}")`;
}

function because(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`;
}

function countOf(tests: TestCounts | null): number {
  return tests === null ? 0 : totalOf(tests);
}
