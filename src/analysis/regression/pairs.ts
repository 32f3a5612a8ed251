/**
 * An A/B comparison: base and head in pairs, one right after the other on one host, in the order ABBA. Influences of
 * the host on both sides cancel out. Over every two pairs, so does a drift that is linear in time.
 */
import type { Comparison, ComparisonVerdict, Pair, TestsChange } from '../../model/regression.ts';
import { formatRatio } from '../../format/format-quantity.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { differencesOfPairs } from './like-pairs.ts';
import { leastLeft, setAside } from './set-aside.ts';
import { Z_POWER } from '../statistics/normal.ts';
import { studentQuantile } from './student.ts';
import { testsSentence, withoutChangedTests } from './tests-taken-out.ts';
import { percent } from './words.ts';
import { DECISION } from './constants.ts';

export interface PairsOptions {
  /** The relative change that counts, e.g. 0.2. It is the same factor in both directions. */
  readonly threshold: number;
  /** The tests that only one side ran; `same` by default. Without it, different tests are refused. */
  readonly tests?: TestsChange;
}

/** ABBA: the base begins every other pair. */
export function firstOf(pair: number): Pair['first'] {
  return pair % 2 === 0 ? 'base' : 'head';
}

/**
 * How many more pairs to measure: five at first, then one at a time while nothing is decided, eight at most.
 * @param wanted another number of pairs to begin with; never fewer than are needed for a verdict
 */
export function nextPairs(pairs: readonly Pair[], options: PairsOptions, wanted: number = DECISION.pairs): number {
  const first = Math.max(wanted, DECISION.pairs);
  if (pairs.length < first) return first - pairs.length;
  if (pairs.length >= Math.max(first, DECISION.mostPairs)) return 0;
  const comparison = decidePairs(pairs, options);
  return comparison.kind === 'judged' && comparison.verdict === 'inconclusive' ? 1 : 0;
}

/**
 * Judges the logarithms of head / base by Student's t, pair by pair.
 *
 * A change needs two things. The interval excludes "no change": 99.5 % for the first five pairs, 98.5 % for more,
 * because there are up to four looks. And mean and median both exceed the threshold. "No change" needs a 95 % interval
 * within the threshold. Everything else is inconclusive.
 *
 * Why t and not the signed rank: with five pairs the signed rank reaches 93.75 % at most, and in simulation it alarmed
 * no less often (docs/statistics.md). A stalled run, which t cannot handle, is set aside before.
 * @returns refused if the figures must not be compared, or if there are none
 */
export function decidePairs(pairs: readonly Pair[], { threshold, tests = { kind: 'same' } }: PairsOptions): Comparison {
  const unlike = differencesOfPairs(pairs, tests);
  if (unlike !== null) return { kind: 'refused', reason: unlike };
  const sides = pairs.map(({ base, head }) => withoutChangedTests({ base: base.value, head: head.value }, tests));
  if (sides.length < 2 || sides.some(({ base, head }) => !(base > 0) || !(head > 0))) {
    return { kind: 'refused', reason: tooFew(pairs.length) };
  }
  const outliers = setAside(
    sides.map(({ base }) => Math.log(base)),
    sides.map(({ head }) => Math.log(head)),
  );
  const logs = sides.filter((_, index) => !outliers.includes(index)).map(({ base, head }) => Math.log(head / base));
  return judge(logs, { threshold, tests, outliers: outliers.length });
}

interface Judging {
  readonly threshold: number;
  readonly tests: TestsChange;
  readonly outliers: number;
}

function judge(logs: readonly number[], { threshold, tests, outliers }: Judging): Comparison {
  const n = logs.length;
  const mean = logs.reduce((sum, log) => sum + log, 0) / n;
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1));
  const half = (coverage: number) => (studentQuantile(coverage, n - 1) * deviation) / Math.sqrt(n);
  const shown = half(DECISION.shownCoverage);
  const verdict = verdictOf({
    isEnough: n >= leastLeft(n + outliers),
    limit: Math.log1p(threshold),
    mean,
    middle: median(logs as unknown as Samples),
    strict: half(n + outliers <= DECISION.pairs ? DECISION.firstCoverage : DECISION.coverage),
    shown,
  });
  const judged = {
    verdict,
    ratio: Math.exp(mean),
    interval: { low: Math.exp(mean - shown), high: Math.exp(mean + shown), coverage: DECISION.shownCoverage },
    n,
    minimumDetectableEffect: deviation > 0 ? Math.expm1(shown + (Z_POWER * deviation) / Math.sqrt(n)) : null,
    threshold,
  };
  return { kind: 'judged', ...judged, message: messageOf(judged, tests, outliers) };
}

interface Moments {
  readonly isEnough: boolean;
  readonly limit: number;
  readonly mean: number;
  readonly middle: number;
  readonly strict: number;
  readonly shown: number;
}

function verdictOf({ isEnough, limit, mean, middle, strict, shown }: Moments): ComparisonVerdict {
  if (!isEnough) return 'inconclusive';
  if (mean - strict > 0 && Math.min(mean, middle) > limit) return 'regressed';
  if (mean + strict < 0 && Math.max(mean, middle) < -limit) return 'improved';
  return Math.abs(mean) + shown < limit ? 'noChange' : 'inconclusive';
}

const WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  regressed: 'slower',
  improved: 'faster',
  noChange: 'no change beyond the threshold',
  inconclusive: 'inconclusive',
};

function messageOf(
  {
    verdict,
    ratio,
    interval,
    n,
    minimumDetectableEffect,
    threshold,
  }: Omit<Extract<Comparison, { kind: 'judged' }>, 'kind' | 'message'>,
  tests: TestsChange,
  outliers: number,
): string {
  const figures = `${percent(ratio)}, ${formatRatio(interval.coverage)} interval ${percent(interval.low)} to ${percent(interval.high)}, n ${n} pairs on one host, threshold ${formatRatio(threshold)}`;
  const aside =
    outliers === 0
      ? ''
      : ` ${outliers} further ${outliers === 1 ? 'pair was' : 'pairs were'} excluded because a run stalled.`;
  const least =
    verdict === 'inconclusive' && minimumDetectableEffect !== null
      ? ` With this number of pairs and this noise, a change of ${formatRatio(minimumDetectableEffect)} is detected four times in five.`
      : '';
  const taken = testsSentence(tests);
  return `${WORDS[verdict]}: ${figures}.${aside}${least}${taken === null ? '' : ` ${taken}`}`;
}

function tooFew(pairs: number): string {
  return pairs < 2
    ? `${pairs === 0 ? 'No pair' : 'One pair'} of base and head was measured; an interval needs at least two, a verdict five.`
    : 'A figure of 0 or less has no ratio.';
}
