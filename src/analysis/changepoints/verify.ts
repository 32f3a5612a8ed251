import type { Noise } from './noise.ts';
import { quantile } from './quantile.ts';
import { TUNING } from './tuning.ts';

/** Runs at one level, on the series' scale. */
export interface Stretch {
  readonly start: number;
  /** The first run after it. */
  readonly end: number;
  /** Their median. */
  readonly level: number;
  /** Their robust standard deviation. */
  readonly sigma: number;
}

/** How two neighbouring stretches differ. */
export interface Step {
  readonly effect: number;
  readonly standardError: number;
}

/** Of a normal distribution: its standard deviation over its median absolute deviation. */
const SIGMA_PER_MAD = 1.4826;
/** The variance of a median of few runs, and of levels that were chosen by the data, over that of their mean. */
const VARIANCE_ALLOWANCE = 1.15;

/**
 * Takes back, the weakest first, each change that is smaller than what anybody would act on, that its own sides' noise
 * explains, or that rests on a few runs which scatter as much as they differ. The minimisation used one σ for the whole
 * series; here each side has its own.
 * @param starts first runs of the segments but the first, ascending
 */
export function verified(y: Float64Array, starts: readonly number[], noise: Noise): Stretch[] {
  const bounds = [0, ...starts, y.length];
  const stretches = bounds.slice(1).map((end, index) => stretch(y, bounds[index]!, end, noise));
  for (;;) {
    const weakest = weakestChange(stretches, noise);
    if (weakest === null) return stretches;
    const { start } = stretches[weakest - 1]!;
    const { end } = stretches[weakest]!;
    stretches.splice(weakest - 1, 2, stretch(y, start, end, noise));
  }
}

/** How the second differs from the first, with z = effect / standardError. */
export function stepBetween(before: Stretch, after: Stretch, noise: Noise): Step {
  const variance = before.sigma ** 2 / lengthOf(before) + after.sigma ** 2 / lengthOf(after);
  return {
    effect: after.level - before.level,
    standardError: Math.sqrt(VARIANCE_ALLOWANCE * noise.inflation * variance),
  };
}

/** @returns the index of the stretch after the change, null where all hold */
function weakestChange(stretches: readonly Stretch[], noise: Noise): number | null {
  let weakest: number | null = null;
  let least = 1;
  for (let index = 1; index < stretches.length; index += 1) {
    const strength = strengthOf(stretches[index - 1]!, stretches[index]!, noise);
    if (strength >= least) continue;
    least = strength;
    weakest = index;
  }
  return weakest;
}

/** Below 1 where a condition is missed, as a share of what it asks for. */
function strengthOf(before: Stretch, after: Stretch, noise: Noise): number {
  const { effect, standardError } = stepBetween(before, after, noise);
  const size = Math.abs(effect);
  const short = Math.min(lengthOf(before), lengthOf(after)) < TUNING.shortSide;
  return Math.min(
    size / Math.log(TUNING.smallestRatio),
    size / standardError / TUNING.smallestZ,
    short ? size / (TUNING.shortSideSigmas * Math.max(before.sigma, after.sigma)) : Number.POSITIVE_INFINITY,
  );
}

function stretch(y: Float64Array, start: number, end: number, noise: Noise): Stretch {
  const sorted = y.slice(start, end).sort();
  const level = quantile(sorted, 0.5);
  if (end - start < TUNING.ownScaleRuns) return { start, end, level, sigma: noise.sigma };
  const mad = quantile(sorted.map((value) => Math.abs(value - level)).sort(), 0.5);
  return { start, end, level, sigma: Math.max(SIGMA_PER_MAD * mad, noise.sigma / 2, TUNING.sigmaFloor) };
}

function lengthOf({ start, end }: Stretch): number {
  return end - start;
}
