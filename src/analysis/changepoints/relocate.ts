import type { Noise } from './noise.ts';
import { stretchOf } from './stretch.ts';
import type { Stretch } from './level.ts';
import { DETECTION } from './constants.ts';

/** Deviations are cut at this number of σ. */
const MOST_DEVIATION = 3;

/**
 * Moves each change to where the clipped absolute deviations from its two levels are least. Given the levels, absolute ones
 * place a step in heavy-tailed noise better than the squares that found it (Bai 1995, Least absolute deviation estimation of
 * a shift). Each side keeps enough runs to have a level.
 */
export function relocated(y: Float64Array, stretches: readonly Stretch[], noise: Noise): readonly Stretch[] {
  const moved = [...stretches];
  for (let index = 1; index < moved.length; index += 1) {
    const [before, after] = [moved[index - 1]!, moved[index]!];
    const place = bestPlace(y, before, after);
    if (place === after.start) continue;
    moved[index - 1] = stretchOf(y, before.start, place, noise);
    moved[index] = stretchOf(y, place, after.end, noise);
  }
  return moved;
}

function bestPlace(y: Float64Array, before: Stretch, after: Stretch): number {
  const sigma = Math.max(before.sigma, after.sigma);
  const deviation = (value: number, level: number) => Math.min(Math.abs(value - level) / sigma, MOST_DEVIATION);
  const first = Math.min(after.start, before.start + DETECTION.splitRuns);
  const last = Math.max(after.start, after.end - DETECTION.splitRuns);
  let place = after.start;
  let least = 0;
  /** What it costs to call the runs from the present place up to here, or from here back, the other side's. */
  let cost = 0;
  for (let index = after.start; index < last; index += 1) {
    cost += deviation(y[index]!, before.level) - deviation(y[index]!, after.level);
    if (cost >= least) continue;
    least = cost;
    place = index + 1;
  }
  cost = 0;
  for (let index = after.start - 1; index >= first; index -= 1) {
    cost += deviation(y[index]!, after.level) - deviation(y[index]!, before.level);
    if (cost >= least) continue;
    least = cost;
    place = index;
  }
  return place;
}
