/** What the store has of the runs before one: read beforehand, since what judges by it is pure. */
import { type History, testsOfRun } from '../../analysis/regression/judge-run.ts';
import { seriesOf } from '../../analysis/regression/series.ts';
import type { KnownTests, SeriesEntry, SeriesHistory } from '../../model/regression.ts';
import type { RunFacts } from '../../model/run.ts';
import { seriesId } from '../../model/series-id.ts';
import type { Store } from '../../store/store.ts';

const NOTHING: SeriesHistory = { points: [], events: [], alerts: [] };

/** Each series once. Of earlier runs' tests only the newest's are read: those of the same set stand for one another. */
export async function historyOf(store: Store, facts: RunFacts): Promise<History> {
  const entries = seriesOf(facts);
  const keys = entries.map(({ key }) => key);
  const range = { before: facts.startedAt, exceptRun: facts.run.runId };
  const histories = await store.seriesHistories(keys, range);
  const byId = new Map(keys.map((key, index) => [seriesId(key), histories[index] ?? NOTHING]));
  const known = (await store.listSeries({ project: facts.project })).map(({ key }) => key);
  const tests = await testsOfNewest(store, entries, byId);
  return {
    of: (key) => byId.get(seriesId(key)) ?? NOTHING,
    underOtherConditions: (key) =>
      known.filter(
        (other) =>
          other.metric === key.metric &&
          other.scenario === key.scenario &&
          seriesId(other) !== seriesId(key) &&
          !other.source.startsWith('import:'),
      ),
    testsOf: (runId, scenario) => tests.get(`${runId}/${scenario}`) ?? null,
  };
}

/** The facts of an earlier run; null if they are gone, or if the run came from another data directory with its figures alone. */
export async function factsOf(store: Store, runId: string): Promise<RunFacts | null> {
  const run = await store.runRef(runId);
  const facts = run === null ? null : await store.loadFacts(run);
  return facts?.plan == null ? null : facts;
}

async function testsOfNewest(
  store: Store,
  entries: readonly SeriesEntry[],
  histories: ReadonlyMap<string, SeriesHistory>,
): Promise<Map<string, KnownTests>> {
  const found = new Map<string, KnownTests>();
  for (const { key, point } of entries) {
    const points = histories.get(seriesId(key))?.points ?? [];
    const newest = points.at(-1);
    if (key.scenario === null || newest === undefined || newest.tests?.digest === point.tests?.digest) continue;
    const facts = await factsOf(store, newest.runId);
    const known = facts === null ? null : testsOfRun(facts, key.scenario);
    if (known === null) continue;
    const alike = points.filter(({ tests }) => tests?.digest === newest.tests?.digest);
    for (const { runId } of alike) found.set(`${runId}/${key.scenario}`, known);
  }
  return found;
}
