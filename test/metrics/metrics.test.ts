import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { createLanes } from '../../src/docker/lanes.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { metricsPlace, serveMetrics } from '../../src/metrics/serve.ts';
import { openStore } from '../../src/store/store.ts';
import { freshPlace } from '../store/place.ts';
import { NEW_RUN, RUN } from '../store/samples.ts';
import { readExposition } from './exposition.ts';

const HOSTILE = 'a "shop"\n\\ {x="1"} 3';

async function measured() {
  let nowMs = 0;
  const metrics = createMetrics(() => nowMs);
  const store = metrics.measuredStore(await openStore(await freshPlace()));
  const lanes = metrics.measuredLanes(createLanes({ cpus: [0, 1], memoryBytes: 4e9 }));
  const finish = async (runId: string, over: object) => {
    const run = { ...RUN, runId };
    await store.openRun({ ...NEW_RUN, run });
    const base = analyze({ ...(await store.loadFacts(run)), finishedAt: NEW_RUN.startedAt });
    const total = { seconds: 90, reason: null, target: 300, verdict: 'pass' as const };
    const result = { ...base, verdict: 'pass' as const, phases: { ...base.phases, total }, ...over };
    await store.finishRun(run, { result, verdict: result.verdict, finishedAt: NEW_RUN.startedAt });
  };
  const scrape = async () => readExposition(await metrics.page());
  const valueOf = async (name: string, labels: Record<string, string> = {}) =>
    (await scrape()).samples.find(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )?.value;
  return { metrics, store, lanes, finish, scrape, valueOf, wait: (ms: number) => (nowMs += ms) };
}

describe('the metrics of a worker', () => {
  it('count runs, with any text as the name of a project', async () => {
    const { finish, valueOf } = await measured();
    await finish('run-1', { project: HOSTILE });
    await finish('run-2', { project: HOSTILE });
    expect(await valueOf('paceline_runs_finished_total', { project: HOSTILE, verdict: 'pass' })).toBe(2);
    expect(await valueOf('paceline_phase_duration_seconds_sum', { project: HOSTILE, phase: 'total' })).toBe(180);
    expect(await valueOf('paceline_phase_duration_seconds_bucket', { phase: 'total', le: '60' })).toBe(0);
    // It was not measured, so it is absent and not 0.
    expect(await valueOf('paceline_phase_duration_seconds_count', { phase: 'build' })).toBeUndefined();
  });

  it('show the last result of a project', async () => {
    const { finish, valueOf } = await measured();
    await finish('run-1', { project: 'shop' });
    const project = { project: 'shop' };
    expect(await valueOf('paceline_last_run_verdict', { ...project, verdict: 'pass' })).toBe(1);
    expect(await valueOf('paceline_last_run_verdict', { ...project, verdict: 'missed' })).toBe(0);
    expect(await valueOf('paceline_last_run_phase_seconds', { ...project, phase: 'total' })).toBe(90);
    expect(await valueOf('paceline_last_run_phase_target_seconds', { ...project, phase: 'total' })).toBe(300);
    expect(await valueOf('paceline_last_run_start_timestamp_seconds', project)).toBe(
      Date.parse(NEW_RUN.startedAt) / 1000,
    );
  });

  it('say that the store cannot be read', async () => {
    const { store, valueOf } = await measured();
    expect(await valueOf('paceline_store_readable')).toBe(1);
    await store.close();
    expect(await valueOf('paceline_store_readable')).toBe(0);
  });

  it('measure how long a trial waits for a lane', async () => {
    const { lanes, valueOf, wait } = await measured();
    const ask = (key: string) => lanes.acquire({ cpus: 2, memoryBytes: null, key, run: 'r' });
    const first = await ask('a');
    const second = ask('b');
    await Promise.resolve();
    expect(await valueOf('paceline_lanes_held')).toBe(1);
    expect(await valueOf('paceline_lanes_waiting')).toBe(1);
    wait(7_000);
    first.release();
    await second;
    expect(await valueOf('paceline_lane_wait_seconds_sum')).toBe(7);
    expect(await valueOf('paceline_lanes_waiting')).toBe(0);
  });
});

describe('the server', () => {
  const served = async (sdk: string | null) => {
    const { metrics } = await measured();
    const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, metrics, sdk);
    onTestFinished(() => server.close());
    return server.url;
  };

  it("adds the SDK's metrics to its own, and does without them where they do not answer", async () => {
    const sdk = createServer((_, response) => response.end('# TYPE temporal_x gauge\ntemporal_x 1'));
    await new Promise<void>((resolve) => sdk.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void sdk.close());
    const { port } = sdk.address() as AddressInfo;
    const names = async (url: string) => {
      const { samples } = readExposition(await (await fetch(url)).text());
      return samples.map(({ name }) => name);
    };
    const url = await served(`127.0.0.1:${port}`);
    expect(await names(url)).toEqual(expect.arrayContaining(['temporal_x', 'paceline_lanes_held']));
    const without = await names(await served('127.0.0.1:1'));
    expect(without).toContain('paceline_lanes_held');
    expect(without).not.toContain('temporal_x');
  });

  it('has nothing else, and changes nothing', async () => {
    const url = await served(null);
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(await served(null)).port);
    const { metrics } = await measured();
    await expect(serveMetrics({ host: '127.0.0.1', port }, metrics, null)).rejects.toThrow(
      `Metrics cannot be served at 127.0.0.1:${port} (EADDRINUSE).`,
    );
  });
});

test.each([
  [{}, null],
  [{ PACELINE_METRICS_PORT: '' }, null],
  [{ PACELINE_METRICS_PORT: '9464' }, { host: '127.0.0.1', port: 9464 }],
  [
    { PACELINE_METRICS_PORT: '9464', PACELINE_METRICS_HOST: '0.0.0.0' },
    { host: '0.0.0.0', port: 9464 },
  ],
])('%j serves at %j', (env, place) => {
  expect(metricsPlace(env)).toEqual(place);
});

test.each(['x', '70000', '-1'])('the port %s is refused', (port) => {
  expect(() => metricsPlace({ PACELINE_METRICS_PORT: port })).toThrow('is not a port');
});

test.each([
  ['a sample without a type', 'a 1\n', 'no TYPE before a'],
  ['the same series twice', '# TYPE a gauge\na 1\na 2\n', 'twice: a'],
  ['an open label', '# TYPE a gauge\na{b="c} 1\n', 'not a sample'],
  ['a word for a value', '# TYPE a gauge\na one\n', 'not a sample'],
  ['no last line break', '# TYPE a gauge\na 1', 'does not end'],
  [
    'a histogram whose count is another',
    '# TYPE a histogram\na_bucket{le="+Inf"} 2\na_sum 1\na_count 1\n',
    'is not its last bucket',
  ],
])("the tests' reader refuses %s", (_, text, words) => {
  expect(() => readExposition(text)).toThrow(words);
});

test('the dashboard asks for metrics that exist', async () => {
  const { metrics } = await measured();
  const known = [...readExposition(await metrics.page()).types.keys()];
  const text = readFileSync(new URL('../../examples/grafana/paceline.json', import.meta.url), 'utf8');
  const { panels } = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
  const asked = panels.flatMap(({ targets }) => targets).flatMap(({ expr }) => expr.match(/paceline_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(5);
  for (const name of asked) expect(known).toContain(name.replace(/_bucket$/, ''));
});
