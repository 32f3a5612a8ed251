/** At least one number, so that no statistic is ever asked of nothing. */
export type Samples = readonly [number, ...number[]];

/** The values as samples, or null if there are none. */
export function samplesOf(values: readonly number[]): Samples | null {
  const [first, ...rest] = values;
  return first === undefined ? null : [first, ...rest];
}
