import type { Noise } from './noise.ts';
import { runsOf } from './stretch.ts';
import type { Stretch } from './level.ts';
import { DETECTION } from './constants.ts';

/**
 * Where a stretch changes by a little for long. The biweight loss gives spikes a fixed price and pays for it with some
 * power; a clipped CUSUM, the generalised likelihood ratio of one change in the mean (Hawkins 1977; clipping: Huber's ψ),
 * has nearly all of the mean's: z² = (mean_A − mean_B)² / (s² v (1/a + 1/b)), against c · ln n for the choice of the place.
 * @returns the first run at the new level, or null
 */
export function splitOf(y: Float64Array, stretch: Stretch, noise: Noise): number | null {
  const runs = runsOf(stretch);
  if (runs < 2 * DETECTION.splitRuns) return null;
  const limit = DETECTION.clip * noise.sigma;
  const clipped = y
    .slice(stretch.start, stretch.end)
    .map((value) => Math.max(-limit, Math.min(limit, value - stretch.level)));
  const sum = clipped.reduce((total, value) => total + value, 0);
  const variance = clipped.reduce((total, value) => total + (value - sum / runs) ** 2, 0) / runs;
  // A quiet stretch of a noisy series is not believed to be quieter than this.
  const scale = Math.max(variance, noise.sigma ** 2 / 2) * noise.inflation;
  let best = DETECTION.splitFactor * Math.log(Math.max(y.length, DETECTION.penaltyRuns));
  let place: number | null = null;
  let left = 0;
  for (let count = 1; count <= runs - DETECTION.splitRuns; count += 1) {
    left += clipped[count - 1]!;
    if (count < DETECTION.splitRuns) continue;
    const difference = left / count - (sum - left) / (runs - count);
    const z2 = difference ** 2 / (scale * (1 / count + 1 / (runs - count)));
    if (z2 <= best) continue;
    best = z2;
    place = stretch.start + count;
  }
  return place;
}
