import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelsFor, minimise } from '../../../src/analysis/changepoints/minimise.ts';
import { penaltyOf, type Penalty } from '../../../src/analysis/changepoints/penalty.ts';

/** Runs around two levels, with excursions. */
const runs = fc
  .array(fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(0, 0, 0, 6, 6, 40)), {
    minLength: 1,
    maxLength: 25,
  })
  .map((pairs) => Float64Array.from(pairs, ([noise, level]) => noise + level));
const penalties = fc.record({
  change: fc.double({ min: 0.5, max: 30, noNaN: true }),
  outlier: fc.double({ min: 0.5, max: 15, noNaN: true }),
});

describe('minimise', () => {
  test('finds the least cost of all segmentations and all levels of the grid', () => {
    fc.assert(
      fc.property(runs, penalties, (z, penalty) => {
        const levels = levelsFor(z);
        const starts = minimise(z, penalty, levels);
        expect(costOf(z, starts, penalty, levels)).toBeCloseTo(leastCost(z, penalty, levels), 6);
      }),
    );
  });

  test('gives ascending places inside the series', () => {
    fc.assert(
      fc.property(runs, penalties, (z, penalty) => {
        const starts = minimise(z, penalty);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        for (const start of starts) expect(start > 0 && start < z.length).toBe(true);
      }),
    );
  });

  test.each([
    ['two newest runs at another level are outliers', 2, []],
    ['three are a change', 3, [40]],
  ])('with the penalty for 40 runs %s', (_, newest, expected) => {
    const z = Float64Array.from([...Array<number>(40).fill(0), ...Array<number>(newest).fill(20)]);
    expect(minimise(z, penaltyOf(40, 1))).toEqual(expected);
  });

  test.each([
    ['four runs that come back are outliers', 4, []],
    ['six are two changes', 6, [20, 26]],
  ])('with the penalty for 40 runs %s', (_, count, expected) => {
    const z = Float64Array.from({ length: 40 }, (__, index) => (index >= 20 && index < 20 + count ? 20 : 0));
    expect(minimise(z, penaltyOf(40, 1))).toEqual(expected);
  });
});

describe('the grid', () => {
  test('has a level within half its width of each run', () => {
    fc.assert(
      fc.property(runs, (z) => {
        const levels = levelsFor(z);
        for (const run of z)
          expect(Math.min(...levels.map((level) => Math.abs(level - run)))).toBeLessThanOrEqual(0.125 + 1e-9);
      }),
    );
  });

  test('stays small for runs that are far apart', () => {
    expect(levelsFor(Float64Array.from({ length: 2_000 }, (_, index) => index * 100)).length).toBeLessThan(10_000);
  });
});

/** All starts of the last segment before each end, O(runs² × levels): slow, and plainly the definition. */
function leastCost(z: Float64Array, penalty: Penalty, levels: Float64Array): number {
  const least = [-penalty.change];
  for (let end = 1; end <= z.length; end += 1) {
    let best = Number.POSITIVE_INFINITY;
    for (let start = 0; start < end; start += 1)
      best = Math.min(best, least[start]! + penalty.change + segmentCost(z, start, end, penalty, levels));
    least.push(best);
  }
  return least[z.length]!;
}

function costOf(z: Float64Array, starts: readonly number[], penalty: Penalty, levels: Float64Array): number {
  const bounds = [0, ...starts, z.length];
  return bounds
    .slice(1)
    .reduce(
      (sum, end, index) => sum + segmentCost(z, bounds[index]!, end, penalty, levels),
      penalty.change * starts.length,
    );
}

function segmentCost(z: Float64Array, start: number, end: number, penalty: Penalty, levels: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const level of levels) {
    let cost = 0;
    for (let index = start; index < end; index += 1) cost += Math.min((z[index]! - level) ** 2, penalty.outlier);
    least = Math.min(least, cost);
  }
  return least;
}
