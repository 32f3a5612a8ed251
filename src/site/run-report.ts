/** The whole report of a run, from the store. */
import { targetOf, trendOf } from '../analysis/history/trend.ts';
import { withVerifications } from '../analysis/advice/with-verifications.ts';
import { seriesOf } from '../analysis/regression/series.ts';
import type { RunFacts } from '../model/run.ts';
import type { Trend } from '../model/trend.ts';
import type { Page } from '../report/page.ts';
import { type GoTo, HOME, projectPath, runsPath } from '../report/pages/paths.ts';
import { runPage } from '../report/pages/run.ts';
import type { Store } from '../store/store.ts';

/** A report shows the runs before it, and not all of them. */
const TREND_RUNS = 250;

/** @returns null if the run has no result, or is not in the store */
export async function runReport(store: Store, runId: string, go: GoTo): Promise<Page | null> {
  const result = await store.result(runId);
  const run = await store.runRef(runId);
  if (result === null || run === null) return null;
  const facts = await store.loadFacts(run);
  // The result of a side of a comparison has no advice.
  const advice = Array.isArray(result.advice) ? result.advice : [];
  const stored = await store.verifications({ project: result.project });
  const trail = [
    go('Projects', HOME),
    go(result.project, projectPath(result.project)),
    go('Runs', runsPath(result.project)),
  ];
  const context = { facts, trends: await trendsUpTo(store, facts) };
  return runPage({ ...result, advice: withVerifications(advice, stored) }, context, trail);
}

async function trendsUpTo(store: Store, facts: RunFacts): Promise<readonly Trend[]> {
  const keys = seriesOf(facts).map(({ key }) => key);
  const after = new Date(Date.parse(facts.startedAt) + 1).toISOString();
  const histories = await store.seriesHistories(keys, { before: after, limit: TREND_RUNS });
  return keys.map((key, i) => trendOf(key, upTo(histories[i]!, after), targetOf(key, facts.plan)));
}

/** What was decided later is on the project's page. */
function upTo<T extends { readonly alerts: readonly { readonly at: string }[]; readonly events: readonly { readonly at: string }[] }>(
  history: T,
  after: string,
): T {
  return {
    ...history,
    alerts: history.alerts.filter(({ at }) => at < after),
    events: history.events.filter(({ at }) => at < after),
  };
}
