import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { enginePids, hostProfile, type HostSample, readHostSample } from '../../../src/collectors/host/host-samples.ts';
import { readHostSamples, sampleHost } from '../../../src/collectors/host/collector.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const sample = (uptimeSeconds: number, change: Partial<HostSample> = {}): HostSample => ({
  at: '2026-01-01T00:00:00.000Z',
  uptimeSeconds,
  cpu: { total: uptimeSeconds * 200, idle: uptimeSeconds * 50, steal: uptimeSeconds * 2 },
  pressureUs: { cpu: uptimeSeconds * 250_000, io: 0, memory: null },
  loadAverage: uptimeSeconds,
  disk: { readBytes: 0, writtenBytes: uptimeSeconds * 1_000 },
  engineCpuSeconds: { 1: uptimeSeconds / 10 },
  ...change,
});

describe('the profile of a host', () => {
  test('is the time between its first and its last sample', () => {
    expect(hostProfile([sample(100), sample(105), sample(110)])).toEqual({
      samples: 3,
      seconds: 10,
      cpuPressureRatio: 0.25,
      ioPressureRatio: 0,
      memoryPressureRatio: null,
      busyRatio: 0.75,
      stealRatio: 0.01,
      loadAverageMax: 110,
      diskReadBytes: 0,
      diskWrittenBytes: 10_000,
      engineCpuSeconds: 1,
    });
  });

  test("a helper of the engine's that comes and goes counts for as long as it was seen", () => {
    const cpu = (engineCpuSeconds: HostSample['engineCpuSeconds']) => ({ engineCpuSeconds });
    const samples = [
      sample(1, cpu({ 1: 10 })),
      sample(2, cpu({ 1: 11, 2: 5 })),
      sample(3, cpu({ 1: 12, 2: 7 })),
      sample(4, cpu({ 1: 12 })),
    ];
    expect(hostProfile(samples)?.engineCpuSeconds).toBe(4);
  });

  test('what the kernel does not tell is not available, and no 0', () => {
    const none = { cpu: null, disk: null, engineCpuSeconds: null, loadAverage: null };
    expect(hostProfile([sample(1, none), sample(2, none)])).toMatchObject({
      busyRatio: null,
      stealRatio: null,
      diskReadBytes: null,
      engineCpuSeconds: null,
      loadAverageMax: null,
    });
  });

  test.each([[[]], [[sample(1)]], [[sample(Number.NaN), sample(Number.NaN)]]])('needs two moments', (samples) => {
    expect(hostProfile(samples)).toBeNull();
  });
});

test.runIf(process.platform === 'linux')('this machine is read, and samples are kept as they come', async () => {
  const file = join(temporaryFolder(), 'host.jsonl');
  const observation = await sampleHost(file);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await observation.stop();
  const samples = await readHostSamples(file);
  expect(samples).toHaveLength(2);
  expect(samples[0]?.cpu?.total).toBeGreaterThan(0);
  expect((await readHostSample([process.pid])).engineCpuSeconds?.[process.pid]).toBeGreaterThan(0);
  expect(await enginePids()).not.toContain(process.pid);
});
