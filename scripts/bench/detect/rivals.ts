/** Other methods, written from their descriptions: the original plan's rule, its usual improvement, and a published method. */
import { median } from '../../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../../src/analysis/statistics/samples.ts';
import { createRandom, shuffled } from '../../../src/plan/random.ts';
import type { Detector } from './score.ts';

const THRESHOLD = 1.2;
const WINDOW = 10;
const PERMUTATIONS = 100;
const SIGNIFICANCE = 0.05;
const SMALLEST_CLUSTER = 3;

/** "> 20 % slower than the last run". */
export const overPrevious: Detector = (values) =>
  alarms(values, (value, before) => value > THRESHOLD * (before.at(-1) ?? value));

/** "> 20 % slower than the median of the last ten runs". */
export const overMedianOfTen: Detector = (values) =>
  alarms(values, (value, before) => {
    const window = samplesOf(before.slice(-WINDOW));
    return window !== null && value > THRESHOLD * median(window);
  });

/**
 * E-divisive (Matteson and James 2014, A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data) as
 * MongoDB uses it (Daly et al. 2020). The split of a cluster with the largest energy distance, α = 1, is accepted if fewer
 * than 5 % of 100 permutations within the clusters have a larger one. Then the next split, until one is rejected.
 */
export const eDivisive: Detector = (values, seed) => {
  const random = createRandom(seed, values.length);
  let bounds = [0, values.length];
  for (;;) {
    const clusters = bounds.slice(1).map((end, index) => ({ start: bounds[index] ?? 0, end }));
    const best = bestOf(clusters.map(({ start, end }) => ({ start, ...bestSplit(values.slice(start, end)) })));
    if (best === null) return bounds.slice(1, -1);
    let larger = 0;
    for (let each = 0; each < PERMUTATIONS; each += 1) {
      const permuted = clusters.map(({ start, end }) => bestSplit(shuffled(values.slice(start, end), random)).energy);
      if (Math.max(...permuted) >= best.energy) larger += 1;
    }
    if ((larger + 1) / (PERMUTATIONS + 1) > SIGNIFICANCE) return bounds.slice(1, -1);
    bounds = [...bounds, best.start + best.place].sort((a, b) => a - b);
  }
};

/** Consecutive alarms count as one. */
function alarms(
  values: readonly number[],
  isAlarm: (value: number, before: readonly number[]) => boolean,
): readonly number[] {
  const alarmed = values.map((value, index) => isAlarm(value, values.slice(0, index)));
  return [...alarmed.keys()].filter((index) => alarmed[index] && !alarmed[index - 1]);
}

interface Split {
  readonly place: number;
  readonly energy: number;
}

function bestOf<T extends Split>(splits: readonly T[]): T | null {
  const best = splits.reduce((a, b) => (b.energy > a.energy ? b : a));
  return best.energy > 0 ? best : null;
}

/** Sums of distances within and across the sides, updated as runs change sides one by one: O(n²). */
function bestSplit(values: readonly number[]): Split {
  const runs = Float64Array.from(values);
  const n = runs.length;
  let left = 0;
  let right = 0;
  let across = 0;
  for (let i = 0; i < n; i += 1) for (let j = 0; j < i; j += 1) right += Math.abs((runs[i] ?? 0) - (runs[j] ?? 0));
  let best: Split = { place: 0, energy: 0 };
  for (let place = 1; place <= n - SMALLEST_CLUSTER; place += 1) {
    const moved = runs[place - 1] ?? 0;
    let toLeft = 0;
    let toRight = 0;
    for (let i = 0; i < place - 1; i += 1) toLeft += Math.abs(moved - (runs[i] ?? 0));
    for (let i = place; i < n; i += 1) toRight += Math.abs(moved - (runs[i] ?? 0));
    left += toLeft;
    right -= toRight;
    across += toRight - toLeft;
    if (place < SMALLEST_CLUSTER) continue;
    const [a, b] = [place, n - place];
    const distance = (2 * across) / (a * b) - left / ((a * (a - 1)) / 2) - right / ((b * (b - 1)) / 2);
    const energy = ((a * b) / n) * distance;
    if (energy > best.energy) best = { place, energy };
  }
  return best;
}
