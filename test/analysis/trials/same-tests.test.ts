import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { factsOf, FULL, planOf, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

const MANY = { count: 312, digest: 'aaaa' };
const FEW = { count: 40, digest: 'bbbb' };

function trials(...sets: readonly (typeof MANY | null)[]): TrialRecord[] {
  return sets.map((testSet, i) =>
    trialOf(FULL, {
      trial: i + 1,
      seconds: testSet === FEW ? 5 : 40 + i,
      tests: { passed: testSet?.count ?? 312, failed: 0, skipped: 0, errors: 0 },
      profile: testSet && profileOf({ testSet }),
    }),
  );
}

function secondsOf(...sets: readonly (typeof MANY | null)[]) {
  const facts = factsOf({ plan: planOf({ scenarios: [FULL] }), trials: trials(...sets) });
  const { scenarios, notes } = analyze(facts);
  return { seconds: scenarios[0]!.seconds, notes };
}

describe('the samples of a scenario', () => {
  test.each([
    ['all, where each ran the same tests', [MANY, MANY, MANY], 41],
    ['those of the most common set: a trial that ran fewer tests is not faster', [MANY, FEW, MANY], 41],
    ['of two as common, the larger set', [FEW, MANY], 41],
    ['with one whose pytest was not instrumented, if its counts agree', [MANY, null, MANY], 41],
    ['without it, if they do not', [FEW, null], 5],
    ['all, where none was seen', [null, null, null], 41],
  ])('are %s', (_, sets, seconds) => {
    expect(secondsOf(...sets).seconds).toBe(seconds);
  });

  test('are reported if trials were left out', () => {
    expect(secondsOf(MANY, FEW, MANY).notes).toContain(
      'Full Test Suite: its trials did not run the same tests (312, 40 of them). Only the 2 of 3 that ran the same tests count.',
    );
  });
});
