import { deterministicChanges, isDeterministic } from './deterministic.ts';
import { withDrifts } from './drift.ts';
import { minimise } from './minimise.ts';
import { type Noise, noiseOfDifferences, noiseOfResiduals } from './noise.ts';
import { penaltyOf } from './penalty.ts';
import { relocated } from './relocate.ts';
import { splitOf } from './split.ts';
import { stretchOf } from './stretch.ts';
import type { Stretch } from './level.ts';
import { DETECTION } from './constants.ts';
import { verified } from './verify.ts';

/** A series cut into levels and lines, on its scale. */
export interface Segmentation {
  readonly kind: 'too few runs' | 'deterministic' | 'noisy';
  readonly stretches: readonly Stretch[];
  readonly noise: Noise;
}

/** @param y at least one run */
export function segmentationOf(y: Float64Array): Segmentation {
  const noise = noiseOfDifferences(y);
  if (isDeterministic(y)) return { kind: 'deterministic', stretches: pieces(y, deterministicChanges(y), noise), noise };
  if (y.length < DETECTION.fewestRuns) return { kind: 'too few runs', stretches: pieces(y, [], noise), noise };
  return { kind: 'noisy', ...segmentNoisy(y, noise) };
}

function segmentNoisy(y: Float64Array, first: Noise): Omit<Segmentation, 'kind'> {
  let noise = first;
  let stretches = levels(y, noise);
  for (let pass = 1; pass < DETECTION.passes; pass += 1) {
    noise = noiseOfResiduals(y, stretches);
    const again = levels(y, noise);
    const isSettled = startsOf(again) === startsOf(stretches);
    stretches = again;
    if (isSettled) break;
  }
  stretches = relocated(y, withSplits(y, stretches, noise), noise);
  return { stretches: withDrifts(y, stretches, noise, penaltyOf(y.length, noise.inflation)), noise };
}

function startsOf(stretches: readonly Stretch[]): string {
  return stretches.map(({ start }) => start).join();
}

function levels(y: Float64Array, noise: Noise): readonly Stretch[] {
  const z = y.map((value) => value / noise.sigma);
  return verified(y, minimise(z, penaltyOf(y.length, noise.inflation)), noise);
}

function withSplits(y: Float64Array, stretches: readonly Stretch[], noise: Noise): readonly Stretch[] {
  const splits = stretches.map((stretch) => splitOf(y, stretch, noise)).filter((place) => place !== null);
  if (splits.length === 0) return stretches;
  const starts = [...stretches.slice(1).map(({ start }) => start), ...splits];
  return verified(
    y,
    starts.sort((a, b) => a - b),
    noise,
  );
}

function pieces(y: Float64Array, starts: readonly number[], noise: Noise): Stretch[] {
  const bounds = [0, ...starts, y.length];
  return bounds.slice(1).map((end, index) => stretchOf(y, bounds[index]!, end, noise));
}
