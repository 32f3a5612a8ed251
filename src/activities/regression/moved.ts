/** What a difference between the sides of a comparison consists of, from what is stored of one typical pair. */
import { attributePart } from '../../analysis/attribution/attribute.ts';
import { showsChange } from '../../analysis/attribution/shows-change.ts';
import { typicalPair } from '../../analysis/regression/typical-pair.ts';
import type { Taken } from '../../model/comparison.ts';
import type { Attribution, Comparison, Pair, Suspect } from '../../model/regression.ts';
import type { RunFacts, RunRef } from '../../model/run.ts';
import { sampleOf } from '../../model/side.ts';
import type { Store } from '../../store/store.ts';

export interface Judged {
  readonly comparison: Comparison;
  /** In the order of `taken`. */
  readonly pairs: readonly Pair[];
  readonly taken: readonly Taken[];
}

/** None for a part that did not change, and where the profiles say nothing. Below the threshold only what something changed explains. */
export async function movedBetween(
  store: Pick<Store, 'loadFacts'>,
  { base, head }: { readonly base: RunRef; readonly head: RunRef },
  suspect: Suspect,
  { comparison, pairs, taken }: Judged,
): Promise<readonly Attribution[]> {
  const verdict = directionOf(comparison, pairs);
  if (verdict === null) return [];
  const index = typicalPair(pairs, verdict);
  const [pair, sample] = index === null ? [] : [pairs[index], taken[index]?.sample];
  if (pair === undefined || sample === undefined) return [];
  const factsOf = async (side: RunRef) => factsOfSample(store, side, suspect, sample);
  const moved = attributePart(await factsOf(base), await factsOf(head), suspect, pair.head.value - pair.base.value);
  const isDecided = comparison.kind === 'judged' && comparison.verdict === verdict;
  const causes = moved.flatMap(({ cause }) => (cause === undefined ? [] : [cause]));
  return isDecided || showsChange(causes) ? moved : [];
}

/** How the part moved; null if it did not. Of other tests no ratio is judged, yet which ones they are and what they take is known. */
function directionOf(comparison: Comparison, pairs: readonly Pair[]): 'regressed' | 'improved' | null {
  if (comparison.kind === 'judged') return directionOfJudged(comparison);
  const isOfOtherTests = pairs.some(({ base, head }) => base.tests?.digest !== head.tests?.digest);
  if (!isOfOtherTests) return null;
  const slower = pairs.filter(({ base, head }) => head.value > base.value).length;
  if (slower === pairs.length) return 'regressed';
  return slower === 0 ? 'improved' : null;
}

/** A difference below the threshold is one all the same if the interval excludes none. */
function directionOfJudged(comparison: Extract<Comparison, { kind: 'judged' }>): 'regressed' | 'improved' | null {
  const { verdict, interval } = comparison;
  if (verdict === 'regressed' || verdict === 'improved') return verdict;
  if (interval.low > 1 + SMALLEST) return 'regressed';
  return interval.high < 1 - SMALLEST ? 'improved' : null;
}

/** As a ratio: less is not worth a line. */
const SMALLEST = 0.02;

/** Trials of a side are of its own run; each build and start-up is a run of its own. */
async function factsOfSample(
  store: Pick<Store, 'loadFacts'>,
  side: RunRef,
  suspect: Suspect,
  sample: number,
): Promise<RunFacts> {
  const facts = await store.loadFacts(side);
  // A sample is the side's own source: what that says was read once.
  if (suspect.phase !== 'test') {
    const { projectFiles = null, service } = facts;
    return { ...(await store.loadFacts(sampleOf(side, sample))), projectFiles, service };
  }
  return { ...facts, trials: facts.trials.filter(({ trial }) => trial === sample) };
}
