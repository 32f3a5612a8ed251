/**
 * `npm run bench:site [-- --runs 10000] [-- --keep FOLDER]`: measures how long the static site of that many runs takes: the first time, with
 * one more run, and with nothing new. Runs, results and figures are generated (8 series, 40 kB a result); store and pages are real.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SeriesEntry } from '../../src/model/regression.ts';
import { analyze } from '../../src/analysis/analyze.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { writeSite } from '../../src/site/write/write-site.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { generatedEntries, generatedRunId, generatedTime, secondsSince } from './support/generated-history.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, keep: { type: 'string' } },
});
const runs = Number(values.runs);
const VERDICTS = ['pass', 'pass', 'pass', 'pass', 'missed', 'failed', 'regressed'] as const;
const FACTS = new URL('../../test/fixtures/facts/shop.json', import.meta.url);
const recorded = JSON.parse(readFileSync(FACTS, 'utf8')) as RunFacts;
const result = analyze(recorded, null);

const root = values.keep ?? mkdtempSync(join(tmpdir(), 'paceline-bench-site-'));
const store = await openStore({ dataDirectory: root });
try {
  const filling = performance.now();
  for (let index = 0; index < runs; index += 1) await storeRun(store, index);
  console.log(`${runs} runs of 8 series stored in ${secondsSince(filling)}`);
  await measured('first time');
  await storeRun(store, runs);
  await measured('one more run');
  await measured('nothing new');
} finally {
  await store.close();
  if (values.keep === undefined) rmSync(root, { recursive: true, force: true });
}

async function measured(name: string): Promise<void> {
  const began = performance.now();
  const { written, kept } = await writeSite(store, {
    folder: join(root, 'site'),
    dataDirectory: root,
    projects: null,
    reports: 50,
    version: 'bench',
    baseUrl: null,
  });
  console.log(`${name}: ${secondsSince(began)}, ${written} pages written, ${kept} unchanged`);
}

async function storeRun(store: Store, index: number): Promise<void> {
  const at = timeOf(index);
  const run = { runId: generatedRunId(index), workflowId: 'bench' };
  const verdict = VERDICTS[index % VERDICTS.length]!;
  const branch = index % 5 === 0 ? `topic-${index % 8}` : 'main';
  const commit = index.toString(16).padStart(40, '0');
  await store.openRun({ run, instance: 'bench', source: { path: '/bench/shop' }, startedAt: at });
  await store.setSource(run, { origin: '/bench/shop', directory: '/bench/shop', commit, branch, dirty: false });
  await store.setPlan(run, { plan: recorded.plan!, service: 'tests', project: 'shop', standIns: [] });
  if (index % VERDICTS.length !== 5) await store.savePoints(run, entriesOf(index));
  const of = {
    ...result,
    ...run,
    project: 'shop',
    verdict,
    startedAt: at,
    source: { ...result.source, commit, branch },
  };
  await store.finishRun(run, { result: of, verdict, finishedAt: at });
}

/** A new level every 500 runs. */
function entriesOf(index: number): SeriesEntry[] {
  return generatedEntries(index, {
    at: timeOf(index),
    commit: index.toString(16).padStart(40, '0'),
    level: 1 + 0.15 * (Math.floor(index / 500) % 4),
  });
}

function timeOf(index: number): string {
  return generatedTime(index, 2020);
}
