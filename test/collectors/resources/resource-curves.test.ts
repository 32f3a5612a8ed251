import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CgroupReading } from '../../../src/collectors/cgroup/reading.ts';
import { memoryCurve } from '../../../src/collectors/resources/memory-curve.ts';
import { resourceCurves } from '../../../src/collectors/resources/resource-curves.ts';
import { resourceProfile } from '../../../src/collectors/resources/resource-profile.ts';
import type { SampleRecord } from '../../../src/collectors/resources/resource-samples.ts';
import { parseSamples } from '../../../src/collectors/resources/sampling.ts';
import type { CurveColumn, ResourceCurves } from '../../../src/model/profile/trial-resources.ts';

const START_MS = Date.UTC(2026, 10, 29, 6);
const at = (seconds: number) => new Date(START_MS + seconds * 1_000).toISOString();
const TESTS = { testContainerId: 'tests' };

const sample = (seconds: number, change: object = {}): SampleRecord => ({
  kind: 'sample',
  id: 'tests',
  readAt: at(seconds),
  cpuTotalNs: 0,
  workingSetBytes: 10,
  throttledNs: 0,
  networkReceivedBytes: 0,
  networkSentBytes: 0,
  blockReadBytes: null,
  blockWrittenBytes: null,
  pids: 1,
  ...change,
});

const parent = (seconds: number, change: Partial<CgroupReading> = {}): SampleRecord => ({
  kind: 'parent',
  at: at(seconds),
  moment: 'running',
  peakWorkingSetBytes: 10,
  reading: {
    cpuNs: null,
    throttledNs: null,
    workingSetBytes: 10,
    peakMemoryBytes: null,
    oomKills: null,
    readBytes: null,
    writtenBytes: null,
    peakPids: null,
    refusedPids: null,
    pressureUs: { cpu: null, io: null, memory: null },
    ...change,
  },
});

describe("with the trial's own control group", () => {
  const records = [
    parent(0, { cpuNs: 5e9, readBytes: 0, writtenBytes: 100, pressureUs: { cpu: 0, io: 0, memory: null } }),
    parent(2, { cpuNs: 8e9, readBytes: 600, writtenBytes: 100, pressureUs: { cpu: 1e6, io: 0, memory: null } }),
    parent(3, { cpuNs: 8.5e9, readBytes: 700, writtenBytes: 400, pressureUs: { cpu: 1e6, io: 5e5, memory: null } }),
  ];

  test('CPU, IO (as version 2 counts it) and pressure are what it gained, by the seconds', () => {
    expect(resourceCurves(records, TESTS)).toEqual({
      startedAt: at(0),
      atSeconds: [1, 2, 3],
      cpusInUse: [1.5, 1.5, 0.5],
      networkReceivedBytesPerSecond: null,
      networkSentBytesPerSecond: null,
      blockReadBytesPerSecond: [300, 300, 100],
      blockWrittenBytesPerSecond: [0, 0, 300],
      cpuPressureRatio: [0.5, 0.5, 0],
      ioPressureRatio: [0, 0, 0.5],
      memoryPressureRatio: null,
    });
  });

  test('the network is that of the containers, and null where none was seen', () => {
    const sent = [sample(1, { networkSentBytes: 100 }), sample(2, { networkSentBytes: 400 })];
    const curves = resourceCurves([...records, ...sent], TESTS);
    expect(curves?.networkSentBytesPerSecond).toEqual([null, 300, null]);
    expect(curves?.networkReceivedBytesPerSecond).toEqual([null, 0, null]);
  });

  test('a kernel of version 1 whose IO is not counted has none, rather than 0', () => {
    const uncounted = [parent(0, { cpuNs: 0 }), parent(2, { cpuNs: 1e9 })];
    expect(resourceCurves(uncounted, TESTS)).toMatchObject({
      cpusInUse: [0.5, 0.5],
      blockReadBytesPerSecond: null,
      blockWrittenBytesPerSecond: null,
      cpuPressureRatio: null,
    });
  });

  test('a share of the time is never above 1, though two clocks differ', () => {
    const records = [0, 1, 2].map((seconds) =>
      parent(seconds, { pressureUs: { cpu: seconds * 1.01e6, io: 0, memory: 0 } }),
    );
    expect(resourceCurves(records, TESTS)?.cpuPressureRatio).toEqual([1, 1, 1]);
  });
});

describe('without it', () => {
  test('the containers count together, on the clock of the container of the tests', () => {
    const records = [
      sample(0, { id: 'db', cpuTotalNs: 9e9 }),
      sample(1),
      sample(3, { cpuTotalNs: 2e9, blockReadBytes: 50 }),
      sample(4, { id: 'db', cpuTotalNs: 13e9 }),
      sample(5, { cpuTotalNs: 6e9, blockReadBytes: 70 }),
    ];
    expect(resourceCurves(records, TESTS)).toMatchObject({
      startedAt: at(1),
      atSeconds: [1.333, 2.667, 4],
      // db uses 1 CPU until 4 s; the tests use 1 CPU until 3 s, then 2.
      cpusInUse: [2, 2.5, 2.25],
      blockReadBytesPerSecond: [null, 5, 10],
      cpuPressureRatio: null,
    });
  });

  test('a counter that went back began again at 0', () => {
    const records = [sample(0, { cpuTotalNs: 5e9 }), sample(2, { cpuTotalNs: 1e9 })];
    expect(resourceCurves(records, TESTS)?.cpusInUse).toEqual([0.5, 0.5]);
  });
});

