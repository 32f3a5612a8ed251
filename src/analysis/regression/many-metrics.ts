import { normalTail } from '../statistics/normal.ts';

/**
 * Selects the suspicions to keep, so that the share of false ones among them stays below `rate`: the k smallest
 * p-values with p₍ₖ₎ ≤ rate · k / m (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57,
 * 289–300). p is the normal tail of z. Metrics of one run tend to rise together, which the procedure allows (Benjamini
 * and Yekutieli 2001).
 * @param z of every judged metric of the run
 * @returns the smallest z to keep; Infinity if there is none
 */
export function standingZ(z: readonly number[], rate: number): number {
  const descending = [...z].sort((a, b) => b - a);
  let least = Number.POSITIVE_INFINITY;
  descending.forEach((value, index) => {
    if (normalTail(value) <= (rate * (index + 1)) / descending.length) least = value;
  });
  return least;
}
