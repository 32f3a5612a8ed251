/** The whole report of a run, from the store. */
import { withVerifications } from '../analysis/advice/with-verifications.ts';
import type { Page } from '../report/page.ts';
import { type GoTo, runsPath, trailTo } from '../report/pages/paths.ts';
import { runPage } from '../report/pages/run.ts';
import type { Store } from '../store/store.ts';
import { trendsUpTo } from './run-trends.ts';

/** @returns null if the run has no result, or is not in the store */
export async function runReport(store: Store, runId: string, go: GoTo): Promise<Page | null> {
  const result = await store.result(runId);
  const run = await store.runRef(runId);
  if (result === null || run === null) return null;
  const facts = await store.loadFacts(run);
  // The result of a side of a comparison has no advice.
  const advice = Array.isArray(result.advice) ? result.advice : [];
  const stored = await store.verifications({ project: result.project });
  const trail = [...trailTo(result.project, go), go('Runs', runsPath(result.project))];
  const context = { facts, trends: await trendsUpTo(store, facts) };
  return runPage({ ...result, advice: withVerifications(advice, stored) }, context, trail);
}
