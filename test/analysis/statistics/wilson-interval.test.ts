import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../../../src/analysis/statistics/wilson-interval.ts';

describe("Wilson's interval", () => {
  // R: prop.test(x, n, correct = FALSE)$conf.int
  test.each([
    [0, 10, 0, 0.2775328],
    [1, 2, 0.0945312, 0.9054688],
    [5, 10, 0.2365931, 0.7634069],
    [10, 10, 0.7224672, 1],
  ])('of %i in %i', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });

  test('holds the proportion, and solves the equation that defines it', () => {
    for (const [k, n] of [
      [3, 7],
      [1, 40],
      [39, 40],
    ] as const) {
      const { low, high } = wilsonInterval(k, n);
      for (const bound of [low, high]) {
        // |p − bound| is z standard errors at the bound itself.
        expect((k / n - bound) ** 2 / ((bound * (1 - bound)) / n)).toBeCloseTo(1.959964 ** 2, 4);
      }
    }
  });
});
