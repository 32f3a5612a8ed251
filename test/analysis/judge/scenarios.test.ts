import { describe, expect, test } from 'vitest';
import { judgeScenarios } from '../../../src/analysis/judge/scenarios.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { badTrialOf, factsOf, FULL, planOf, trialOf } from '../facts.ts';

function judge(trials: readonly TrialRecord[], targetSeconds: number | null = 180) {
  const plan = planOf({ scenarios: [{ ...FULL, targetSeconds }] });
  return judgeScenarios(factsOf({ plan, trials }))[0]!;
}

const passed = (trial: number, seconds: number, change: Partial<TrialRecord> = {}) =>
  trialOf(FULL, { trial, seconds, ...change });
const red = (trial: number, change: Partial<TrialRecord> = {}) =>
  badTrialOf(FULL, 'testsFailed', '3 of 312 tests failed.', { trial, seconds: 1, exitCode: 1, ...change });
const lost = (trial: number, change: Partial<TrialRecord> = {}) =>
  badTrialOf(FULL, 'lost', 'The worker went away.', { trial, seconds: null, ...change });

describe('a scenario', () => {
  test.each([
    ['is judged by its median', [passed(1, 10), passed(2, 900), passed(3, 20)], 20, 'pass'],
    ['misses a target that it reaches exactly', [passed(1, 180)], 180, 'missed'],
    ['is not judged by its warm-ups', [passed(1, 500, { kind: 'warmup' }), passed(2, 20)], 20, 'pass'],
    ['is not judged by a try that was lost', [lost(1), passed(1, 20, { try: 2 })], 20, 'pass'],
    ['takes the last try, in whatever order they are stored', [passed(1, 20, { try: 2 }), lost(1)], 20, 'pass'],
    ['fails with one red trial, and its time is that of the clean ones', [red(1), passed(2, 20)], 20, 'failed'],
    ['does not win by a broken run', [red(1)], null, 'failed'],
    ['may have a red warm-up', [red(1, { kind: 'warmup' }), passed(2, 20)], 20, 'pass'],
    ['is an error when its last try was lost', [lost(1), lost(1, { try: 2 })], null, 'error'],
    ['is an error before it is a failure', [red(1), lost(2)], null, 'error'],
    ['is not measured without a trial', [], null, 'notMeasured'],
    ['is not measured by warm-ups alone', [passed(1, 20, { kind: 'warmup' })], null, 'notMeasured'],
  ] as const)('%s', (_, trials, seconds, verdict) => {
    expect(judge(trials)).toMatchObject({ seconds, verdict });
  });

  test('without a target passes when it is green', () => {
    expect(judge([passed(1, 1e6)], null)).toMatchObject({ verdict: 'pass', target: null });
  });

  test.each(['testsFailed', 'testsBroken', 'noTests', 'outOfMemory', 'killed', 'timedOut'] as const)(
    'that ends %s has failed, with the reason',
    (outcome) => {
      const trial = badTrialOf(FULL, outcome, 'This is why.', { seconds: 0.5 });
      expect(judge([trial])).toMatchObject({ verdict: 'failed', seconds: null, reason: 'This is why.' });
    },
  );

  test.each(['commandNotFound', 'infrastructure', 'lost'] as const)('that ends %s is an error', (outcome) => {
    expect(judge([badTrialOf(FULL, outcome, 'This is why.')])).toMatchObject({ verdict: 'error', seconds: null });
  });

  test('says how many of its trials are affected', () => {
    expect(judge([red(1), passed(2, 20), red(3)]).reason).toBe('2 of 3 trials: 3 of 312 tests failed.');
  });

  test('that passed without a time is not measured, and 0 is never put in its place', () => {
    expect(judge([passed(1, 1, { seconds: null })])).toMatchObject({ verdict: 'notMeasured', seconds: null });
  });

  test('shows every try in order', () => {
    const { trials } = judge([passed(2, 1), passed(1, 1, { try: 2 }), lost(1)]);
    expect(trials.map(({ trial, try: number }) => [trial, number])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });
});
