/**
 * Change points of a series of results, oldest first: robust penalised segmentation, exact on a grid of levels, verified by
 * effect and significance, and distinguished from drift. Deterministic; docs/statistics.md explains it.
 */
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { twoSided } from '../statistics/normal.ts';
import { type Scale, scaled, scaleOf, shareOf } from './scale.ts';
import { type Segmentation, segmentationOf } from './segmentation.ts';
import { stepBetween, strengthOf } from './step.ts';
import { runsOf } from './stretch.ts';
import type { Stretch } from './level.ts';

export interface DetectOptions {
  readonly better: 'lower' | 'higher';
}

/** Runs at one level, or on one slope. */
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
  /** Total change over the segment where it is a slope rather than a level, as a share: 0.3 is 30 % more at its end. */
  readonly drift: number | null;
}

/** From one level to the next. */
export interface ChangePoint {
  /** The first run at the new level, counted from 0. */
  readonly index: number;
  readonly direction: 'regression' | 'improvement';
  /** Levels of the segments before and after it, in the runs' own unit. */
  readonly before: number;
  readonly after: number;
  /** Share by which it changed, 0.25 for 25 % more (of the typical magnitude, where a value of the series is not positive). */
  readonly effect: number;
  /** 95 % interval of the effect, given that there is a change here. */
  readonly interval: { readonly low: number; readonly high: number };
  /** 1 − p of the two levels being one; the place was chosen to differ, so it is a little too high. */
  readonly confidence: number;
}

export interface SeriesAnalysis {
  /** Series of fewer than six runs have no change points, whatever they look like, unless they have no noise at all. */
  readonly kind: Segmentation['kind'];
  readonly scale: Scale['kind'];
  readonly changePoints: readonly ChangePoint[];
  /** Oldest first, without gaps. Where a drift begins or ends without a step there is a segment and no change point. */
  readonly segments: readonly Segment[];
}

/** Standard normal quantile of 97.5 %. */
const Z_95 = 1.96;

/**
 * Everything about a series at once.
 * @param values oldest first, finite, at least one
 * @throws RangeError for anything else, naming the place
 */
export function analyzeSeries(values: readonly number[], { better }: DetectOptions): SeriesAnalysis {
  checked(values);
  const scale = scaleOf(values);
  const segmentation = segmentationOf(scaled(values, scale));
  const all = segmentation.stretches.map((stretch) => segmentOf(values, stretch, scale));
  const changePoints = segmentation.stretches.slice(1).flatMap((after, index) => {
    const before = segmentation.stretches[index]!;
    if (!isStep(before, after, segmentation)) return [];
    const step = effectBetween(before, after, segmentation, scale);
    const isWorse = step.effect > 0 === (better === 'lower');
    return [
      {
        index: after.start,
        direction: isWorse ? ('regression' as const) : ('improvement' as const),
        before: all[index]!.level,
        after: all[index + 1]!.level,
        ...step,
      },
    ];
  });
  return { kind: segmentation.kind, scale: scale.kind, changePoints, segments: all };
}

/** The change points alone, oldest first, improvements as well. Same conditions as {@link analyzeSeries}. */
export function detectChanges(values: readonly number[], options: DetectOptions): readonly ChangePoint[] {
  return analyzeSeries(values, options).changePoints;
}

/** The levels that a series went through, the newest last: one segment, the whole, without a change. */
export function segments(values: readonly number[]): readonly Segment[] {
  return analyzeSeries(values, { better: 'lower' }).segments;
}

/** The segment that the newest run is in: what a next run is compared with. Same conditions as {@link analyzeSeries}. */
export function currentSegment(values: readonly number[]): Segment {
  return segments(values).at(-1)!;
}

/** Levels were verified when they were cut; where a slope begins or ends there may be none. */
function isStep(before: Stretch, after: Stretch, { noise }: Segmentation): boolean {
  return (before.slope === 0 && after.slope === 0) || strengthOf(before, after, noise) >= 1;
}

function effectBetween(
  before: Stretch,
  after: Stretch,
  { kind, noise }: Segmentation,
  scale: Scale,
): Pick<ChangePoint, 'effect' | 'interval' | 'confidence'> {
  const { effect, standardError } = stepBetween(before, after, noise);
  const error = kind === 'deterministic' ? 0 : standardError;
  return {
    effect: shareOf(effect, scale),
    interval: { low: shareOf(effect - Z_95 * error, scale), high: shareOf(effect + Z_95 * error, scale) },
    confidence: error === 0 ? 1 : 1 - twoSided(effect / error),
  };
}

function segmentOf(values: readonly number[], stretch: Stretch, scale: Scale): Segment {
  const { start, end, sigma, slope } = stretch;
  return {
    start,
    end,
    level: median(values.slice(start, end) as unknown as Samples),
    sigma,
    drift: slope === 0 ? null : shareOf(slope * (runsOf(stretch) - 1), scale),
  };
}

function checked(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError('no values');
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) throw new RangeError(`value ${place} is ${String(values[place])}, which is not a finite number`);
}
