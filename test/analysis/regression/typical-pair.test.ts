import { expect, test } from 'vitest';
import { typicalPair } from '../../../src/analysis/regression/typical-pair.ts';
import type { Measured, Pair } from '../../../src/model/regression.ts';

function pairOf([base, head]: readonly [number, number], disturbed: string | null = null): Pair {
  const measured = (value: number): Measured => ({ value, hostId: 'h', startedAt: null, disturbed, tests: null });
  return { base: measured(base), head: measured(head), first: 'base' };
}

const pairsOf = (...figures: readonly (readonly [number, number])[]) => figures.map((each) => pairOf(each));

test('the pair nearest to the medians of both sides stands for all', () => {
  expect(typicalPair(pairsOf([2, 9], [5, 4], [2.1, 4.1], [1, 4], [2, 4.4]), 'regressed')).toBe(2);
});

test('a disturbed pair only where there is no other', () => {
  expect(typicalPair([pairOf([2, 4], 'busy'), pairOf([2, 5])], 'regressed')).toBe(1);
  expect(typicalPair([pairOf([2, 4], 'busy')], 'regressed')).toBe(0);
});

test('a pair that moved against the verdict never', () => {
  expect(typicalPair(pairsOf([4, 4], [4, 4], [4, 2]), 'improved')).toBe(2);
  expect(typicalPair(pairsOf([4, 4], [4, 3.5]), 'regressed')).toBeNull();
  expect(typicalPair([], 'regressed')).toBeNull();
});
