/** What a pytest was running when it was killed, ran out of memory, or was stopped at its deadline. */
import { figure } from '../../format/figure.ts';
import type { CutOff, PytestProfile, RunningTest } from '../../model/profile/pytest-profile.ts';
import type { TestCounts } from '../../model/test-counts.ts';
import { clipped, micro } from './foreign-json.ts';
import type { ProbeSession } from './probe-records.ts';
import type { Run } from './run.ts';

const MOST_RUNNING = 5;
/** The engine's timestamps are a few tenths of a second late on a busy machine: a shorter time is not reliable. */
const COARSE_SECONDS = 1;

/** Of the last session of pytest. @returns null where its tests ended and pytest did */
export function cutOffOf(
  runs: readonly Run[],
  containerSeconds: number | null,
  finishedAt: number | null,
): CutOff | null {
  const last = runs.at(-1);
  if (last === undefined || last.main.end !== null) return null;
  if (last.main.finished) return { during: 'report', running: [] };
  const sessions = [last.main, ...last.workers];
  const running = sessions.flatMap((session) => runningIn(session, endOf(runs, containerSeconds, finishedAt)));
  const begun = sessions.some(({ tests }) => tests.length > 0);
  return {
    during: begun ? 'tests' : 'collection',
    running: running.sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0)).slice(0, MOST_RUNNING),
  };
}

/**
 * The container's end by the probe's clock. On a busy machine the engine stamps a container's start up to seconds after its
 * first process began, so its stamp of the end counts. Where the container's own date is another, the running time does.
 */
export function endOf([first]: readonly Run[], seconds: number | null, finishedAt: number | null): number | null {
  if (first === undefined || seconds === null) return null;
  const { containerStart, since, aheadOfWall } = first.main;
  const byStamp = finishedAt === null || aheadOfWall === null ? null : finishedAt + aheadOfWall;
  const earliest = containerStart === null ? null : containerStart + seconds;
  if (byStamp === null || byStamp > since + seconds + COARSE_SECONDS) return earliest;
  return byStamp < (earliest ?? since) - COARSE_SECONDS ? earliest : byStamp;
}

function runningIn({ tests, worker }: ProbeSession, end: number | null): RunningTest[] {
  return tests
    .filter(({ to }) => to === null)
    .map(({ id, from }) => ({
      id: clipped(id),
      worker: worker ?? 'main',
      seconds: end === null || end < from - COARSE_SECONDS ? null : micro(Math.max(0, end - from)),
    }));
}

/** What had ended when a session was cut off: its own counts come only with its end. */
export function countsSoFar({ main, workers }: Run): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0, errors: 0 };
  for (const { outcome } of [main, ...workers].flatMap(({ tests }) => tests)) {
    if (outcome === 'passed' || outcome === 'xpassed') counts.passed += 1;
    if (outcome === 'failed') counts.failed += 1;
    if (outcome === 'skipped' || outcome === 'xfailed') counts.skipped += 1;
    if (outcome === 'error') counts.errors += 1;
  }
  return counts;
}

/** One sentence; null if pytest came to its end, or if nothing is known to have been running. */
export function cutOffWords(pytest: Pick<PytestProfile, 'cutOff'> | null | undefined): string | null {
  const cutOff = pytest?.cutOff ?? null;
  if (cutOff === null) return null;
  if (cutOff.during === 'collection') return 'No test had started: pytest was still collecting.';
  if (cutOff.during === 'report') return 'All tests had ended: pytest was in its tear-down or writing reports.';
  const [first, ...others] = cutOff.running;
  if (first === undefined) return null;
  const { id, seconds } = first;
  const since =
    seconds === null || seconds < COARSE_SECONDS ? 'was running' : `had been running for ${figure(seconds, 'second')}`;
  const concurrent = others.length === 0 ? '' : `, and ${others.length} more at the same time`;
  return `\`${id}\` ${since}${concurrent}.`;
}
