/** The standard normal distribution, as far as the statistics need it. */

/** The quantile for the power of 80 % at which smallest detectable effects are reported. */
export const Z_POWER = 0.8416;

/** The probability that a standard normal exceeds z: Abramowitz and Stegun 7.1.26, absolute error below 1e-7. */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = 0.5 * series * Math.exp(-(x ** 2));
  return z >= 0 ? tail : 1 - tail;
}

/** The probability that a standard normal is as far from 0 as z, on either side. */
export function twoSided(z: number): number {
  return 2 * normalTail(Math.abs(z));
}
