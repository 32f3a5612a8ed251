/** Whether the clock within the container can be believed: a suite may replace it, and then no time from inside is one. */
import { figure } from '../../format/figure.ts';
import type { PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { ProbeSession } from './probe-records.ts';

/** What clocks may differ by: /proc/uptime has hundredths, and the engine's stamps are late by some tenths. */
const SLACK_SECONDS = 0.5;
const SLACK_SHARE = 0.05;

/**
 * @param containerSeconds the container's running time by the engine; null if it is not known
 * @returns half a sentence about what is wrong with it; null if nothing is
 */
export function clockFault(sessions: readonly ProbeSession[], containerSeconds: number | null): string | null {
  if (sessions.some(({ ending }) => ending.wentBack)) return "the container's clock was set back while a test ran";
  const spans = sessions.flatMap(spansOf);
  const faults = spans.filter(({ inside, real }) => Math.abs(inside - real) > slack(real));
  const [worst] = faults.sort((a, b) => Math.abs(b.inside - b.real) - Math.abs(a.inside - a.real));
  if (worst !== undefined) return disagreement(worst.inside, worst.real);
  if (containerSeconds === null) return null;
  const moments = sessions.flatMap(momentsOf);
  const inside = moments.length === 0 ? 0 : largest(moments) - smallest(moments);
  // A pytest takes no longer than its container; that may have done other things as well.
  return inside > containerSeconds + 2 * slack(containerSeconds) ? disagreement(inside, containerSeconds) : null;
}

/** What is left of a profile whose clock cannot be believed: what ran and how it ended. */
export function withoutTimes(profile: PytestProfile): PytestProfile {
  const nothing = { workers: [], slowestTests: [], fixtures: [], markers: [], directories: [], files: [] };
  const {
    table: _table,
    sleeps: _sleeps,
    startedPytests: _pytests,
    connections: _connections,
    collectedFiles: _files,
    ...rest
  } = profile;
  const cutOff = profile.cutOff ?? null;
  return {
    ...rest,
    ...nothing,
    path: null,
    coverageReportSeconds: null,
    cutOff: cutOff && { ...cutOff, running: cutOff.running.map((test) => ({ ...test, seconds: null })) },
  };
}

/** By the session's clock and by the kernel's count of seconds, from its first line to each later one that has both. */
function spansOf({ ending: { clock } }: ProbeSession) {
  const [first, ...later] = clock;
  return first === undefined ? [] : later.map(({ at, up }) => ({ inside: at - first.at, real: up - first.up }));
}

function momentsOf({ sessionStart, collected, loopEnd, end, tests }: ProbeSession): number[] {
  const moments = [sessionStart, collected, loopEnd, end, ...tests.flatMap(({ from, to }) => [from, to])];
  return moments.flatMap((moment) => moment ?? []);
}

function largest(moments: readonly number[]): number {
  return moments.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

function smallest(moments: readonly number[]): number {
  return moments.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function slack(seconds: number): number {
  return SLACK_SECONDS + SLACK_SHARE * seconds;
}

function disagreement(inside: number, real: number): string {
  if (inside < 0) return "the container's clock was set back";
  return `the container's clock counted ${figure(inside, 'second')} while ${figure(real, 'second')} passed`;
}
