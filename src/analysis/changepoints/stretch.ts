import type { Stretch } from './level.ts';
import { SIGMA_PER_MAD } from '../statistics/sigma-per-mad.ts';
import type { Noise } from './noise.ts';
import { quantile } from './quantile.ts';
import { DETECTION } from './constants.ts';

/** Weights reach 0 at this many σ: 93 % as efficient as the mean under normal noise, untouched by spikes. */
const REACH = 3;
const ITERATIONS = 3;

/** The level by iterated weights 1 − (r / 3σ)² from the median on: Epanechnikov's, the cheapest that leave spikes out. */
export function stretchOf(y: Float64Array, start: number, end: number, noise: Noise): Stretch {
  const sorted = y.slice(start, end).sort();
  const middle = quantile(sorted, 0.5);
  const sigma = end - start < DETECTION.ownScaleRuns ? noise.sigma : ownSigma(sorted, middle, noise);
  const reach = REACH * Math.max(sigma, noise.sigma);
  let level = middle;
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) level = weightedMean(sorted, level, reach);
  return { start, end, level, sigma, slope: 0 };
}

export function runsOf({ start, end }: Pick<Stretch, 'start' | 'end'>): number {
  return end - start;
}

/** Half the series' noise at least: few runs may agree by chance. */
function ownSigma(sorted: Float64Array, middle: number, noise: Noise): number {
  const deviations = sorted.map((value) => Math.abs(value - middle)).sort();
  return Math.max(SIGMA_PER_MAD * quantile(deviations, 0.5), noise.sigma / 2, DETECTION.sigmaFloor);
}

function weightedMean(values: Float64Array, around: number, reach: number): number {
  let sum = 0;
  let weights = 0;
  for (const value of values) {
    const weight = Math.max(0, 1 - ((value - around) / reach) ** 2);
    sum += weight * value;
    weights += weight;
  }
  return weights > 0 ? sum / weights : around;
}
