import { describe, expect, it } from 'vitest';
import {
  type ResourceSummary,
  resourceMeasurements,
  type SampleRecord,
  summarize,
} from '../../../src/collectors/resources/resource-samples.ts';
import { parseSamples } from '../../../src/collectors/resources/sampling.ts';

const MIB = 2 ** 20;
const opened: SampleRecord = { kind: 'opened', at: '2026-01-01T00:00:00.000Z' };
const container = (id: string, ranBefore: boolean, cgroupCpuSeconds: number | null = null): SampleRecord => ({
  kind: 'container',
  id,
  name: id,
  ranBefore,
  cgroupCpuNs: cgroupCpuSeconds === null ? null : cgroupCpuSeconds * 1e9,
});
const ended = (id: string, cgroupCpuSeconds: number | null = null): SampleRecord => ({
  kind: 'ended',
  id,
  cgroupCpuNs: cgroupCpuSeconds === null ? null : cgroupCpuSeconds * 1e9,
});
const sample = (id: string, atSeconds: number, cpuSeconds: number, workingSetMib: number): SampleRecord => ({
  kind: 'sample',
  id,
  readAt: new Date(Date.UTC(2026, 0, 1) + atSeconds * 1_000).toISOString(),
  cpuTotalNs: cpuSeconds * 1e9,
  workingSetBytes: workingSetMib * MIB,
  throttledNs: 0,
  networkReceivedBytes: 0,
  networkSentBytes: 0,
  pids: 1,
});

/** A database that ran before, and tests that started and ended while it ran. */
const trial = [
  opened,
  container('db', true),
  sample('db', 0, 10, 100),
  container('test', false),
  sample('test', 0.5, 0.5, 50),
  sample('db', 1, 10.2, 120),
  sample('test', 1.5, 1.5, 300),
  sample('db', 2, 10.4, 110),
  sample('test', 2.5, 2.5, 80),
  ended('test'),
  sample('db', 3, 10.4, 500),
  ended('db'),
];

describe('the CPU time of a trial', () => {
  it('is that of its own containers from their start, and of what ran before from the first sample on', () => {
    const summary = summarize(trial, 'test');
    expect(summary.cpuSeconds).toBeCloseTo(2.9, 9);
    expect(summary.containers.map(({ name, cpuSeconds }) => [name, cpuSeconds])).toEqual([
      ['db', expect.closeTo(0.4, 9)],
      ['test', expect.closeTo(2.5, 9)],
    ]);
    expect(summary.cpuSource).toBe('stats');
  });

  it("is the tests' own from their start, also where sampling began after it", () => {
    const records = [opened, container('test', true, 0.7), sample('test', 1, 1, 1), ended('test', 1.5)];
    expect(summarize(records, 'test').cpuSeconds).toBe(1.5);
  });

  it('is the later reading of the cgroup file where every container has one', () => {
    const records = [
      opened,
      container('db', true, 9.9),
      sample('db', 0, 10, 1),
      container('test', false, 0.01),
      sample('test', 1, 1, 1),
      ended('test', 1.8),
      ended('db', 10.3),
    ];
    const summary = summarize(records, 'test');
    expect(summary.cpuSeconds).toBeCloseTo(1.8 + 0.4, 9);
    expect(summary.cpuSource).toBe('cgroup');
  });

  it('is of source stats as soon as one container has no such file', () => {
    const records = [
      opened,
      container('a', false, 0),
      sample('a', 0, 1, 1),
      ended('a', 2),
      container('b', false),
      sample('b', 1, 3, 1),
    ];
    expect(summarize(records, 'a')).toMatchObject({ cpuSeconds: 5, cpuSource: 'stats' });
  });

  it('goes on when a restarted container counts from 0 again', () => {
    const records = [opened, container('a', false), sample('a', 0, 2, 1), sample('a', 1, 0.5, 1), sample('a', 2, 1, 1)];
    expect(summarize(records, 'a').cpuSeconds).toBe(3);
  });
});

