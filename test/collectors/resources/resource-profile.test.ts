import { describe, expect, test } from 'vitest';
import type { CgroupReading } from '../../../src/collectors/cgroup/reading.ts';
import { resourceProfile } from '../../../src/collectors/resources/resource-profile.ts';
import {
  resourceMeasurements,
  type SampleRecord,
  summarize,
} from '../../../src/collectors/resources/resource-samples.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
const reading = (cpuSeconds: number, change: Partial<CgroupReading> = {}): CgroupReading => ({
  cpuNs: cpuSeconds * 1e9,
  throttledNs: 0,
  workingSetBytes: 50e6,
  peakMemoryBytes: 400e6,
  oomKills: 0,
  readBytes: null,
  writtenBytes: null,
  peakPids: 9,
  refusedPids: 0,
  pressureUs: { cpu: cpuSeconds * 1e5, io: 0, memory: null },
  ...change,
});
const parent = (
  moment: 'begin' | 'running',
  seconds: number,
  cpuSeconds: number,
  peakWorkingSetBytes: number | null = 50e6,
): SampleRecord => ({ kind: 'parent', moment, at: at(seconds), reading: reading(cpuSeconds), peakWorkingSetBytes });
const sample = (id: string, seconds: number, change: object = {}): SampleRecord => ({
  kind: 'sample',
  id,
  readAt: at(seconds),
  cpuTotalNs: seconds * 1e9,
  workingSetBytes: 30e6,
  throttledNs: seconds * 1e8,
  networkReceivedBytes: seconds * 1_000,
  networkSentBytes: seconds * 500,
  blockReadBytes: null,
  blockWrittenBytes: null,
  pids: 3,
  ...change,
});
const started = (id: string, ranBefore: boolean): SampleRecord => ({
  kind: 'container',
  id,
  name: `name-${id}`,
  ranBefore,
  cgroupCpuNs: null,
});

const RECORDS: readonly SampleRecord[] = [
  parent('begin', 0, 5, null),
  { kind: 'opened', at: at(1) },
  started('db', true),
  started('test', false),
  parent('running', 1, 5.5),
  sample('db', 1),
  sample('test', 1),
  sample('db', 3, { pids: 8 }),
  parent('running', 3, 8, 90e6),
  { kind: 'ended', id: 'test', cgroupCpuNs: null, cgroup: reading(2, { peakPids: 4, oomKills: 1, refusedPids: 2 }) },
  { kind: 'ended', id: 'db', cgroupCpuNs: null, cgroup: null },
  parent('running', 5, 8.5),
];
const OPTIONS = {
  testContainerId: 'test',
  containers: new Map([
    ['db', { service: 'db', oomKilled: false }],
    ['test', { service: 'tests', oomKilled: false }],
  ]),
  laneCpus: 2,
  noParent: null,
};

describe("with the trial's own control group", () => {
  test('its totals are what that group gained, from before the tests began to their end', () => {
    expect(summarize(RECORDS, 'test')).toMatchObject({
      cpuSeconds: 3.5,
      cpuSource: 'cgroup-parent',
      peakWorkingSetBytes: 90e6,
      memorySource: 'cgroup-parent',
      meanCores: 0.75,
    });
    expect(resourceProfile(RECORDS, OPTIONS)).toMatchObject({
      source: 'cgroup-parent',
      fallback: null,
      laneRatio: 0.375,
      cpuPressureRatio: expect.closeTo(0.075, 9),
      ioPressureRatio: 0,
      memoryPressureRatio: null,
      total: {
        cpuSeconds: 3.5,
        peakMemoryBytes: 400e6,
        peakPids: 9,
        refusedPids: 2,
        blockReadBytes: null,
        oomKills: 1,
      },
    });
  });

  test('tests that are too short for a sample are measured all the same, and their shares are not', () => {
    const records = [parent('begin', 0, 5, null), parent('running', 0.4, 5.2), parent('running', 0.6, 5.3)];
    const measurements = resourceMeasurements(summarize(records, 'test'), {}, { host: 2, lane: 2 });
    expect(measurements.map(({ metric, source, value: { kind } }) => [metric, source, kind])).toEqual([
      ['memory.workingSet.peak', 'cgroup-parent', 'measured'],
      ['trial.cpu.time', 'cgroup-parent', 'measured'],
      ['cpu.host.utilization', 'stats', 'failed'],
      ['cpu.lane.utilization', 'stats', 'failed'],
    ]);
  });

  test('that was not read before the tests began, the containers count, as without it', () => {
    expect(summarize(RECORDS.slice(1), 'test').cpuSource).toBe('stats');
  });
});

describe('of each container', () => {
  const { containers } = resourceProfile(RECORDS, OPTIONS)!;
  const [db, tests] = ['db', 'tests'].map((name) => containers.find(({ service }) => service === name)!);

  test('what ran before counts from its first sample on, the tests from their start', () => {
    expect(db).toMatchObject({ networkReceivedBytes: 2_000, networkSentBytes: 1_000, throttledSeconds: 0.2 });
    expect(tests).toMatchObject({ networkReceivedBytes: 1_000, networkSentBytes: 500, throttledSeconds: 0.1 });
  });

  test('pids and kills are from its own group where that was read, else from samples and the engine', () => {
    expect(tests).toMatchObject({ peakPids: 4, refusedPids: 2, oomKills: 1 });
    expect(db).toMatchObject({ peakPids: 8, refusedPids: null, oomKills: null, blockReadBytes: null });
    const killed = new Map([...OPTIONS.containers, ['db', { service: 'db', oomKilled: true }] as const]);
    const again = resourceProfile(RECORDS, { ...OPTIONS, containers: killed })!;
    expect(again.containers.find(({ service }) => service === 'db')?.oomKills).toBe(1);
  });
});

test('without that group it is said why', () => {
  const records = RECORDS.filter(({ kind }) => kind !== 'parent');
  const profile = resourceProfile(records, { ...OPTIONS, noParent: 'the engine runs without root' });
  expect(profile).toMatchObject({ source: 'stats', fallback: 'the engine runs without root', cpuPressureRatio: null });
});

test('there is no profile without samples', () => {
  expect(resourceProfile([{ kind: 'opened', at: at(0) }], OPTIONS)).toBeNull();
});
