import { describe, expect, test } from 'vitest';
import { countTests } from '../../../src/activities/trial/test-counts.ts';
import type { TrialProfile } from '../../../src/model/profile/trial-profile.ts';
import type { TestCounts } from '../../../src/model/test-counts.ts';
import type { SuiteEnd, SuiteStop } from '../../../src/model/suite-end.ts';
import { profileOf } from '../../analysis/pytest-profiles.ts';

const counts = (passed: number, failed = 0): TestCounts => ({ passed, failed, skipped: 0, errors: 0 });
const UNSEEN: TrialProfile = { notes: [], pytest: null };
const NO_REPORT = { kind: 'none', reason: 'no report' } as const;

describe('what was seen only in part', () => {
  const END: SuiteEnd = { stop: null, crashes: [], workerErrors: [], lostWorkers: 0, internalError: null };
  const stop: SuiteStop = {
    cause: { kind: 'processEnded' },
    during: 'tests',
    test: 'a',
    ended: 3,
    collected: 8,
    timeout: null,
  };
  const report = (passed: number) => ({ kind: 'counts', counts: counts(passed) }) as const;
  const seen = (change: Parameters<typeof profileOf>[0], end: SuiteEnd): TrialProfile => ({
    ...profileOf(change),
    end,
  });

  test('is counted by a report of at least all tests that were collected: pytest came to its end', () => {
    const counted = countTests(seen({ tests: counts(3) }, { ...END, stop }), report(8));
    expect(counted).toMatchObject({ counts: counts(8), profile: { end: { stop: null } } });
    expect(counted.profile.notes).toHaveLength(1);
  });

  test('stays as it was seen where the report may be of a pytest that a test started', () => {
    const counted = countTests(seen({ tests: counts(3) }, { ...END, stop }), report(2));
    expect(counted).toMatchObject({ counts: counts(3), profile: { end: { stop } } });
  });

  test('is counted by the report where no test was seen at all', () => {
    const none = { tests: counts(0), testSet: { count: 0, digest: '' } };
    expect(countTests(seen(none, END), report(4)).counts).toEqual(counts(4));
  });
});

test.each([
  [
    'from the instrumented pytest',
    profileOf({ tests: counts(3) }),
    { kind: 'counts', counts: counts(3) },
    counts(3),
    0,
  ],
  ['so where there is no report', profileOf({ tests: counts(3, 1) }), NO_REPORT, counts(3, 1), 0],
  [
    'so where the report differs, which is noted',
    profileOf({ tests: counts(3) }),
    { kind: 'counts', counts: counts(2) },
    counts(3),
    1,
  ],
  [
    'so with a report that holds the last of two runs',
    profileOf({ sessions: 2, tests: counts(3) }),
    { kind: 'counts', counts: counts(2) },
    counts(3),
    0,
  ],
  ['from the report where nothing was seen', UNSEEN, { kind: 'counts', counts: counts(2) }, counts(2), 0],
  [
    'as none that ended, and not as 0, where the first was still running',
    profileOf({ tests: counts(0), cutOff: { during: 'tests', running: [{ id: 'a', worker: 'main', seconds: 3 }] } }),
    NO_REPORT,
    null,
    0,
    '`a` had been running for 3 s.',
  ],
  ['unknown without both', UNSEEN, NO_REPORT, null, 0],
] as const)('tests are counted %s', (_, profile, junit, expected, notes, reason: string | null = null) => {
  const counted = countTests(profile, junit);
  expect(counted.counts).toEqual(expected);
  expect(counted.reason).toBe(expected === null ? (reason ?? 'no report') : null);
  expect(counted.profile.notes).toHaveLength(notes);
});

test('if the report was not read, the counts of the instrumented pytest are used, with a note', () => {
  const seen = profileOf({ tests: counts(3) });
  const counted = countTests(seen, { kind: 'notRead', note: 'The report has 300 MB.' });
  expect(counted.counts).toEqual(counts(3));
  expect(counted.profile.leftOut).toEqual(['The report has 300 MB.']);
});
