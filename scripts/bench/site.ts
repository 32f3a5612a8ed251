/**
 * `npm run bench:site [-- --runs 10000] [-- --keep FOLDER]`: measures how long the static site of that many runs takes: the first time, with
 * one more run, and with nothing new. Runs, results and figures are generated (8 series, 40 kB a result); store and pages are real.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MetricName } from '../../src/model/measurement.ts';
import type { SeriesEntry, SeriesKey } from '../../src/model/regression.ts';
import { analyze } from '../../src/analysis/analyze.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { writeSite } from '../../src/site/write/write-site.ts';
import { openStore, type Store } from '../../src/store/store.ts';

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
  console.log(`${runs} runs of 8 series stored in ${seconds(filling)}`);
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
  console.log(`${name}: ${seconds(began)}, ${written} pages written, ${kept} unchanged`);
}

async function storeRun(store: Store, index: number): Promise<void> {
  const at = timeOf(index);
  const run = { runId: `bench-${String(index).padStart(6, '0')}`, workflowId: 'bench' };
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
  const at = timeOf(index);
  const level = 1 + 0.15 * (Math.floor(index / 500) % 4);
  return keys().map((key, series) => ({
    key,
    point: {
      runId: `bench-${String(index).padStart(6, '0')}`,
      commit: index.toString(16).padStart(40, '0'),
      dirty: false,
      at,
      value: (60 + 20 * series) * level * Math.exp(0.05 * noise(index * 8 + series)),
      samples: 3,
      disturbed: null,
      tests: null,
      alertState: null,
    },
  }));
}

function keys(): SeriesKey[] {
  const key = (metric: MetricName, scenario: string | null): SeriesKey => ({
    project: 'shop',
    metric,
    scenario,
    lane: scenario === null ? null : { cpus: 2, memoryBytes: null },
    fingerprint: { cpuModel: 'AMD EPYC 7B13', cores: 4, memoryGib: 15.6, engineMajor: '28' },
    source: 'bench',
  });
  return [
    key('build.cold.duration', null),
    key('build.warm.duration', null),
    key('startup.duration', null),
    ...['full', 'unit', 'integration', 'slow'].map((scenario) => key('trial.duration', scenario)),
    key('total.duration', null),
  ];
}

/** A sum of hashed digits, approximately normal. The same in every run of this script. */
function noise(seed: number): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) {
    const hash = Math.sin(seed * 12.9898 + i * 78.233) * 43_758.5453;
    sum += hash - Math.floor(hash);
  }
  return sum;
}

function timeOf(index: number): string {
  return new Date(Date.UTC(2020, 0, 1) + index * 3_600_000).toISOString();
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}