test('the tests count from the start of their container, also if their first sample came later', () => {
  const received = (seconds: number, networkReceivedBytes: number) => sample(seconds, { networkReceivedBytes });
  const records = [parent(0), parent(4), received(2, 400), received(4, 400)];
  const curvesOf = (testsStartedAt: string | null) => resourceCurves(records, { ...TESTS, testsStartedAt });
  expect(curvesOf(at(0))?.networkReceivedBytesPerSecond).toEqual([200, 0]);
  expect(curvesOf(at(-2))?.networkReceivedBytesPerSecond).toEqual([100, 0]);
  expect(curvesOf(null)?.networkReceivedBytesPerSecond).toEqual([null, 0]);
});

test.each([
  ['no samples', []],
  ['one sample', [sample(1)]],
  ['two samples at one moment', [sample(1), sample(1)]],
  ['samples whose time is none', [sample(1), { ...sample(2), readAt: 'soon' } as SampleRecord]],
])('there is none with %s', (_, records) => {
  expect(resourceCurves(records, TESTS)).toBeNull();
});

test('columns are as long as their clock, at most 60, and sum up to what was counted, as counting step by step does', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 1e9 })), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, (all) => {
      let [ms, counted] = [0, 7];
      const records = [sample(0, { networkSentBytes: counted })];
      for (const [length, bytes] of all) {
        ms += length;
        counted += bytes;
        records.push(sample(ms / 1_000, { networkSentBytes: counted }));
      }
      const curves = resourceCurves(records, TESTS)!;
      expect(curves.atSeconds.length).toBe(Math.min(60, records.length));
      expect(curves.networkSentBytesPerSecond).toHaveLength(curves.atSeconds.length);
      expectAbout(sumOf(curves, curves.networkSentBytesPerSecond), counted - 7);
      const naive = naiveRates(all, curves.atSeconds.length);
      for (const [index, rate] of naive.entries()) expectAbout(curves.networkSentBytesPerSecond![index]!, rate);
    }),
  );
});

/** Millisecond by millisecond. */
function naiveRates(steps: readonly (readonly [ms: number, bytes: number])[], stretches: number): readonly number[] {
  const perMs = steps.flatMap(([ms, bytes]) => Array.from({ length: ms }, () => bytes / ms));
  const stretch = perMs.length / stretches;
  return Array.from({ length: stretches }, (_, index) => {
    const [from, to] = [index * stretch, (index + 1) * stretch];
    let bytes = 0;
    for (let ms = Math.floor(from); ms < Math.min(perMs.length, Math.ceil(to)); ms += 1)
      bytes += perMs[ms]! * (Math.min(to, ms + 1) - Math.max(from, ms));
    return bytes / (stretch / 1_000);
  });
}

/** Values are stored with four figures. */
function expectAbout(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(0.001 * expected + 1e-3);
}

function sumOf({ atSeconds }: ResourceCurves, column: CurveColumn): number {
  const stretch = atSeconds.at(-1)! / atSeconds.length;
  return (column ?? []).reduce<number>((sum, value) => sum + (value ?? 0) * stretch, 0);
}

describe('of a recorded trial of the sample shop, on a kernel with version 1', () => {
  const records = parseSamples(
    readFileSync(new URL('../../fixtures/samples/shop-quick.jsonl', import.meta.url), 'utf8'),
  );
  const testContainerId = records.flatMap((record) =>
    record.kind === 'container' && record.name === 'paceline-4331a6245119' ? [record.id] : [],
  )[0]!;
  const testsStartedAt = '2026-11-29T00:33:21.128749135Z';
  const options = { testContainerId, testsStartedAt, containers: new Map(), laneCpus: 2, noParent: null };
  const { total, curves, memory, ...shares } = resourceProfile(records, options)!;

  test('the curves sum up to the totals, but for the time before the first sample', () => {
    const [first, last] = [884_207_044, 19_377_422_896];
    expectAbout(sumOf(curves!, curves!.cpusInUse), (last - first) / 1e9);
    expect(total.cpuSeconds! - (last - first) / 1e9).toBeCloseTo(0.112, 3);
    for (const [column, bytes] of [
      [curves!.networkReceivedBytesPerSecond, total.networkReceivedBytes],
      [curves!.networkSentBytesPerSecond, total.networkSentBytes],
    ] as const)
      expect(sumOf(curves!, column) / bytes!).toBeCloseTo(1, 2);
    expect(sumOf(curves!, curves!.cpuPressureRatio) / curves!.atSeconds.at(-1)!).toBeCloseTo(
      shares.cpuPressureRatio!,
      3,
    );
  });

  test('what this kernel does not count is null', () => {
    expect(curves).toMatchObject({ blockReadBytesPerSecond: null, blockWrittenBytesPerSecond: null });
  });

  test('their clock is also that of the memory, and covers the time of the container', () => {
    expect(memory).toEqual(memoryCurve(records, testContainerId));
    for (const moment of memory!.atSeconds) expect(curves!.atSeconds).toContain(moment);
    const after = (iso: string) => (Date.parse(iso) - Date.parse(curves!.startedAt)) / 1_000;
    expect(Math.abs(after(testsStartedAt))).toBeLessThan(0.5);
    expect(curves!.atSeconds.at(-1)).toBeGreaterThan(after('2026-11-29T00:33:34.517499733Z') - 0.5);
  });
});
