import { expect, test } from 'vitest';
import { shareWords, wilson } from '../../scripts/bench/support/share.ts';

test.each([
  // By hand from Wilson's formula, z = 1.96; at the ends of the range it stays within it.
  [40, 40, 0.9124, 1],
  [0, 40, 0, 0.0876],
  [20, 40, 0.352, 0.648],
  [0, 0, 0, 1],
])('%i of %i has the interval %f to %f', (hits, cases, low, high) => {
  expect(wilson(hits, cases)).toEqual({ low: expect.closeTo(low, 3), high: expect.closeTo(high, 3) });
});

test('prints a share with its count and interval', () => {
  expect(shareWords(39, 40)).toBe('39 of 40, 98 % (95 % interval 87 to 100 %)');
});
