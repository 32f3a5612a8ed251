/** What a difference between the sides of a comparison consists of, from what is stored of one typical pair. */
import { attributePart } from '../../analysis/attribution/attribute.ts';
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

/** None for a part that did not change, and where the profiles say nothing. */
export async function movedBetween(
  store: Pick<Store, 'loadFacts'>,
  { base, head }: { readonly base: RunRef; readonly head: RunRef },
  suspect: Suspect,
  { comparison, pairs, taken }: Judged,
): Promise<readonly Attribution[]> {
  if (comparison.kind === 'refused') return [];
  const { verdict } = comparison;
  if (verdict !== 'regressed' && verdict !== 'improved') return [];
  const index = typicalPair(pairs, verdict);
  const [pair, sample] = index === null ? [] : [pairs[index], taken[index]?.sample];
  if (pair === undefined || sample === undefined) return [];
  const factsOf = async (side: RunRef) => factsOfSample(store, side, suspect, sample);
  return attributePart(await factsOf(base), await factsOf(head), suspect, pair.head.value - pair.base.value);
}

/** Trials of a side are of its own run; each build and start-up is a run of its own. */
async function factsOfSample(
  store: Pick<Store, 'loadFacts'>,
  side: RunRef,
  suspect: Suspect,
  sample: number,
): Promise<RunFacts> {
  if (suspect.phase !== 'test') return store.loadFacts(sampleOf(side, sample));
  const facts = await store.loadFacts(side);
  return { ...facts, trials: facts.trials.filter(({ trial }) => trial === sample) };
}
