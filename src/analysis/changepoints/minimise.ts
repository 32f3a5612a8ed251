import type { Penalty } from './penalty.ts';

/** Total cost of rounding levels to the grid is at most runs × (width / 2)², so at most 1 with 2 / √runs. */
const WIDEST = 0.25;
/** A level is near some run, so the grid covers only this distance around the runs, in standard deviations. */
const REACH = 1;
/** Time is runs × levels: with more levels than that the grid is made coarser, up to `COARSEST`. */
const MOST_LEVELS = 2_000;
const COARSEST = 1;

/**
 * Where the piecewise constant function changes that has the least Σ min((z_t − μ_t)², K²) + β · changes, over all places
 * and all levels of a grid: the biweight segmentation of R-FPOP (Fearnhead and Rigaill 2019) as a min-plus Viterbi pass,
 *
 *     C_t(j) = min( C_t−1(j), min_k C_t−1(k) + β ) + min((z_t − μ_j)², K²),
 *
 * which is exact on the grid (the Potts functional's recursion, Felzenszwalb and Huttenlocher 2012, section 5). Time
 * O(runs × levels), memory O(runs + levels): at each run the best level's start is all that back-tracking needs.
 * @param z runs in units of their noise's standard deviation
 * @returns indices of the first run of each segment but the first, ascending
 */
export function minimise(z: Float64Array, penalty: Penalty, levels = levelsFor(z)): number[] {
  const cost = new Float64Array(levels.length);
  const start = new Int32Array(levels.length);
  const startOfBest = new Int32Array(z.length);
  let best = 0;
  for (let t = 0; t < z.length; t += 1) {
    const jump = t === 0 ? Number.POSITIVE_INFINITY : cost[best]! + penalty.change;
    const run = z[t]!;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < levels.length; j += 1) {
      let path = cost[j]!;
      if (jump < path) {
        path = jump;
        start[j] = t;
      }
      const residual = run - levels[j]!;
      const square = residual * residual;
      path += square < penalty.outlier ? square : penalty.outlier;
      cost[j] = path;
      if (path < least) {
        least = path;
        best = j;
      }
    }
    startOfBest[t] = start[best]!;
  }
  return startsBackFrom(startOfBest);
}

function startsBackFrom(startOfBest: Int32Array): number[] {
  const starts: number[] = [];
  let start = startOfBest.at(-1) ?? 0;
  while (start > 0) {
    starts.push(start);
    start = startOfBest[start - 1]!;
  }
  return starts.reverse();
}

/** The grid, ascending. */
export function levelsFor(z: Float64Array): Float64Array {
  const sorted = Float64Array.from(z).sort();
  let width = Math.min(WIDEST, 2 / Math.sqrt(z.length));
  let levels = gridAround(sorted, width);
  while (levels.length > MOST_LEVELS && width < COARSEST) {
    width *= 2;
    levels = gridAround(sorted, width);
  }
  return Float64Array.from(levels);
}

function gridAround(sorted: Float64Array, width: number): number[] {
  const levels: number[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (const run of sorted) {
    next = Math.max(next, Math.floor((run - REACH) / width));
    const last = Math.ceil((run + REACH) / width);
    for (; next <= last; next += 1) levels.push(next * width);
  }
  return levels;
}
