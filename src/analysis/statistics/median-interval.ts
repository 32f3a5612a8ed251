import type { Samples } from './samples.ts';

/** An interval of a median, in the samples' own unit. */
export interface MedianInterval {
  readonly low: number;
  readonly high: number;
  /** How often intervals made like this hold the true median: from 0.5 (the range of two samples) to 1. */
  readonly coverage: number;
}

/** What is asked for; fewer than six samples cannot reach it. */
export const WANTED_COVERAGE = 0.95;

/**
 * The k-th smallest and the k-th largest sample, with the largest k that still covers 95 %: each sample is below the
 * median with probability 1/2, so the coverage is 1 − 2 P(Bin(n, 1/2) < k), whatever the distribution, skewed or not
 * (David and Nagaraja, Order Statistics, 3rd edition, section 7.1). Fewer than six samples give their range, with the
 * coverage that it truly has.
 * @returns null for a single sample
 */
export function medianInterval(samples: Samples): MedianInterval | null {
  const n = samples.length;
  if (n < 2) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  let rank = 1;
  while (rank < n / 2 && coverageOf(n, rank + 1) >= WANTED_COVERAGE) rank += 1;
  return { low: sorted[rank - 1]!, high: sorted[n - rank]!, coverage: coverageOf(n, rank) };
}

function coverageOf(n: number, rank: number): number {
  let probability = 2 ** -n;
  let below = 0;
  for (let count = 0; count < rank; count += 1) {
    below += probability;
    probability *= (n - count) / (count + 1);
  }
  return 1 - 2 * below;
}
