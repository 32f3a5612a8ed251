import type { Noise } from './noise.ts';
import type { Penalty } from './penalty.ts';
import { runsOf, stretchOf } from './stretch.ts';
import type { Stretch } from './level.ts';
import { lineThrough, trendZ } from './trend.ts';
import { DETECTION } from './constants.ts';

/** Longer stairs are tried as a whole alone: all parts of k steps are k² / 2. */
const MOST_STEPS = 12;

interface Candidate {
  /** Indices of the first and the last stretch that the line replaces. */
  readonly first: number;
  readonly last: number;
  readonly line: Line;
}

/** What a line would cost less than the levels of its runs. */
interface Line {
  readonly stretch: Stretch;
  readonly gain: number;
}

/**
 * Replaces stairs in one direction, which is what levels make of a slope, by a line, the best first, where the line costs
 * less than the levels in the minimisation's own terms, min(r², K²) and β a change, and Mann and Kendall's test sees a
 * trend. A stretch without a step may be a slope as well.
 */
export function withDrifts(
  y: Float64Array,
  stretches: readonly Stretch[],
  noise: Noise,
  penalty: Penalty,
): readonly Stretch[] {
  const lineOver = lines(y, noise, penalty);
  let current = stretches;
  for (;;) {
    const best = bestCandidate(current, lineOver);
    if (best === null) return current;
    current = [...current.slice(0, best.first), best.line.stretch, ...current.slice(best.last + 1)];
  }
}

type LineOver = (levels: readonly Stretch[]) => Line | null;

function bestCandidate(stretches: readonly Stretch[], lineOver: LineOver): Candidate | null {
  let best: Candidate | null = null;
  for (const [first, last] of spans(stretches)) {
    const line = lineOver(stretches.slice(first, last + 1));
    if (line !== null && line.gain > (best?.line.gain ?? 0)) best = { first, last, line };
  }
  return best;
}

/** Remembers each line: most spans are there again after another was replaced. */
function lines(y: Float64Array, noise: Noise, penalty: Penalty): LineOver {
  const known = new Map<string, Line | null>();
  return (levels) => {
    const key = `${levels[0]!.start} ${levels.at(-1)!.end}`;
    const line = known.get(key);
    if (line !== undefined) return line;
    const fresh = betterLine(y, levels, noise, penalty);
    known.set(key, fresh);
    return fresh;
  };
}

/** @returns null if there is no slope to speak of, or the levels are as good */
function betterLine(y: Float64Array, levels: readonly Stretch[], noise: Noise, penalty: Penalty): Line | null {
  const [start, end] = [levels[0]!.start, levels.at(-1)!.end];
  const runs = y.slice(start, end);
  if (runs.length < DETECTION.trendRuns) return null;
  const { slope, level } = lineThrough(runs);
  if (Math.abs(slope) * (runs.length - 1) < Math.log(DETECTION.smallestRatio)) return null;
  const middle = (runs.length - 1) / 2;
  const flat = runs.map((value, index) => value - slope * (index - middle));
  const stretch = { start, end, level, slope, sigma: stretchOf(flat, 0, flat.length, noise).sigma };
  const steps = levels.length - 1;
  const costOfLevels = levels.reduce((sum, each) => sum + costOf(y, each, noise, penalty), penalty.change * steps);
  const extra = penalty.change * (steps === 1 ? DETECTION.lineCostAgainstOneStep : DETECTION.lineCost);
  const gain = costOfLevels - costOf(y, stretch, noise, penalty) - extra;
  if (gain <= 0 || Math.abs(trendZ(runs, noise.inflation)) < DETECTION.smallestTrendZ) return null;
  return { stretch, gain };
}

/** Each single level, and each part of stairs that only rise or only fall. */
function spans(stretches: readonly Stretch[]): (readonly [first: number, last: number])[] {
  return stairs(stretches).flatMap(([first, last]) => {
    if (last - first > MOST_STEPS) return [[first, last] as const];
    const count = last - first + 1;
    return Array.from({ length: count ** 2 }, (_, pair) => {
      return [first + Math.floor(pair / count), first + (pair % count)] as const;
    }).filter(([from, to]) => from <= to);
  });
}

/** The longest stairs; what turns them belongs to both sides, and a line to none. */
function stairs(stretches: readonly Stretch[]): (readonly [first: number, last: number])[] {
  const found: (readonly [number, number])[] = [];
  let first = 0;
  for (const [index, stretch] of stretches.entries()) {
    const next = stretches[index + 1];
    if (stretch.slope !== 0) {
      first = index + 1;
      continue;
    }
    const goesOn = next !== undefined && next.slope === 0;
    const before = index === first ? undefined : stretches[index - 1];
    const turns = goesOn && before !== undefined && stretch.level > before.level !== next.level > stretch.level;
    if (goesOn && !turns) continue;
    found.push([first, index]);
    first = turns ? index : index + 1;
  }
  return found;
}

function costOf(y: Float64Array, stretch: Stretch, noise: Noise, penalty: Penalty): number {
  const middle = (runsOf(stretch) - 1) / 2;
  let cost = 0;
  for (let index = stretch.start; index < stretch.end; index += 1) {
    const fitted = stretch.level + stretch.slope * (index - stretch.start - middle);
    cost += Math.min(((y[index]! - fitted) / noise.sigma) ** 2, penalty.outlier);
  }
  return cost;
}