describe('the peak of the working set', () => {
  it('is the largest sum at one time, without what has ended', () => {
    expect(summarize(trial, 'test').peakWorkingSetBytes).toBe(500 * MIB);
    expect(summarize(trial.slice(0, -2), 'test').peakWorkingSetBytes).toBe(420 * MIB);
  });

  it('leaves out a sample that is too old to say anything', () => {
    const records = [
      opened,
      container('a', false),
      container('b', false),
      sample('a', 0, 1, 100),
      sample('b', 9, 1, 20),
    ];
    expect(summarize(records, 'a').peakWorkingSetBytes).toBe(100 * MIB);
  });
});

describe('the mean of the cores in use', () => {
  it("is of all containers, over the time of the tests' samples", () => {
    // Tests: 2.0 s of CPU within 2 s; the database: 0.1 + 0.2 + 0 s in the same 2 s, by straight lines.
    expect(summarize(trial, 'test').meanCores).toBeCloseTo((2 + 0.3) / 2, 9);
  });

  it.each([
    ['one sample', [opened, container('test', false), sample('test', 0, 1, 1)], 'test'],
    ['no container', [opened], 'test'],
    ['no tests', trial, null],
  ])('is absent with %s', (_, records, id) => {
    expect(summarize(records, id).meanCores).toBeNull();
  });
});

describe('gaps', () => {
  it('name a worker that was lost, a container without sample, and what else went wrong', () => {
    const records = [
      opened,
      container('short', false),
      ended('short'),
      opened,
      { kind: 'gap', reason: 'engine gone' } as const,
    ];
    expect(summarize(records, null).gaps).toEqual([
      'sampling was interrupted once while no worker ran',
      'engine gone',
      'short ended before its first sample',
    ]);
  });

  it('are none in an undisturbed trial', () => {
    expect(summarize(trial, 'test').gaps).toEqual([]);
  });

  it('do not restart the CPU time when another attempt continues', () => {
    const records = [...trial.slice(0, 6), opened, container('db', false), container('test', false), ...trial.slice(6)];
    expect(summarize(records, 'test').cpuSeconds).toBeCloseTo(2.9, 9);
  });
});

describe('measurements', () => {
  const of = (summary: ResourceSummary, lane: number | null = 2) =>
    Object.fromEntries(
      resourceMeasurements(summary, {}, { host: 4, lane }).map(({ metric, value }) => [metric, value]),
    );

  it('are four for a trial that was sampled', () => {
    expect(of(summarize(trial, 'test'))).toEqual({
      'memory.workingSet.peak': { kind: 'measured', value: 500 * MIB },
      'trial.cpu.time': { kind: 'measured', value: expect.closeTo(2.9, 9) },
      'cpu.host.utilization': { kind: 'measured', value: expect.closeTo(1.15 / 4, 9) },
      'cpu.lane.utilization': { kind: 'measured', value: expect.closeTo(1.15 / 2, 9) },
    });
  });

  it("are failed ones, never 0 nor the services' alone, when the tests were too short", () => {
    const records = [opened, container('db', true), sample('db', 0, 1, 100), container('test', false), ended('test')];
    const failed = (reason: string) => ({ kind: 'failed', reason });
    expect(of(summarize(records, 'test'))).toEqual({
      'memory.workingSet.peak': failed("the tests' container ended before its first sample"),
      'trial.cpu.time': failed("the tests' container ended before its first sample"),
      'cpu.host.utilization': failed("the tests' container ended before its second sample"),
      'cpu.lane.utilization': failed("the tests' container ended before its second sample"),
    });
  });

  it('say that a lane without CPUs of its own has no utilization', () => {
    expect(of(summarize(trial, 'test'), null)['cpu.lane.utilization']).toMatchObject({ kind: 'notAvailable' });
  });
});

describe('the file of samples', () => {
  it('is read without a line that was cut off, wherever it is', () => {
    const [first, second] = [JSON.stringify(opened), JSON.stringify(sample('a', 0, 1, 1))];
    expect(parseSamples(`${first}\n${second.slice(0, 20)}\n${first}\n${second}\n{"kind":`)).toEqual([
      opened,
      opened,
      sample('a', 0, 1, 1),
    ]);
  });
});
