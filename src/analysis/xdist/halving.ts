/** Successive halving: which candidates are measured in the next round, and what became of the others. Pure. */
import type { Measured, Pair, TestsChange } from '../../model/regression.ts';
import type { TuneCandidate, TuneStep, Tried } from '../../model/tune.ts';
import { decidePairs, firstOf, nextPairs } from '../regression/pairs.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';

/** What the rounds measured of one candidate, in their order. */
export interface Figures {
  readonly measured: readonly Measured[];
  /** Why a round gave no figure, as a sentence; null if all did. */
  readonly failed: string | null;
  /** Compared with the scenario as it is. */
  readonly tests: TestsChange | null;
}

export interface Contest {
  readonly now: readonly Measured[];
  readonly candidates: readonly (TuneCandidate & Figures)[];
  readonly threshold: number;
}

/** After how many rounds half of the candidates are left out. */
const HALVED_AFTER = [1, 2, 3];

/**
 * A candidate that is red or runs other tests is out at once, and after two rounds so is one that is not faster than the scenario as it is. After
 * each of the first rounds the slower half is left out. The last one is measured until its pairs decide.
 */
export function nextRound({ now, candidates, threshold }: Contest): TuneStep {
  const tried = candidates.map((candidate) => triedOf(candidate, now, threshold));
  const rounds = now.length;
  const alive = tried.filter(({ number, state }) => state === 'open' && isStillIn(number));
  const open = alive.filter(({ seconds }) => rounds < 2 || seconds === null || seconds < middle(now)!);
  const [last] = open;
  const isDecided =
    open.length === 0 ||
    (open.length === 1 && nextPairs(pairsOf(now, figuresOf(last!.number)), optionsOf(last!.number)) === 0);
  const kept = new Set(open.map(({ number }) => number));
  return {
    open: isDecided ? [] : open.map(({ number }) => number),
    tried: tried.map((each) =>
      each.state === 'open' && !kept.has(each.number)
        ? { ...each, state: each.samples === 0 ? 'left' : 'slower' }
        : each,
    ),
  };

  function figuresOf(number: number): Figures {
    return candidates.find((each) => each.number === number)!;
  }

  function optionsOf(number: number) {
    const { tests } = figuresOf(number);
    return { threshold, ...(tests === null ? {} : { tests }) };
  }

  /** Whether no halving left it out: decided by the figures of the rounds before it alone, so that it stays out. */
  function isStillIn(number: number): boolean {
    let group = tried.filter(({ state }) => state !== 'failed').map((each) => each.number);
    for (const after of HALVED_AFTER.filter((round) => round <= rounds)) {
      const half = Math.max(1, Math.ceil(group.length / 2));
      group = group.toSorted((a, b) => until(a, after) - until(b, after)).slice(0, half);
    }
    return group.includes(number);
  }

  function until(number: number, round: number): number {
    return middle(figuresOf(number).measured.slice(0, round)) ?? Number.POSITIVE_INFINITY;
  }
}

function triedOf(
  { measured, failed, tests, ...candidate }: TuneCandidate & Figures,
  now: readonly Measured[],
  threshold: number,
): Tried {
  const pairs = pairsOf(now, { measured, failed, tests });
  const otherTests = tests !== null && tests.kind !== 'same' ? 'It ran other tests.' : null;
  const reason = failed ?? otherTests;
  return {
    ...candidate,
    seconds: reason === null ? middle(measured) : null,
    samples: measured.length,
    state: reason === null ? 'open' : 'failed',
    reason,
    comparison: reason === null && pairs.length >= 2 ? decidePairs(pairs, { threshold }) : null,
  };
}

/** A pair is measured in one round, so one soon after the other. */
function pairsOf(now: readonly Measured[], { measured }: Figures): Pair[] {
  return measured.slice(0, now.length).map((head, round) => ({ base: now[round]!, head, first: firstOf(round) }));
}

function middle(figures: readonly Measured[]): number | null {
  const samples = samplesOf(figures.map(({ value }) => value));
  return samples === null ? null : median(samples);
}
