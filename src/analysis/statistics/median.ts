import type { Samples } from './samples.ts';

/** The middle value in the samples' own unit; for an even number of samples the mean of the middle two. */
export function median(samples: Samples): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.floor((sorted.length - 1) / 2);
  const [a, b] = [sorted[lower]!, sorted[upper]!];
  // Half the difference on top of the lower one: (a + b) / 2 would overflow for very large values.
  return a + (b - a) / 2;
}
