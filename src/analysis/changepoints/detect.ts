/**
 * Change points of a series of results, oldest first: robust penalised segmentation, exact on a grid of levels, then
 * verified by effect and significance. Deterministic; docs/statistics.md has it in words.
 */
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { deterministicChanges, isDeterministic } from './deterministic.ts';
import { minimise } from './minimise.ts';
import { type Noise, noiseOf } from './noise.ts';
import { penaltyOf } from './penalty.ts';
import { scaled, scaleOf } from './scale.ts';
import { TUNING } from './tuning.ts';
import { type Stretch, verified } from './verify.ts';

/** Runs at one level. */
export interface Segment {
  /** Index of its first run. */
  readonly start: number;
  /** Index of the first run after it. */
  readonly end: number;
  /** Median of its runs, in their own unit. */
  readonly level: number;
  /**
   * Robust standard deviation of a single run as a share: of ln values, so that 0.05 is about 5 % (of the typical
   * magnitude instead, where a value of the series is not positive). At least 0.002.
   */
  readonly sigma: number;
}

/**
 * The levels that a series went through, the newest last: one segment, the whole, without a change.
 * @param values oldest first, finite, at least one
 * @throws RangeError for anything else, naming the place
 */
export function segments(values: readonly number[]): Segment[] {
  checked(values);
  const y = scaled(values, scaleOf(values));
  return stretchesOf(y).stretches.map(({ start, end, sigma }) => ({
    start,
    end,
    level: median(values.slice(start, end) as unknown as Samples),
    sigma,
  }));
}

/** The segment that the newest run is in: what a next run is compared with. Same conditions as {@link segments}. */
export function currentSegment(values: readonly number[]): Segment {
  return segments(values).at(-1)!;
}

function stretchesOf(y: Float64Array): { readonly stretches: readonly Stretch[]; readonly noise: Noise } {
  const noise = noiseOf(y);
  const starts = startsOf(y, noise);
  return { stretches: verified(y, starts, noise), noise };
}

function startsOf(y: Float64Array, noise: Noise): number[] {
  if (y.length < TUNING.fewestRuns) return [];
  if (isDeterministic(y)) return deterministicChanges(y);
  return minimise(
    y.map((value) => value / noise.sigma),
    penaltyOf(y.length, noise.inflation),
  );
}

function checked(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError('no values');
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) throw new RangeError(`value ${place} is ${String(values[place])}, no finite number`);
}
