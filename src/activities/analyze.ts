import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { verificationsOf } from '../analysis/advice/with-verifications.ts';
import { analyze as judge } from '../analysis/analyze.ts';
import { factsFileOf } from '../analysis/facts-file.ts';
import { cancelledAlert } from '../analysis/regression/alert.ts';
import { baseRunOf } from '../analysis/attribution/attribute.ts';
import { compareWithPast } from '../analysis/regression/in-result.ts';
import type { RegressionAlert } from '../model/regression.ts';
import type { RunFacts } from '../model/run.ts';
import { runFolder } from '../data/directory.ts';
import { renderFacts } from '../report/formats/json.ts';
import type { Store } from '../store/store.ts';
import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';
import { factsOf, historyOf } from './regression/history.ts';
import { keepSeries } from './support/fill-series.ts';
import { writeWhole } from './support/workspace.ts';

/**
 * Judges what is stored, by itself and against the runs before it, and stores the result. The first conclusion of a run
 * counts: facts.json, which is written before it, is what that conclusion was made from.
 */
export const analyze: Make<'analyze'> = ({ store, missedRuns, dataDirectory }) =>
  activity({ phase: 'collecting' }, async ({ run, problems, notes, cancelled, decided = [] }) => {
    const known = await store.result(run.runId);
    if (known !== null) return known;
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
    const verified = verificationsOf(
      judge(facts, compared).advice,
      await store.verifications({ project: facts.project }),
    );
    const result = judge(facts, compared, verified);
    const folder = runFolder(dataDirectory, run.runId);
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, 'facts.json'), renderFacts(factsFileOf(facts, compared, verified)));
    await keepSeries(store, facts);
    await store.saveAlerts(run, [...compared.final, ...(await leftOver(store, facts))]);
    return store.finishRun(run, { result, verdict: result.verdict, finishedAt });
  });

/** With the facts of the runs that something confirmed is compared with: they tell what moved. */
async function pastOf(store: Store, facts: RunFacts, concluded: readonly RegressionAlert[]) {
  const history = await historyOf(store, facts);
  const runIds = new Set(
    concluded.flatMap(({ baseline, key }) => (baseline === null ? [] : [baseRunOf(baseline, history.of(key).points)])),
  );
  const earlier = new Map<string, RunFacts | null>();
  for (const runId of runIds) earlier.set(runId, await factsOf(store, runId));
  return { history: { ...history, factsOf: (runId: string) => earlier.get(runId) ?? null }, concluded };
}

/** A cancelled run adds no point to any series; its suspicions stay undecided. */
async function leftOver(store: Store, { run, cancelled }: RunFacts): Promise<RegressionAlert[]> {
  if (!cancelled) return [];
  const open = await store.alerts({ runId: run.runId, states: ['candidate'] });
  return open.map(({ alert }) => cancelledAlert(alert));
}
