import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOfProcess, readCgroup } from '../../../src/collectors/cgroup/reading.ts';
import { fingerprint } from '../../../src/collectors/host/fingerprint.ts';
import { sampleOf, trafficOf } from '../../../src/collectors/resources/container-sample.ts';
import { resourceMeasurements, summarize } from '../../../src/collectors/resources/resource-samples.ts';
import { parseSamples, readSamples, startSampling } from '../../../src/collectors/resources/sampling.ts';
import { localEngine } from '../../support/local-engine.ts';

let local: Awaited<ReturnType<typeof localEngine>>;
let directory: string;
beforeAll(async () => {
  local = await localEngine('resources');
  directory = await mkdtemp(join(tmpdir(), 'paceline-resources-'));
});
afterAll(async () => {
  await local.cleanUp();
  await rm(directory, { recursive: true, force: true });
});

const ofProject = (project: string) => ['--label', `com.docker.compose.project=${project}`];
/** Uses a CPU for as long as it says, with as much memory. */
const work = (seconds: number, mib: number) =>
  `python3 -c "
import time
block = bytearray(b'x') * (${mib} << 20)
while time.process_time() < ${seconds}: pass"`;
const IDLE = 'trap "exit 0" TERM; while :; do sleep 0.2; done';
const never = () => new AbortController().signal;

describe("a trial's containers", () => {
  it('are found, those that ran before and those that come, and summed up', async () => {
    const file = join(directory, 'samples.jsonl');
    const service = await local.start(IDLE, ...ofProject(`paceline-test-resources-${process.pid}`));
    const stranger = await local.start(IDLE, ...ofProject(`paceline-test-another-${process.pid}`));
    const sampling = await startSampling({
      engine: local.engine,
      project: `paceline-test-resources-${process.pid}`,
      file,
      local: local.endpoint.local,
    });
    const test = await local.start(work(3, 64), ...ofProject(`paceline-test-resources-${process.pid}`));
    expect(await local.engine.waitContainer(test, never())).toBe(0);
    await sampling.stop();
    const records = parseSamples(await readFile(file, 'utf8'));
    const summary = summarize(records, test);
    expect(summary.gaps).toEqual([]);
    expect(summary.containers.map(({ id }) => id).sort((a, b) => a.localeCompare(b))).toEqual(
      [service, test].sort((a, b) => a.localeCompare(b)),
    );
    expect(summary.containers.map(({ id }) => id)).not.toContain(stranger);
    const used = summary.containers.find(({ id }) => id === test);
    // It used 3 s of CPU and 64 MiB; what the last second hid is the difference.
    expect(used?.cpuSeconds).toBeGreaterThan(1.5);
    expect(used?.cpuSeconds).toBeLessThan(4);
    expect(used?.peakWorkingSetBytes).toBeGreaterThan(64 * 2 ** 20);
    expect(summary.peakWorkingSetBytes).toBeGreaterThan(used?.peakWorkingSetBytes ?? 0);
    expect(summary.cpuSource).toBe(local.endpoint.local ? 'cgroup' : 'stats');
    const cpus = { host: (await local.engine.info()).cpus, lane: 1 };
    for (const { value } of resourceMeasurements(summary, {}, cpus)) expect(value.kind).toBe('measured');
  });

  it('have the same figures from the kernel as from the engine', async ({ skip }) => {
    if (!local.endpoint.local) skip('the engine is on another machine');
    const id = await local.start(`${work(1, 32)}; ${IDLE}`);
    const container = (await local.engine.inspectContainer(id))!;
    const { pid } = container.state;
    const place = placeOfProcess(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))!;
    const read = async () =>
      sampleOf(await readCgroup(place), await trafficOf(pid!, container.networkMode), new Date().toISOString())!;
    for (let usedNs = 0; usedNs < 1e9; ) usedNs = (await read()).cpuTotalNs;
    const stopping = new AbortController();
    const before = await read();
    for await (const engines of local.engine.stats(id, stopping.signal)) {
      const after = await read();
      expect(Object.keys(engines).sort()).toEqual(Object.keys(after).sort());
      for (const name of ['cpuTotalNs', 'networkReceivedBytes', 'networkSentBytes'] as const) {
        expect(engines[name]).toBeGreaterThanOrEqual(before[name]);
        expect(engines[name]).toBeLessThanOrEqual(after[name]);
      }
      expect(engines.networkReceivedBytes).toBeGreaterThan(0);
      expect(engines.workingSetBytes / after.workingSetBytes).toBeCloseTo(1, 0);
      expect(engines.blockReadBytes).toBe(after.blockReadBytes);
      break;
    }
    stopping.abort();
  });

  it('are sampled on by the next attempt, with the gap told', async () => {
    const file = join(directory, 'reattached.jsonl');
    const options = {
      engine: local.engine,
      project: `paceline-test-reattached-${process.pid}`,
      file,
      local: local.endpoint.local,
    };
    const first = await startSampling(options);
    const test = await local.start(work(5, 1), ...ofProject(`paceline-test-reattached-${process.pid}`));
    await delay(2_000);
    await first.stop();
    const second = await startSampling(options);
    await local.engine.waitContainer(test, never());
    await second.stop();
    const summary = summarize(await readSamples(file), test);
    expect(summary.gaps).toEqual(['sampling was interrupted once while no worker ran']);
    expect(summary.cpuSeconds).toBeGreaterThan(3);
    expect(summary.cpuSeconds).toBeLessThan(6);
  });

  it('that end before the first sample of the stats stream leave failed measurements', async () => {
    const file = join(directory, 'short.jsonl');
    const sampling = await startSampling({
      engine: local.engine,
      project: `paceline-test-short-${process.pid}`,
      file,
      local: false,
    });
    const test = await local.start('true', ...ofProject(`paceline-test-short-${process.pid}`));
    await local.engine.waitContainer(test, never());
    await sampling.stop();
    const summary = summarize(await readSamples(file), test);
    const measurements = resourceMeasurements(summary, {}, { host: 2, lane: null });
    expect(measurements.map(({ value }) => value.kind)).toEqual(['failed', 'failed', 'failed', 'notAvailable']);
  });
});

describe('the host', () => {
  it('has a fingerprint', async () => {
    const { key, detail } = fingerprint(await local.engine.info(), local.endpoint);
    expect(key.cpuModel).not.toBe('');
    expect(key.cores).toBeGreaterThan(0);
    expect(detail['compose']).toMatch(/^v?\d/);
  });
});
