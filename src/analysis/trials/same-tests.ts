/** Which trials of a scenario may be compared: those that ran the same tests. A run that left tests out is the faster one. */
import type { TrialRecord } from '../../model/run.ts';
import type { TestCounts } from '../../model/test-counts.ts';

/**
 * The trials of the set of tests that most of them ran; of two equally common ones, the larger set. A trial whose set is
 * not known stays if its counts are those of one that is, and where no set is known all stay.
 */
export function alike<Trial extends TrialRecord>(trials: readonly Trial[]): Trial[] {
  const common = commonSet(trials);
  if (common === null) return [...trials];
  const counts = trials.filter((trial) => testSetOf(trial)?.digest === common.digest).map(({ tests }) => tests);
  return trials.filter((trial) => {
    const set = testSetOf(trial);
    return set === null ? counts.some((known) => sameCounts(known, trial.tests)) : set.digest === common.digest;
  });
}

export function testSetOf({ profile }: Pick<TrialRecord, 'profile'>) {
  return profile?.pytest?.testSet ?? null;
}

function commonSet(trials: readonly TrialRecord[]) {
  const sets = trials.map(testSetOf).filter((set) => set !== null);
  const times = (digest: string) => sets.filter((set) => set.digest === digest).length;
  return sets.reduce<(typeof sets)[number] | null>((best, set) => {
    if (best === null) return set;
    const more = times(set.digest) - times(best.digest);
    return more > 0 || (more === 0 && set.count > best.count) ? set : best;
  }, null);
}

function sameCounts(a: TestCounts | null, b: TestCounts | null): boolean {
  return a !== null && b !== null && a.passed === b.passed && a.failed === b.failed && a.errors === b.errors;
}
