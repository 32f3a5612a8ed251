/**
 * Whether a remedy saves what it is said to save. A comparison asks whether a change is larger than a threshold; here every gain counts,
 * and the absence of one has to be told from noise.
 */
import type { Verification, VerificationReason } from '../../model/advice.ts';
import type { Pair } from '../../model/regression.ts';
import type { Saving, VerifiedSaving } from '../../model/result.ts';
import { decidePairs } from '../regression/pairs.ts';
import { DECISION } from '../regression/constants.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';

/** A remedy must save at least this share of what was predicted. */
const SHARE_OF_PREDICTION = 0.5;
/** A smaller gain may come from clocks and rounding. */
const LEAST_GAIN = DECISION.sigmaFloor;
/** Without a prediction, a remedy must save at least this share of the figure. */
const SHARE_OF_FIGURE = 0.05;

type Judged = Pick<Verification, 'state' | 'reason' | 'ratio' | 'saving' | 'baseValue' | 'headValue'>;

export type PairsJudged =
  | { readonly kind: 'more' }
  | ({ readonly kind: 'decided' } & Judged)
  /** Figures that must not be compared. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Five pairs, then one at a time while nothing is decided, eight at most. *Verified*: the strict interval of the ratio is below 1, and so is the median. (It is the 99.5 % interval
 * of the first five pairs, and the 98.5 % interval of more pairs, since the pairs are judged several times.) *Rejected*: the same above 1, or
 * the 95 % interval includes 1 and excludes half of what was predicted (without a prediction: 5 % of the figure). Else *inconclusive*.
 * @param stopped why no more pairs will be measured; null while there is time
 */
export function judgePairs(
  pairs: readonly Pair[],
  predicted: Saving['predicted'],
  stopped: VerificationReason | null,
): PairsJudged {
  const isOver = stopped !== null;
  if (pairs.length < 2 || (pairs.length < DECISION.pairs && !isOver)) {
    return isOver ? { kind: 'refused', reason: tooFew(pairs.length) } : { kind: 'more' };
  }
  const comparison = decidePairs(pairs, { threshold: LEAST_GAIN });
  if (comparison.kind === 'refused') return comparison;
  const [baseValue, headValue] = [medianOf(pairs, 'base'), medianOf(pairs, 'head')];
  const { ratio, interval, verdict } = comparison;
  const saving = savingOf(baseValue, comparison.ratio, interval, pairs.length);
  const figures = { ratio: { value: ratio, ...interval }, saving, baseValue, headValue };
  if (verdict === 'improved') return { kind: 'decided', state: 'verified', reason: { kind: 'gain' }, ...figures };
  if (verdict === 'regressed') return { kind: 'decided', state: 'rejected', reason: { kind: 'slower' }, ...figures };
  if (pairs.length >= DECISION.pairs && saving.high < worthwhile(predicted, baseValue)) {
    return { kind: 'decided', state: 'rejected', reason: { kind: 'noGain' }, ...figures };
  }
  if (!isOver && pairs.length < DECISION.mostPairs) return { kind: 'more' };
  return { kind: 'decided', state: 'inconclusive', reason: stopped ?? { kind: 'noise' }, ...figures };
}

/** A figure that does not vary, such as the size of an image: one measurement of each side decides. */
export function judgeOnce(base: number, head: number): Judged {
  const value = base - head;
  const ratio = { value: head / base, low: head / base, high: head / base, coverage: 1 };
  const figures = { ratio, saving: { value, low: value, high: value, pairs: 1 }, baseValue: base, headValue: head };
  if (value > 0) return { state: 'verified', reason: { kind: 'gain' }, ...figures };
  return { state: 'rejected', reason: { kind: value < 0 ? 'slower' : 'noGain' }, ...figures };
}

/** In the figure's unit, from the ratio: the pairs' noise is on the scale of ratios. */
function savingOf(
  baseValue: number,
  ratio: number,
  { low, high }: { readonly low: number; readonly high: number },
  pairs: number,
): VerifiedSaving {
  return { value: baseValue * (1 - ratio), low: baseValue * (1 - high), high: baseValue * (1 - low), pairs };
}

function worthwhile(predicted: Saving['predicted'], baseValue: number): number {
  return predicted === null || !(predicted.value > 0)
    ? SHARE_OF_FIGURE * baseValue
    : SHARE_OF_PREDICTION * (predicted.low ?? predicted.value);
}

function medianOf(pairs: readonly Pair[], side: 'base' | 'head'): number {
  return median(samplesOf(pairs.map((pair) => pair[side].value))!);
}

function tooFew(pairs: number): string {
  return `${pairs === 0 ? 'No pair was' : 'One pair was'} measured; an interval needs at least two.`;
}
