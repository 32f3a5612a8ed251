/** The history of a run's figures up to this run, as its report shows it. */
import { targetOf, trendOf } from '../analysis/history/trend.ts';
import { seriesOf } from '../analysis/regression/series.ts';
import type { RunFacts } from '../model/run.ts';
import type { Trend } from '../model/trend.ts';
import type { Store } from '../store/store.ts';

/** A report shows the runs before it, and not all of them. */
const TREND_RUNS = 250;

/** One trend for each figure of the run, from the newest runs before it. What was decided later is not in them. */
export async function trendsUpTo(store: Store, facts: RunFacts): Promise<readonly Trend[]> {
  const keys = seriesOf(facts).map(({ key }) => key);
  const after = new Date(Date.parse(facts.startedAt) + 1).toISOString();
  const histories = await store.seriesHistories(keys, { before: after, limit: TREND_RUNS });
  return keys.map((key, i) => trendOf(key, upTo(histories[i]!, after), targetOf(key, facts.plan)));
}

/** What was decided later is on the project's page. */
function upTo<
  T extends {
    readonly alerts: readonly { readonly at: string }[];
    readonly events: readonly { readonly at: string }[];
  },
>(history: T, after: string): T {
  return {
    ...history,
    alerts: history.alerts.filter(({ at }) => at < after),
    events: history.events.filter(({ at }) => at < after),
  };
}
