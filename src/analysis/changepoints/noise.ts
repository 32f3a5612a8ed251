import { quantile } from './quantile.ts';
import type { Stretch } from './level.ts';
import { DETECTION } from './constants.ts';

/** The noise of single runs around whatever level they are at, on the series' scale. */
export interface Noise {
  /** Standard deviation of a run. */
  readonly sigma: number;
  /** By how much autocorrelation widens the variance of a mean: (1 + ρ) / (1 − ρ), 1 for independent runs. */
  readonly inflation: number;
}

/** Of a standard normal's absolute value: its median and its third quartile. */
const HALF_NORMAL = { median: 0.6745, upperQuartile: 1.1503 };
/** With fewer runs autocorrelation cannot be distinguished from chance. */
const FEWEST_FOR_AUTOCORRELATION = 20;
const LARGEST_AUTOCORRELATION = 0.6;
/** What ρ must exceed by chance, in standard errors 1/√n of an autocorrelation (Bartlett 1946). */
const ALLOWANCE = { differences: 1.2, residuals: 0.5 };
/** Residuals are clipped at this number of σ before they are correlated: a single spike would hide everything else. */
const CLIP = 2.5;

/**
 * Noise from differences between runs that are 1, 2 and 3 apart, which a few level shifts hardly touch (von Neumann 1941;
 * robust by quantiles, Rousseeuw and Croux 1993): σ = S_1 / √2, and since Var d_k = 2 σ² (1 − ρ_k), growth of S_k with the
 * lag gives ρ of a first-order autoregression: (S_2,3 / S_1)² − 1 ≈ 1.25 ρ for the ρ that matter.
 */
export function noiseOfDifferences(y: Float64Array): Noise {
  const [near, second, third] = [1, 2, 3].map((lag) => spread(y.slice(lag).map((value, index) => value - y[index]!)));
  const growth = near! > 0 ? (second! + third!) / 2 / near! : 1;
  const rho = believable((growth ** 2 - 1) / 1.25, y.length, ALLOWANCE.differences);
  return {
    sigma: Math.max(near! / Math.SQRT2, DETECTION.sigmaFloor) / Math.sqrt(1 - rho),
    inflation: (1 + rho) / (1 - rho),
  };
}

/**
 * Noise of what is left around the levels: about twice as efficient as differences once the levels are known. A change that
 * was missed only widens it.
 */
export function noiseOfResiduals(y: Float64Array, stretches: readonly Stretch[]): Noise {
  const residuals = new Float64Array(y.length);
  for (const { start, end, level } of stretches)
    for (let index = start; index < end; index += 1) residuals[index] = y[index]! - level;
  // A level was fitted to each stretch.
  const freedom = Math.max(1, y.length - stretches.length) / y.length;
  const sigma = Math.max(spread(residuals) / Math.sqrt(freedom), DETECTION.sigmaFloor);
  const clipped = residuals.map((value) => Math.max(-CLIP * sigma, Math.min(CLIP * sigma, value)));
  // A fitted level biases the autocorrelation by −1/n (Kendall 1954).
  const rho = believable(autocorrelation(clipped, stretches) + 1 / y.length, y.length, ALLOWANCE.residuals);
  return { sigma, inflation: (1 + rho) / (1 - rho) };
}

/**
 * Standard deviation of values around 0, the larger of two robust ones: by the median of their magnitudes, and by the upper
 * quartile, which sees noise with two modes, whose middle is narrow.
 */
function spread(values: Float64Array): number {
  if (values.length === 0) return 0;
  const magnitudes = values.map(Math.abs).sort();
  return Math.max(
    quantile(magnitudes, 0.5) / HALF_NORMAL.median,
    quantile(magnitudes, 0.75) / HALF_NORMAL.upperQuartile,
  );
}

/** At lag 1, not across changes. */
function autocorrelation(residuals: Float64Array, stretches: readonly Stretch[]): number {
  const variance = residuals.reduce((sum, value) => sum + value ** 2, 0);
  let covariance = 0;
  for (const { start, end } of stretches)
    for (let index = start + 1; index < end; index += 1) covariance += residuals[index]! * residuals[index - 1]!;
  return variance > 0 ? covariance / variance : 0;
}

function believable(rho: number, runs: number, allowance: number): number {
  if (runs < FEWEST_FOR_AUTOCORRELATION) return 0;
  return Math.max(0, Math.min(LARGEST_AUTOCORRELATION, rho) - allowance / Math.sqrt(runs));
}
