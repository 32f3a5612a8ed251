import type { Samples } from './samples.ts';

/** The largest of the samples: all of Paceline's metrics are better when smaller. */
export function worst(samples: Samples): number {
  return samples.reduce((largest, value) => Math.max(largest, value));
}
