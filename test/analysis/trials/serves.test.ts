/** Which trials may answer which question of an audit. */
import { describe, expect, test } from 'vitest';
import { caveatsOf, conditionOf, isWhole, type Question, serves } from '../../../src/analysis/trials/serves.ts';
import type { TestTiming } from '../../../src/model/profile/pytest-profile.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { FULL, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

const QUESTIONS: readonly Question[] = ['configuration', 'collection', 'singleTest', 'allTests'];
const SLOW = {
  id: 'tests/test_a.py::test_x',
  seconds: 9,
  setup: 0,
  call: 9,
  teardown: 0,
  outcome: 'passed',
  worker: 'main',
} as const;
const profile = profileOf({ slowestTests: [SLOW] });
const disturbed = { reason: 'other work took 31 % of its CPUs' };

test.each<readonly [string, Partial<TrialRecord>, readonly Question[]]>([
  ['green', {}, QUESTIONS],
  ['green and disturbed', { disturbed }, QUESTIONS],
  ['red', { outcome: 'testsFailed', exitCode: 1 }, QUESTIONS],
  [
    'red with -x, which ends at the first failure',
    { outcome: 'testsFailed', profile: profileOf({ slowestTests: [SLOW], configuration: { maxFailures: 1 } }) },
    ['configuration', 'collection', 'singleTest'],
  ],
  [
    'red, with a crashed worker',
    { outcome: 'testsFailed', hint: { kind: 'workerCrashed', test: 'tests/test_a.py::test_y', worker: 'gw0' } },
    ['configuration', 'collection', 'singleTest'],
  ],
  [
    "ended by xdist's own scheduler",
    { outcome: 'testsBroken', hint: { kind: 'schedulerCrashed', distribution: 'worksteal', error: 'AssertionError' } },
    ['configuration', 'collection', 'singleTest'],
  ],
  [
    'not finished within its time',
    { outcome: 'timedOut', seconds: null },
    ['configuration', 'collection', 'singleTest'],
  ],
  [
    'without a test that ran',
    { outcome: 'noTests', profile: profileOf({ path: { start: 1, collection: 2, tests: 0, report: 0, outside: 0 } }) },
    ['configuration'],
  ],
  ['never started', { outcome: 'infrastructure' }, []],
  ['without a profile', { profile: null }, []],
])('a trial that is %s', (_, change, wanted) => {
  const trial = trialOf(FULL, { profile, ...change });
  expect(QUESTIONS.filter((question) => serves(trial, question))).toEqual(wanted);
});

describe('the words for it', () => {
  test.each<readonly [string | null, Partial<TrialRecord>]>([
    [null, {}],
    ['in a red trial', { outcome: 'testsFailed' }],
    ['in a disturbed trial', { disturbed }],
    ['in a red and disturbed trial', { outcome: 'testsBroken', disturbed }],
  ])('%s', (words, change) => {
    expect(conditionOf(trialOf(FULL, { profile, ...change }))).toBe(words);
  });

  test('say that a suite broke off, and only then', () => {
    expect(caveatsOf(trialOf(FULL, { profile }))).toEqual([]);
    expect(caveatsOf(trialOf(FULL, { profile, outcome: 'testsFailed' }))).toEqual([
      'seen in a red trial of Full Test Suite',
    ]);
    expect(caveatsOf(trialOf(FULL, { profile, outcome: 'testsBroken' }))).toEqual([
      'seen in a red trial of Full Test Suite, which broke off before all tests had run',
    ]);
  });
});

test('a record is whole if its phases add up to most of its time', () => {
  const timing: TestTiming = SLOW;
  expect(isWhole(timing)).toBe(true);
  expect(isWhole({ ...timing, call: 0 })).toBe(false);
});
