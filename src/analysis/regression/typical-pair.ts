/** The pair that represents all: its profiles show what moved. */
import type { Pair } from '../../model/regression.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';

/**
 * Of the pairs that moved in the direction of the verdict, undisturbed ones first: the one nearest to the medians of
 * both sides.
 * @returns its place among the pairs; null if none moved in that direction
 */
export function typicalPair(pairs: readonly Pair[], verdict: 'regressed' | 'improved'): number | null {
  const [ofBase, ofHead] = [
    samplesOf(pairs.map((pair) => pair.base.value)),
    samplesOf(pairs.map((pair) => pair.head.value)),
  ];
  if (ofBase === null || ofHead === null) return null;
  const [baseMedian, headMedian] = [median(ofBase), median(ofHead)];
  const [nearest] = pairs
    .map((pair, index) => ({ pair, index }))
    .filter(({ pair: { base, head } }) => (verdict === 'regressed' ? head.value > base.value : head.value < base.value))
    .map(({ pair, index }) => ({
      index,
      disturbed: pair.base.disturbed !== null || pair.head.disturbed !== null,
      distance: distance(pair.base.value, baseMedian) + distance(pair.head.value, headMedian),
    }))
    .toSorted((a, b) => Number(a.disturbed) - Number(b.disturbed) || a.distance - b.distance);
  return nearest?.index ?? null;
}

/** As a ratio, so that both sides count alike. */
function distance(value: number, middle: number): number {
  return Math.abs(Math.log(value / middle));
}
