import type { Noise } from './noise.ts';
import { runsOf } from './stretch.ts';
import type { Stretch } from './level.ts';
import { DETECTION } from './constants.ts';

/** How two neighbouring stretches differ where they meet, on the series' scale. */
export interface Step {
  readonly effect: number;
  readonly standardError: number;
}

/** The variance of a level as `stretchOf` estimates it, over that of a mean. */
const VARIANCE_ALLOWANCE = 1.05;
/** The place where a slope begins or ends is known only to this number of runs: its growth over them is not a step. */
const SLOPE_SLACK_RUNS = 5;
/** The variance of a fitted line at its end, over that of its middle. */
const LINE_END_VARIANCE = 4;

export function stepBetween(before: Stretch, after: Stretch, noise: Noise): Step {
  return {
    effect: levelAt(after, after.start) - levelAt(before, before.end - 1),
    standardError: Math.sqrt(VARIANCE_ALLOWANCE * noise.inflation * (varianceOf(before) + varianceOf(after))),
  };
}

/**
 * At least 1 for a step that is large enough to act on and that the noise on its two sides does not explain. Below 1, it is
 * the share that the step reaches.
 */
export function strengthOf(before: Stretch, after: Stretch, noise: Noise): number {
  const { effect, standardError } = stepBetween(before, after, noise);
  const slack = SLOPE_SLACK_RUNS * Math.max(Math.abs(before.slope), Math.abs(after.slope));
  const size = Math.max(0, Math.abs(effect) - slack);
  return Math.min(size / Math.log(DETECTION.smallestRatio), size / standardError / DETECTION.smallestZ);
}

/** The fitted level at a run. */
export function levelAt({ start, end, level, slope }: Stretch, index: number): number {
  return level + slope * (index - (start + end - 1) / 2);
}

function varianceOf(stretch: Stretch): number {
  return ((stretch.slope === 0 ? 1 : LINE_END_VARIANCE) * stretch.sigma ** 2) / runsOf(stretch);
}
