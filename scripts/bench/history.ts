/**
 * `npm run bench:history [-- --runs 10000] [-- --store postgresql://…]`: measures how long it takes to judge one run against that
 * many earlier runs, queries included. The history is generated (8 series of plausible noise); store and judgement are real.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baselineOf } from '../../src/analysis/regression/baseline.ts';
import { candidateOf } from '../../src/analysis/regression/candidate.ts';
import { changeAlert } from '../../src/analysis/regression/changes.ts';
import type { SeriesEntry } from '../../src/model/regression.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { generatedEntries, generatedRunId, generatedTime, secondsSince } from './support/generated-history.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, store: { type: 'string' } },
});
const runs = Number(values.runs);
const dataDirectory = mkdtempSync(join(tmpdir(), 'paceline-bench-history-'));
const store = await openStore({ dataDirectory, url: values.store });
try {
  const filling = performance.now();
  for (let index = 0; index < runs; index += 1) await storeRun(store, index);
  console.log(`${runs} runs of 8 series stored in ${secondsSince(filling)}`);
  await storeRun(store, runs);
  const times: number[] = [];
  for (let repeat = 0; repeat < 5; repeat += 1) times.push(await judgeNewest(store));
  times.sort((a, b) => a - b);
  console.log(
    `one run judged against ${runs}, queries included: median ${times[2]?.toFixed(0)} ms, worst ${times[4]?.toFixed(0)} ms`,
  );
  const looking = performance.now();
  await store.listRuns({ limit: 20 });
  await store.listSeries();
  console.log(`the latest 20 runs and all series listed in ${secondsSince(looking)}`);
} finally {
  await store.close();
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function storeRun(store: Store, index: number): Promise<void> {
  const at = timeOf(index);
  const run = { runId: generatedRunId(index), workflowId: 'bench' };
  await store.openRun({ run, instance: 'bench', source: { path: '/bench/shop' }, startedAt: at });
  await store.savePoints(run, entriesOf(index));
}

/** Like `analyze`: reads the histories of all series of the run, then computes baseline, suspicion and change points of each. */
async function judgeNewest(store: Store): Promise<number> {
  const began = performance.now();
  const entries = entriesOf(runs);
  const histories = await store.seriesHistories(
    entries.map(({ key }) => key),
    { before: timeOf(runs) },
  );
  for (const [index, entry] of entries.entries()) {
    const history = histories[index];
    if (history === undefined) throw new Error('a series has no history');
    if (history.points.length !== Math.min(runs, 2_500)) throw new Error(`${history.points.length} points`);
    const baseline = baselineOf(history, null);
    if (baseline.kind === 'baseline') candidateOf(baseline, entry, history, { threshold: 0.2, floorSeconds: 2 });
    changeAlert(entry, history);
  }
  return performance.now() - began;
}

function entriesOf(index: number): SeriesEntry[] {
  return generatedEntries(index, { at: timeOf(index), commit: 'c'.repeat(40), level: 1 });
}

function timeOf(index: number): string {
  return generatedTime(index, 2010);
}
