import { quantile } from './quantile.ts';
import { TUNING } from './tuning.ts';

/** The noise of single runs around whatever level they are at, on the series' scale. */
export interface Noise {
  /** Standard deviation of a run. */
  readonly sigma: number;
  /** By how much autocorrelation widens the variance of a mean: (1 + ρ) / (1 − ρ), 1 for independent runs. */
  readonly inflation: number;
}

/** Of a standard normal's absolute value: its median and its third quartile. */
const HALF_NORMAL = { median: 0.6745, upperQuartile: 1.1503 };
/** With fewer runs the differences cannot tell autocorrelation from chance. */
const FEWEST_FOR_AUTOCORRELATION = 20;
const LARGEST_AUTOCORRELATION = 0.6;
/** What ρ must exceed by chance, in standard errors 1/√n of an autocorrelation (Bartlett 1946). */
const AUTOCORRELATION_ALLOWANCE = 1.2;

/**
 * Noise from differences between runs that are 1, 2 and 3 apart, which a few level shifts hardly touch (von Neumann 1941;
 * robust by quantiles, Rousseeuw and Croux 1993). S_k = max(median |d_k| / 0.6745, upper quartile |d_k| / 1.1503): the upper
 * quartile sees noise with two modes, whose median difference is small. σ = S_1 / √2, and since Var d_k = 2 σ² (1 − ρ_k),
 * growth of S_k with the lag gives ρ of a first-order autoregression: S_2,3² / S_1² − 1 ≈ 1.25 ρ for the ρ that matter.
 * @param y at least three runs
 */
export function noiseOf(y: Float64Array): Noise {
  const [near, ...far] = [1, 2, 3].map((lag) => spreadOfDifferences(y, lag));
  const rho = near! > 0 ? autocorrelation(y.length, mean(far) / near!) : 0;
  const sigma = Math.max(near! / Math.SQRT2, TUNING.sigmaFloor) / Math.sqrt(1 - rho);
  return { sigma, inflation: (1 + rho) / (1 - rho) };
}

function spreadOfDifferences(y: Float64Array, lag: number): number {
  if (y.length <= lag) return 0;
  const differences = y
    .slice(lag)
    .map((value, index) => Math.abs(value - y[index]!))
    .sort();
  return Math.max(
    quantile(differences, 0.5) / HALF_NORMAL.median,
    quantile(differences, 0.75) / HALF_NORMAL.upperQuartile,
  );
}

function autocorrelation(runs: number, growth: number): number {
  if (runs < FEWEST_FOR_AUTOCORRELATION) return 0;
  const rho = Math.min(LARGEST_AUTOCORRELATION, Math.max(0, (growth ** 2 - 1) / 1.25));
  return Math.max(0, rho - AUTOCORRELATION_ALLOWANCE / Math.sqrt(runs));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
