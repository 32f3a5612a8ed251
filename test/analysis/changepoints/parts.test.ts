import { describe, expect, test } from 'vitest';
import { deterministicChanges, isDeterministic } from '../../../src/analysis/changepoints/deterministic.ts';
import { noiseOfDifferences, noiseOfResiduals } from '../../../src/analysis/changepoints/noise.ts';
import { twoSided } from '../../../src/analysis/statistics/normal.ts';
import { penaltyOf } from '../../../src/analysis/changepoints/penalty.ts';
import { quantile } from '../../../src/analysis/changepoints/quantile.ts';
import { relocated } from '../../../src/analysis/changepoints/relocate.ts';
import { scaled, scaleOf, shareOf } from '../../../src/analysis/changepoints/scale.ts';
import { splitOf } from '../../../src/analysis/changepoints/split.ts';
import { stretchOf } from '../../../src/analysis/changepoints/stretch.ts';
import { lineThrough, trendZ } from '../../../src/analysis/changepoints/trend.ts';
import { createRandom } from '../../../src/plan/random.ts';

/** Standard normal by Box and Muller; autocorrelated by rho. */
function normals(seed: number, length: number, rho = 0): Float64Array {
  const random = createRandom(seed);
  const next = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let state = next();
  return Float64Array.from({ length }, () => {
    const now = state;
    state = rho * state + Math.sqrt(1 - rho ** 2) * next();
    return now;
  });
}

const whole = (y: Float64Array) => [{ start: 0, end: y.length, level: 0, sigma: 1, slope: 0 }];
const quietNoise = { sigma: 1, inflation: 1 };

describe('the noise', () => {
  test.each([
    ['of differences', (y: Float64Array) => noiseOfDifferences(y)],
    ['of residuals', (y: Float64Array) => noiseOfResiduals(y, whole(y))],
  ])('%s is the standard deviation of normal runs, and wider the more they depend on each other', (_, noiseOf) => {
    const independent = noiseOf(normals(1, 2_000));
    expect(independent.sigma).toBeGreaterThan(0.93);
    expect(independent.sigma).toBeLessThan(1.1);
    expect(independent.inflation).toBeLessThan(1.1);
    const dependent = noiseOf(normals(1, 2_000, 0.4));
    expect(dependent.sigma).toBeGreaterThan(0.9);
    expect(dependent.sigma).toBeLessThan(1.15);
    // (1 + 0.4) / (1 − 0.4)
    expect(dependent.inflation).toBeGreaterThan(1.8);
    expect(dependent.inflation).toBeLessThan(2.9);
  });

  test('of differences does not see level shifts', () => {
    const shifted = normals(2, 400).map((value, index) => value + 50 * Math.floor(index / 100));
    expect(noiseOfDifferences(shifted).sigma).toBeLessThan(1.2);
  });

  test('does not see spikes', () => {
    const spiky = normals(3, 400).map((value, index) => (index % 25 === 0 ? value + 100 : value));
    expect(noiseOfDifferences(spiky).sigma).toBeLessThan(1.3);
    expect(noiseOfResiduals(spiky, whole(spiky)).sigma).toBeLessThan(1.2);
  });

  test('is never nothing', () => {
    expect(noiseOfDifferences(new Float64Array(50))).toEqual({ sigma: 0.002, inflation: 1 });
  });
});

describe('the penalty', () => {
  test('of 100 independent runs is three times ln 100, and grows with what runs depend on each other', () => {
    expect(penaltyOf(100, 1).change).toBeCloseTo(13.8, 1);
    expect(penaltyOf(100, 2).change).toBeCloseTo(27.6, 1);
  });

  test('of a short series is that of 30 runs', () => {
    expect(penaltyOf(8, 1)).toEqual(penaltyOf(30, 1));
  });
});

describe('the scale', () => {
  test.each([
    [[1, 2, 4], { kind: 'log' }],
    [[0, 2, 4], { kind: 'linear', unit: 3 }],
    [[-8, 2, 4], { kind: 'linear', unit: 4 }],
    [[0, 0], { kind: 'linear', unit: 1 }],
  ] as const)('of %j is %j', (values, expected) => {
    expect(scaleOf(values)).toEqual(expected);
  });

  test('gives a share back', () => {
    const [before, after] = scaled([10, 12], { kind: 'log' });
    expect(shareOf(after! - before!, { kind: 'log' })).toBeCloseTo(0.2, 12);
    const [low, high] = scaled([10, 12], { kind: 'linear', unit: 10 });
    expect(shareOf(high! - low!, { kind: 'linear', unit: 10 })).toBeCloseTo(0.2, 12);
  });
});

