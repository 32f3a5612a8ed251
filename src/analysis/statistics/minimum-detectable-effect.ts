import { Z_POWER } from './normal.ts';
import { SIGMA_PER_MAD } from './sigma-per-mad.ts';
import { median } from './median.ts';
import type { Samples } from './samples.ts';

/** Below it the deviation rests on a single difference. */
const FEWEST_SAMPLES = 3;
/** Standard normal quantiles: 97.5 % (5 % of false alarms, two-sided) and 80 % (power). */
const Z = { significance: 1.96, power: Z_POWER };
/** Of large samples of a normal distribution: the standard error of the median over that of the mean, √(π/2). */
const MEDIAN_PENALTY = 1.2533;
/** What the median absolute deviation of so few samples falls short by (Croux and Rousseeuw 1992, table 1). */
const SMALL_SAMPLE_FACTOR: Readonly<Record<number, number>> = {
  3: 1.495,
  4: 1.363,
  5: 1.206,
  6: 1.2,
  7: 1.14,
  8: 1.129,
  9: 1.107,
};

/**
 * The difference between two medians, of this number of samples with this noise, that is detected four times in
 * five at 5 % false alarms: (z₀.₉₇₅ + z₀.₈) · √(π/2) · σ · √(2/n), with σ = 1.4826 · c(n) · MAD. Normal noise is assumed,
 * which timings only roughly have: an order of magnitude, not a test.
 * @returns in the samples' own unit; null for fewer than three, and where more than half of them are equal
 */
export function minimumDetectableEffect(samples: Samples): number | null {
  const n = samples.length;
  if (n < FEWEST_SAMPLES) return null;
  const centre = median(samples);
  const mad = median(samples.map((value) => Math.abs(value - centre)) as unknown as Samples);
  if (mad === 0) return null;
  const sigma = SIGMA_PER_MAD * (SMALL_SAMPLE_FACTOR[n] ?? n / (n - 0.8)) * mad;
  return (Z.significance + Z.power) * MEDIAN_PENALTY * sigma * Math.sqrt(2 / n);
}
