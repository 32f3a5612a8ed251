/** How many tests passed and failed: from the instrumented pytest, else from its JUnit report. */
import { cutOffWords } from '../../collectors/pytest/cut-off.ts';
import type { PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { TrialProfile } from '../../model/profile/trial-profile.ts';
import { type TestCounts, totalOf } from '../../model/test-counts.ts';
import type { Tests } from './junit-report.ts';

export interface CountedTests {
  readonly counts: TestCounts | null;
  /** Why `counts` is null. */
  readonly reason: string | null;
  /** With a sentence where the two sources do not agree. */
  readonly profile: TrialProfile;
}

/**
 * A report holds one session of pytest, and only when that ended by itself; the probe has counted as far as it went, in
 * all of them. So the probe's counts win, and the report is what they are checked by.
 */
export function countTests(profile: TrialProfile, junit: Tests): CountedTests {
  const { pytest } = profile;
  const reported = junit.kind === 'counts' ? junit.counts : null;
  if (!pytest) return { counts: reported, reason: junit.kind === 'none' ? junit.reason : null, profile };
  if (reported !== null && reportKnowsMore(profile, pytest, reported)) return ofReport(profile, reported);
  // None that ended before a kill or a deadline is not the same as none.
  if (pytest.cutOff && totalOf(pytest.tests) === 0 && reported === null)
    return { counts: null, reason: cutOffWords(pytest) ?? 'no test had ended when pytest was stopped', profile };
  if (junit.kind === 'notRead') {
    const leftOut = [...(profile.leftOut ?? []), junit.note];
    return { counts: pytest.tests, reason: null, profile: { ...profile, leftOut } };
  }
  if (reported === null || pytest.sessions > 1 || agree(pytest.tests, reported)) {
    return { counts: pytest.tests, reason: null, profile };
  }
  const note = `pytest's JUnit report counts ${words(reported)}; the instrumented pytest counted ${words(pytest.tests)}, which is used here.`;
  return { counts: pytest.tests, reason: null, profile: { ...profile, notes: [...profile.notes, note] } };
}

/**
 * A suite may keep the probe from writing on (a full disk, another user, another root), or run its tests past the hooks
 * that it watches. A report of at least all tests that were collected then says that pytest came to its end.
 */
function reportKnowsMore({ end }: TrialProfile, pytest: PytestProfile, reported: TestCounts): boolean {
  if (pytest.sessions > 1) return false;
  const stop = end?.stop ?? null;
  if (stop === null) return pytest.testSet.count + totalOf(pytest.tests) === 0 && totalOf(reported) > 0;
  return stop.cause.kind === 'processEnded' && stop.collected !== null && totalOf(reported) >= stop.collected;
}

function ofReport(profile: TrialProfile, reported: TestCounts): CountedTests {
  const note = `pytest was instrumented only in part; its JUnit report counts ${words(reported)}, which is used here.`;
  const { end, notes } = profile;
  const known = { ...profile, notes: [...notes, note], ...(end ? { end: { ...end, stop: null } } : {}) };
  return { counts: reported, reason: null, profile: known };
}

function agree(a: TestCounts, b: TestCounts): boolean {
  return a.passed === b.passed && a.failed === b.failed && a.skipped === b.skipped && a.errors === b.errors;
}

function words({ passed, failed, skipped, errors }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped and ${errors} errors`;
}
