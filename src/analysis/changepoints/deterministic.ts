import { DETECTION } from './constants.ts';

/** Whether the metric has no noise to speak of: at least 80 % of the runs equal the one before. */
export function isDeterministic(y: Float64Array): boolean {
  let same = 0;
  for (let index = 1; index < y.length; index += 1) if (y[index] === y[index - 1]) same += 1;
  return same >= DETECTION.deterministicShare * (y.length - 1);
}

/**
 * The first run of each new value that differs by more than the smallest reported change: without noise one run is proof,
 * the newest included. A value that is back after one run was an excursion, and a slow creep counts once it has come that far.
 */
export function deterministicChanges(y: Float64Array): number[] {
  const least = Math.log(DETECTION.smallestRatio);
  const starts: number[] = [];
  let level = y[0]!;
  for (let index = 1; index < y.length; index += 1) {
    const value = y[index]!;
    if (Math.abs(value - level) < least) continue;
    const next = y[index + 1];
    if (next !== undefined && Math.abs(next - value) >= least) continue;
    starts.push(index);
    level = value;
  }
  return starts;
}
