/** Which tests were added and removed between two runs, and how long they take: their time says nothing about the code. */
import type { KnownTests, TestsChange } from '../../model/regression.ts';
import type { TestTiming } from '../../model/profile/pytest-profile.ts';

const MOST_NAMED = 10;

/**
 * Names come from the profiles' lists of tests; those hold the slowest only, so a large suite's change cannot be named. Parallel workers
 * run tests at the same time, so the seconds of tests are divided by the number of workers to get wall time.
 * @returns null if it is unknown which tests they are
 */
export function testsChange(base: KnownTests, head: KnownTests): TestsChange | null {
  if (base.testSet.digest === head.testSet.digest) return { kind: 'same' };
  if (!isComplete(base) || !isComplete(head)) return null;
  const added = without(head.slowestTests, base.slowestTests);
  const removed = without(base.slowestTests, head.slowestTests);
  return {
    kind: 'changed',
    added: named(added),
    addedCount: added.length,
    addedSeconds: secondsOf(added) / workersOf(head),
    removed: named(removed),
    removedCount: removed.length,
    removedSeconds: secondsOf(removed) / workersOf(base),
  };
}

function isComplete({ testSet, slowestTests }: KnownTests): boolean {
  return ran(slowestTests).length >= testSet.count;
}

function without(tests: readonly TestTiming[], others: readonly TestTiming[]): TestTiming[] {
  const known = new Set(ran(others).map(({ id }) => id));
  return ran(tests).filter(({ id }) => !known.has(id));
}

function ran(tests: readonly TestTiming[]): readonly TestTiming[] {
  return tests.filter(({ outcome }) => outcome !== 'skipped');
}

function named(tests: readonly TestTiming[]): string[] {
  return tests
    .map(({ id }) => id)
    .sort()
    .slice(0, MOST_NAMED);
}

function secondsOf(tests: readonly TestTiming[]): number {
  return tests.reduce((sum, { seconds }) => sum + seconds, 0);
}

function workersOf({ configuration }: KnownTests): number {
  return Math.max(1, configuration.workers);
}
