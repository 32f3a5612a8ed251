import { describe, expect, test } from 'vitest';
import { endOfFailure } from '../../../src/analysis/advice/failed-side.ts';
import { judgeTests } from '../../../src/analysis/advice/judge-tests.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { badTrialOf, FULL, trialOf } from '../facts.ts';

const GREEN = trialOf(FULL);
const RED = badTrialOf(FULL, 'testsFailed', '1 of 312 tests failed.', {
  tests: { passed: 311, failed: 1, skipped: 4, errors: 0 },
});
const REDDER = { ...RED, tests: { passed: 309, failed: 3, skipped: 4, errors: 0 } };
const BROKEN = badTrialOf(FULL, 'testsBroken', 'The test run stopped early.');
const FEWER = trialOf(FULL, { tests: { passed: 300, failed: 0, skipped: 16, errors: 0 } });
const LOST = badTrialOf(FULL, 'lost', 'The container is gone.');

describe('the tests with a remedy', () => {
  test.each<readonly [string, readonly TrialRecord[], readonly TrialRecord[], object]>([
    ['need a trial of the base first', [], [], { kind: 'more', side: 'base' }],
    ['need a trial of their own', [GREEN], [], { kind: 'more', side: 'head' }],
    ['are the same where both are green', [GREEN], [GREEN], { kind: 'same', wereRed: false }],
    ['are run once more where they are red', [GREEN], [RED], { kind: 'more', side: 'head' }],
    ['are red where they are red twice', [GREEN], [RED, RED], { state: 'rejected', reason: { kind: 'testsRed' } }],
    [
      'are unstable where they are red once',
      [GREEN],
      [RED, GREEN],
      { state: 'inconclusive', reason: { kind: 'testsUnstable' } },
    ],
    ['are red where they break off', [GREEN], [BROKEN, BROKEN], { state: 'rejected', reason: { kind: 'testsRed' } }],
    [
      'are others where fewer ran',
      [GREEN],
      [FEWER],
      { state: 'rejected', reason: { kind: 'testsChanged', base: 312, head: 300 } },
    ],
    ['may be as red as they were', [RED], [RED], { kind: 'same', wereRed: true }],
    ['may be greener than they were', [RED], [GREEN], { kind: 'same', wereRed: true }],
    ['must not be redder than they were', [RED], [REDDER, REDDER], { state: 'rejected', reason: { kind: 'testsRed' } }],
    [
      'say nothing where those of the base break off',
      [BROKEN],
      [],
      { state: 'inconclusive', reason: { kind: 'baseRed' } },
    ],
    ['say nothing where they are lost', [GREEN], [LOST], { state: 'inconclusive', reason: { kind: 'notMeasured' } }],
  ])('%s', (_, base, head, expected) => {
    expect(judgeTests(base, head)).toMatchObject(expected);
  });
});

const problem = (type: 'BuildFailed' | 'DiskFull' | 'WrongUsage') =>
  ({ type, what: 'It failed.', next: 'Look.' }) as const;

test.each([
  ['a remedy that cannot be built', 'head', 'buildImages', 'BuildFailed', 'rejected', 'broken'],
  ['a patch that does not fit', 'head', 'prepareSource', 'WrongUsage', 'inconclusive', 'doesNotApply'],
  ['a full disk', 'head', 'buildImages', 'DiskFull', 'inconclusive', 'notMeasured'],
  ['a base that cannot be built', 'base', 'buildImages', 'BuildFailed', 'inconclusive', 'notMeasured'],
] as const)('%s ends a verification', (_, side, activity, type, state, kind) => {
  expect(endOfFailure({ side, activity, problem: problem(type) })).toMatchObject({ state, reason: { kind } });
});
