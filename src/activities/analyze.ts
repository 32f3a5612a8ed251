import { analyze as judge } from '../analysis/analyze.ts';
import { compareWithPast } from '../analysis/regression/in-result.ts';
import type { RegressionAlert } from '../model/regression.ts';
import type { RunFacts } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import { activity } from './attempt.ts';
import type { Make } from './deps.ts';
import { factsOf, historyOf } from './regression/history.ts';
import { keepSeries } from './series.ts';

/**
 * Judges what is stored, by itself and against the runs before it, and stores the result: the first conclusion of a run
 * counts, and no alert is a candidate any more.
 */
export const analyze: Make<'analyze'> = ({ store, missedRuns }) =>
  activity({ phase: 'collecting' }, async ({ run, problems, notes, cancelled, decided = [] }) => {
    const stored = await store.loadFacts(run);
    const finishedAt = new Date().toISOString();
    const facts: RunFacts = {
      ...stored,
      finishedAt,
      missedRuns: await missedRuns(run),
      problems: [...stored.problems, ...problems],
      notes: [...stored.notes, ...notes],
      cancelled,
    };
    const compared = compareWithPast(facts, await pastOf(store, facts, decided));
    const result = judge(facts, compared);
    await keepSeries(store, facts);
    await store.saveAlerts(run, [...compared.final, ...(await leftOver(store, facts))]);
    return store.finishRun(run, { result, verdict: result.verdict, finishedAt });
  });

/** With the facts of the runs that something confirmed is compared with: they tell what moved. */
async function pastOf(store: Store, facts: RunFacts, concluded: readonly RegressionAlert[]) {
  const history = await historyOf(store, facts);
  const runIds = new Set(concluded.flatMap(({ baseline }) => (baseline === null ? [] : [baseline.newestRunId])));
  const earlier = new Map<string, RunFacts | null>();
  for (const runId of runIds) earlier.set(runId, await factsOf(store, runId));
  return { history: { ...history, factsOf: (runId: string) => earlier.get(runId) ?? null }, concluded };
}

/** A cancelled run says nothing of any series; what it was suspected of before stays undecided for good. */
async function leftOver(store: Store, { run, cancelled }: RunFacts): Promise<RegressionAlert[]> {
  if (!cancelled) return [];
  const open = await store.alerts({ runId: run.runId, states: ['candidate'] });
  return open.map(({ alert }) => ({
    ...alert,
    state: 'inconclusive',
    message: `${alert.message.replace(/^Suspected: /, 'Inconclusive: ')} The run was cancelled before it was decided.`,
  }));
}