describe('a metric without noise', () => {
  test.each([
    [[5, 5, 5, 5, 5, 6], true],
    [[5, 5, 5, 6, 5, 6], false],
    [[5], true],
  ])('%j: %j', (values, expected) => {
    expect(isDeterministic(Float64Array.from(values))).toBe(expected);
  });

  test.each([
    ['the newest run', [5, 5, 5, 6], [3]],
    ['an excursion of one run', [5, 5, 6, 5, 5], []],
    ['one of two', [5, 5, 6, 6, 5], [2, 4]],
    ['less than the smallest', [5, 5, 5.03, 5.03], []],
  ])('changes with %s at the right place', (_, values, expected) => {
    expect(deterministicChanges(Float64Array.from(values))).toEqual(expected);
  });
});

describe('a weak change', () => {
  test('of 0.8 standard deviations is found in 200 runs', () => {
    const y = normals(4, 200).map((value, index) => value + (index < 100 ? 0 : 0.8));
    const place = splitOf(y, stretchOf(y, 0, 200, quietNoise), quietNoise)!;
    expect(Math.abs(place - 100)).toBeLessThan(20);
  });

  test('is not made of independent runs', () => {
    const found = Array.from({ length: 200 }, (_, seed) => {
      const y = normals(seed, 100);
      return splitOf(y, stretchOf(y, 0, 100, quietNoise), quietNoise);
    }).filter((place) => place !== null);
    expect(found.length).toBeLessThanOrEqual(4);
  });
});

describe('a change that was put some runs off', () => {
  test.each([26, 28, 33])('at %d moves to where it is', (place) => {
    const y = Float64Array.from({ length: 60 }, (_, index) => (index < 30 ? 0 : 5) + (index % 2) / 10);
    const sides = [stretchOf(y, 0, place, quietNoise), stretchOf(y, place, 60, quietNoise)];
    expect(relocated(y, sides, quietNoise).map(({ start, end }) => [start, end])).toEqual([
      [0, 30],
      [30, 60],
    ]);
  });
});

describe('a trend', () => {
  test('is the line that made it, whatever a fifth of the runs say', () => {
    const y = Float64Array.from({ length: 50 }, (_, index) => (index % 5 === 2 ? 99 : 2 + index / 10));
    const { slope, level } = lineThrough(y);
    expect(slope).toBeCloseTo(0.1, 1);
    expect(level).toBeGreaterThan(4);
    expect(level).toBeLessThan(5.5);
  });

  test('without one exceeds 3.29 about once in a thousand series', () => {
    const alarms = Array.from({ length: 300 }, (_, seed) => Math.abs(trendZ(normals(seed, 40), 1)));
    expect(alarms.filter((z) => z > 3.29).length).toBeLessThanOrEqual(2);
    expect(alarms.filter((z) => z > 1.96).length).toBeGreaterThan(3);
    expect(alarms.filter((z) => z > 1.96).length).toBeLessThan(30);
  });

  test('of n rising runs has the Z of its definition', () => {
    const n = 20;
    const z = trendZ(
      Float64Array.from({ length: n }, (_, index) => index),
      1,
    );
    expect(z).toBeCloseTo((n * (n - 1)) / 2 / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18), 9);
  });
});

test.each([
  [0, 1],
  [1, 0.3173],
  [-1.96, 0.05],
  [3.29, 0.001],
])('a standard normal is as far from 0 as %d with probability %d', (z, expected) => {
  expect(twoSided(z)).toBeCloseTo(expected, 4);
});

test.each([
  [[1, 2, 3], 0.5, 2],
  [[1, 2], 0.5, 1.5],
  [[1, 2, 3, 4, 5], 0.75, 4],
  [[7], 0.9, 7],
])('of %j the quantile %d is %d', (sorted, share, expected) => {
  expect(quantile(Float64Array.from(sorted), share)).toBe(expected);
});
