import { quantile } from './quantile.ts';

export interface Line {
  readonly slope: number;
  /** In the middle of the runs. */
  readonly level: number;
}

/** More runs than this are first averaged into this number of blocks, because the test compares all pairs. */
const MOST_BLOCKS = 400;

/** Theil's incomplete line (1950): the median slope of the pairs that are half the runs apart, in O(n log n). */
export function lineThrough(y: Float64Array): Line {
  const apart = Math.floor(y.length / 2);
  const slopes = y.slice(apart).map((value, index) => (value - y[index]!) / apart);
  const slope = quantile(slopes.sort(), 0.5);
  const middle = (y.length - 1) / 2;
  const rest = y.map((value, index) => value - slope * (index - middle));
  return { slope, level: quantile(rest.sort(), 0.5) };
}

/**
 * Z of the Mann–Kendall trend test, S / √(n (n − 1)(2n + 5) / 18), its variance widened for autocorrelation by
 * (1 + ρ) / (1 − ρ) (Yue and Wang 2004). Ties only make it smaller.
 */
export function trendZ(y: Float64Array, inflation: number): number {
  const size = Math.ceil(y.length / MOST_BLOCKS);
  const blocks = blockMedians(y, size);
  let s = 0;
  for (let late = 1; late < blocks.length; late += 1)
    for (let early = 0; early < late; early += 1) s += Math.sign(blocks[late]! - blocks[early]!);
  const n = blocks.length;
  // Medians of blocks are nearly independent.
  const widened = size === 1 ? inflation : 1;
  return s / Math.sqrt((widened * n * (n - 1) * (2 * n + 5)) / 18);
}

function blockMedians(y: Float64Array, size: number): number[] {
  if (size === 1) return [...y];
  return Array.from({ length: Math.floor(y.length / size) }, (_, block) =>
    quantile(y.slice(block * size, (block + 1) * size).sort(), 0.5),
  );
}
