import { SIGMA_PER_MAD } from '../statistics/sigma-per-mad.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { DECISION } from './tuning.ts';

/**
 * Which pairs hold an outlier: a side that was far slower than that side's other runs, as when a machine stalls. Only slow
 * ones: nothing makes a benchmark too fast by chance. Both sides are asked alike, so that nothing is gained by it for
 * either; no more are set aside than leave five, or four where no more will be measured.
 * @param base ln of the base's values, in the order of pairs @param head likewise
 * @returns indices, the farthest first
 */
export function setAside(base: readonly number[], head: readonly number[]): readonly number[] {
  const pairs = base.length;
  const most = pairs - leastLeft(pairs);
  if (most <= 0) return [];
  const [baseLevel, headLevel] = [median(base as unknown as Samples), median(head as unknown as Samples)];
  const excess = base.map((value, index) => Math.max(value - baseLevel, head[index]! - headLevel));
  const limit = Math.max(DECISION.outlierSigmas * sigmaOf(base, head, baseLevel, headLevel), DECISION.outlierFloor);
  return excess
    .map((by, index) => ({ by, index }))
    .filter(({ by }) => by > limit)
    .sort((a, b) => b.by - a.by || a.index - b.index)
    .slice(0, most)
    .map(({ index }) => index);
}

/** How many pairs a verdict rests on at least. */
export function leastLeft(measured: number): number {
  return measured < DECISION.mostPairs ? DECISION.leastLeft : DECISION.leastLeftOfMost;
}

/** From the deviations of both sides together, widened for the two medians that were taken from them. */
function sigmaOf(base: readonly number[], head: readonly number[], baseLevel: number, headLevel: number): number {
  const deviations = [
    ...base.map((value) => Math.abs(value - baseLevel)),
    ...head.map((value) => Math.abs(value - headLevel)),
  ] as unknown as Samples;
  const pairs = base.length;
  return SIGMA_PER_MAD * median(deviations) * Math.sqrt(pairs / (pairs - 1)) * 1.1;
}
