import { normalTail } from '../statistics/normal.ts';

/**
 * Which of many suspicions stand when the share of false ones among them is to stay below `rate`: the k smallest p-values with
 * p₍ₖ₎ ≤ rate · k / m (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57, 289–300), p being the normal tail of
 * z. Metrics of one run go up together rather than apart, which the procedure stands (Benjamini and Yekutieli 2001).
 * @param z of every metric of the run that was judged @returns the smallest z that stands; Infinity where none does
 */
export function standingZ(z: readonly number[], rate: number): number {
  const descending = [...z].sort((a, b) => b - a);
  let least = Number.POSITIVE_INFINITY;
  descending.forEach((value, index) => {
    if (normalTail(value) <= (rate * (index + 1)) / descending.length) least = value;
  });
  return least;
}
