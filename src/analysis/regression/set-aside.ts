import { SIGMA_PER_MAD } from '../statistics/sigma-per-mad.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { DECISION } from './constants.ts';

/**
 * Finds pairs with an outlier: a side that was far slower than the same side's other runs, for example because the
 * machine stalled. Only slow runs count, because chance makes no benchmark too fast. Both sides follow the same rule,
 * so neither gains. At least five pairs remain, or four if no more will be measured.
 * @param base ln of the base's values, in the order of pairs
 * @param head likewise
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

/** The minimum number of pairs for a verdict. */
export function leastLeft(measured: number): number {
  return measured < DECISION.mostPairs ? DECISION.leastLeft : DECISION.leastLeftOfMost;
}

/** From the deviations of both sides, widened because two medians were subtracted. */
function sigmaOf(base: readonly number[], head: readonly number[], baseLevel: number, headLevel: number): number {
  const deviations = [
    ...base.map((value) => Math.abs(value - baseLevel)),
    ...head.map((value) => Math.abs(value - headLevel)),
  ] as unknown as Samples;
  const pairs = base.length;
  return SIGMA_PER_MAD * median(deviations) * Math.sqrt(pairs / (pairs - 1)) * 1.1;
}
