import type { Noise } from './noise.ts';
import { strengthOf } from './step.ts';
import { stretchOf } from './stretch.ts';
import type { Stretch } from './level.ts';

/**
 * Takes back each change that does not hold by itself, the weakest first. The minimisation used one σ for the whole series;
 * here each side has its own.
 * @param starts first runs of the segments but the first, ascending
 */
export function verified(y: Float64Array, starts: readonly number[], noise: Noise): readonly Stretch[] {
  const bounds = [0, ...starts, y.length];
  const stretches = bounds.slice(1).map((end, index) => stretchOf(y, bounds[index]!, end, noise));
  for (;;) {
    const weakest = weakestChange(stretches, noise);
    if (weakest === null) return stretches;
    const { start } = stretches[weakest - 1]!;
    const { end } = stretches[weakest]!;
    stretches.splice(weakest - 1, 2, stretchOf(y, start, end, noise));
  }
}

/** @returns the index of the stretch after the change, null if all hold */
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
