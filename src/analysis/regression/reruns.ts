/** Repeats of the same commit against its baseline, if the base cannot be built, or before it is built. */
import type { Candidate, Measured } from '../../model/regression.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { withoutChangedTests } from './tests-taken-out.ts';
import { studentQuantile } from './student.ts';
import { DECISION } from './constants.ts';

export interface RerunsDecision {
  readonly state: 'confirmed' | 'cleared' | 'inconclusive' | 'undecided';
  /** Best estimate of head over base; with two re-runs, the one nearer to the baseline. */
  readonly ratio: number;
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number };
  readonly z: number;
  readonly n: number;
}

/** The variance of the median of normal samples over the variance of their mean: π/2. */
const MEDIAN_VARIANCE = 1.57;
/** The same for the small number of re-runs. */
const FEW_VARIANCE = 1.3;

/** ln of a re-run over the baseline's median, positive in the direction of the suspicion. */
export function effectOf({ baseline, direction }: Candidate, value: number): number {
  const { base, head } = withoutChangedTests({ base: baseline.median, head: value }, baseline.tests);
  const effect = Math.log(Math.max(head, Number.MIN_VALUE) / Math.max(base, Number.MIN_VALUE));
  return direction === 'slower' ? effect : -effect;
}

/**
 * e is the smaller of two re-runs, or the median of more; z = e / (σ √(1.3/k + 1.57/n)) with k re-runs and a baseline
 * of n runs.
 *
 * Confirmed: two or more re-runs whose e exceeds the threshold and whose z exceeds 3. Cleared: z is below 1, or four
 * re-runs leave e below the threshold. Four re-runs that exceed it in too much noise are inconclusive. The run that
 * raised the suspicion is never among them, because it was chosen for being slow.
 * @param reruns at least one
 */
export function decideReruns(candidate: Candidate, reruns: readonly Measured[]): RerunsDecision {
  const { baseline, threshold, direction } = candidate;
  const effects = reruns.map(({ value }) => effectOf(candidate, value));
  const k = effects.length;
  const e = k === 2 ? Math.min(...effects) : median(effects as unknown as Samples);
  const standardError = baseline.sigma * Math.sqrt(FEW_VARIANCE / k + MEDIAN_VARIANCE / baseline.n);
  const z = e / standardError;
  const sign = direction === 'slower' ? 1 : -1;
  const half = standardError * studentQuantile(DECISION.shownCoverage, Math.max(1, baseline.n - 1));
  const ends = [Math.exp(sign * e - half), Math.exp(sign * e + half)] as const;
  return {
    state: stateOf({ k, e, z, limit: Math.log1p(threshold) }),
    ratio: Math.exp(sign * e),
    interval: { low: ends[0], high: ends[1], coverage: DECISION.shownCoverage },
    z,
    n: k,
  };
}

function stateOf({ k, e, z, limit }: { k: number; e: number; z: number; limit: number }): RerunsDecision['state'] {
  if (k >= 2 && e > limit && z > DECISION.rerunZ) return 'confirmed';
  if (z < 1) return 'cleared';
  if (k < DECISION.rerunsAlone) return 'undecided';
  return e > limit ? 'inconclusive' : 'cleared';
}
