/** Runs that were stored before there were series become part of the history. */
import { seriesOf } from '../analysis/regression/series.ts';
import type { Store } from '../store/store.ts';

/** More than a first release has left anywhere. */
const MOST_RUNS = 500;

/** From the facts that are kept of every run. Again is harmless: the first points of a run count. */
export async function fillSeries(store: Store): Promise<void> {
  for (const run of await store.runsWithoutPoints(MOST_RUNS)) {
    await store.savePoints(run, seriesOf(await store.loadFacts(run)));
  }
}
