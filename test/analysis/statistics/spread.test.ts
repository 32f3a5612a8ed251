import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { medianInterval } from '../../../src/analysis/statistics/median-interval.ts';
import { samplesOf } from '../../../src/analysis/statistics/samples.ts';
import { minimumDetectableEffect } from '../../../src/analysis/statistics/minimum-detectable-effect.ts';
import { createRandom } from '../../../src/plan/random.ts';

const oneTo = (n: number) => samplesOf(Array.from({ length: n }, (_, index) => index + 1))!;

/** Every way in which n samples can fall below or above the median, counted out. */
function countedCoverage(n: number, low: number, high: number): number {
  let holds = 0;
  for (let bits = 0; bits < 2 ** n; bits += 1) {
    const below = bits.toString(2).replaceAll('0', '').length;
    if (below >= low && below < high) holds += 1;
  }
  return holds / 2 ** n;
}

describe('the interval of a median', () => {
  // The ranks are those of the published tables (David and Nagaraja; also Conover, table A3).
  test.each([
    [2, 1, 2, 0.5],
    [3, 1, 3, 0.75],
    [5, 1, 5, 0.9375],
    [6, 1, 6, 0.96875],
    [8, 1, 8, 0.9921875],
    [9, 2, 8, 0.9609375],
    [10, 2, 9, 0.978515625],
    [20, 6, 15, 0.958610534667969],
  ])('of %d samples runs from the %d. to the %d. and covers %d', (n, low, high, coverage) => {
    expect(medianInterval(oneTo(n))).toEqual({ low, high, coverage: expect.closeTo(coverage, 12) });
  });

  test('there is none of a single sample', () => {
    expect(medianInterval([3])).toBeNull();
  });

  test('covers what counting out every case gives', () => {
    for (let n = 2; n <= 14; n += 1) {
      const { low, high, coverage } = medianInterval(oneTo(n))!;
      expect(coverage).toBeCloseTo(countedCoverage(n, low, high), 12);
    }
  });

  test('is within the samples, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 2, maxLength: 40 }), (values) => {
        const interval = medianInterval(samplesOf(values)!)!;
        expect(interval).toEqual(medianInterval(samplesOf([...values].reverse())!));
        expect(values).toContain(interval.low);
        expect(interval.low).toBeLessThanOrEqual(interval.high);
      }),
    );
  });
});

describe('the smallest effect', () => {
  test.each([[[1]], [[1, 2]], [[2, 2, 2, 9]]])('of %j cannot be told', (values) => {
    expect(minimumDetectableEffect(samplesOf(values)!)).toBeNull();
  });

  test('is proportional to the noise and does not depend on the level', () => {
    const base = minimumDetectableEffect([10, 11, 12, 13, 14])!;
    expect(minimumDetectableEffect([110, 112, 114, 116, 118])).toBeCloseTo(2 * base, 9);
  });

  test('is seen in about four of five pairs of twenty normal samples', () => {
    const random = createRandom(7);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const medianOf = (values: number[]) =>
      values
        .sort((a, b) => a - b)
        .slice(9, 11)
        .reduce((sum, each) => sum + each, 0) / 2;
    const draw = () => Array.from({ length: 20 }, normal);
    const effects = Array.from({ length: 400 }, () => minimumDetectableEffect(samplesOf(draw())!)!);
    const effect = effects.reduce((sum, each) => sum + each, 0) / effects.length;
    const nulls = Array.from({ length: 4000 }, () => Math.abs(medianOf(draw()) - medianOf(draw()))).sort(
      (a, b) => a - b,
    );
    const critical = nulls[3800]!;
    const seen = Array.from({ length: 2000 }, () => medianOf(draw()) + effect - medianOf(draw()) > critical);
    const power = seen.filter(Boolean).length / seen.length;
    expect(power).toBeGreaterThan(0.72);
    expect(power).toBeLessThan(0.88);
  });
});
