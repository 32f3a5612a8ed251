/** What runs say of the series that later ones are compared in. */
import { seriesOf } from '../../analysis/regression/series.ts';
import type { RunFacts } from '../../model/run.ts';
import type { Store } from '../../store/store.ts';

/** More than a first release has left anywhere. */
const MOST_RUNS = 500;

/** Again is harmless: the first points of a run count. */
export async function keepSeries(store: Store, facts: RunFacts): Promise<void> {
  await store.savePoints(facts.run, seriesOf(facts));
}

/** Runs that were stored before there were series get theirs, from the facts that are kept of every run. */
export async function fillSeries(store: Store): Promise<void> {
  for (const run of await store.runsWithoutPoints(MOST_RUNS)) await keepSeries(store, await store.loadFacts(run));
}
