import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median } from '../../../src/analysis/statistics/median.ts';
import { samplesOf, type Samples } from '../../../src/analysis/statistics/samples.ts';
import { worst } from '../../../src/analysis/statistics/worst.ts';

const samples = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 30 })
  .map((values) => values as unknown as Samples);

describe('the median', () => {
  test.each([
    [[4], 4],
    [[1, 9], 5],
    [[9, 1, 5], 5],
    [[10, 9, 100, 2], 9.5],
    [[1, 1, 1, 1000], 1],
  ])('of %j is %d', (values, expected) => {
    expect(median(samplesOf(values)!)).toBe(expected);
  });

  test('is what taking away the least and the greatest in turn leaves over', () => {
    fc.assert(
      fc.property(samples, (values) => {
        let left = [...values];
        while (left.length > 2) left = without(without(left, Math.min(...left)), Math.max(...left));
        const naive = left.reduce((sum, value) => sum + value, 0) / left.length;
        expect(median(values)).toBeCloseTo(naive, 2);
      }),
    );
  });

  test('leaves the samples as they were, in whatever order', () => {
    const values: Samples = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('the worst', () => {
  test('is one of the samples, and none is larger', () => {
    fc.assert(
      fc.property(samples, (values) => {
        expect(values).toContain(worst(values));
        expect(values.every((value) => value <= worst(values))).toBe(true);
      }),
    );
  });
});

test('an empty list has no statistics', () => {
  expect(samplesOf([])).toBeNull();
});

function without(values: readonly number[], value: number): number[] {
  return values.toSpliced(values.indexOf(value), 1);
}
