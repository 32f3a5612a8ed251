import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LaneBar, MOST_BARS, workerLanes } from '../../../src/analysis/profile/worker-lanes.ts';
import type { TestTable } from '../../../src/model/profile/test-table.ts';

interface Row {
  readonly worker: string;
  readonly at: number;
  readonly seconds: number;
}

function tableOf(rows: readonly Row[]): TestTable {
  const workers = [...new Set(rows.map(({ worker }) => worker))];
  return {
    files: ['tests/test_a.py'],
    file: rows.map(() => 0),
    name: rows.map((_, index) => `test_${index}`),
    worker: rows.map(({ worker }) => workers.indexOf(worker)),
    workers,
    at: rows.map(({ at }) => at),
    seconds: rows.map(({ seconds }) => seconds),
    setup: rows.map(({ seconds }) => seconds * 0.25),
    call: rows.map(({ seconds }) => seconds * 0.5),
    teardown: rows.map(({ seconds }) => seconds * 0.125),
    cpu: null,
    fixtures: [],
    uses: null,
    leftOut: 0,
  };
}

const row = (worker: string, at: number, seconds: number): Row => ({ worker, at, seconds });
const spans = (bars: readonly LaneBar[]) =>
  bars.map(({ fromSeconds, toSeconds, tests }) => [fromSeconds, toSeconds, tests]);

describe('where there is room for all', () => {
  test('each test is a bar in the lane of its worker, with its phases', () => {
    const lanes = workerLanes(tableOf([row('gw10', 0, 1), row('gw2', 0.5, 4), row('gw10', 1, 8)]));
    expect(lanes.map(({ worker }) => worker)).toEqual(['gw2', 'gw10']);
    expect(lanes[1]!.bars).toEqual([
      expect.objectContaining({ fromSeconds: 0, toSeconds: 1, tests: 1, id: 'tests/test_a.py::test_0' }),
      {
        fromSeconds: 1,
        toSeconds: 9,
        tests: 1,
        id: 'tests/test_a.py::test_2',
        testSeconds: 8,
        setupSeconds: 2,
        callSeconds: 4,
        teardownSeconds: 1,
      },
    ]);
  });

  test('also tests that took no time keep bars of their own', () => {
    expect(workerLanes(tableOf([row('main', 0, 0), row('main', 0, 0)]))[0]!.bars).toHaveLength(2);
  });

  test('a table without tests has no lanes', () => {
    expect(workerLanes(tableOf([]))).toEqual([]);
  });
});

describe('where there is not', () => {
  test('short neighbours share a bar, and a long test stands alone', () => {
    const rows = [row('main', 0, 1), row('main', 1, 1), row('main', 2, 9), row('main', 11, 1), row('main', 12, 1)];
    expect(spans(workerLanes(tableOf(rows), 3)[0]!.bars)).toEqual([
      [0, 2, 2],
      [2, 11, 1],
      [11, 13, 2],
    ]);
  });

  test('tests with a pause between them are the last to share one', () => {
    const rows = [row('main', 0, 1), row('main', 30, 1), row('main', 31, 1)];
    expect(spans(workerLanes(tableOf(rows), 2)[0]!.bars)).toEqual([
      [0, 1, 1],
      [30, 32, 2],
    ]);
  });

  test('with more workers than bars, each worker has one', () => {
    const rows = ['gw0', 'gw1', 'gw2'].flatMap((worker) => [row(worker, 0, 1), row(worker, 1, 1)]);
    expect(workerLanes(tableOf(rows), 2).map(({ bars }) => spans(bars))).toEqual([
      [[0, 2, 2]],
      [[0, 2, 2]],
      [[0, 2, 2]],
    ]);
  });

  test('20,000 tests of 8 workers are 2,000 bars', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      row(`gw${i % 8}`, Math.floor(i / 8) * 0.02, 0.01 + (i % 7) / 1_000),
    );
    const bars = workerLanes(tableOf(rows)).flatMap((lane) => lane.bars);
    expect(bars.length).toBeLessThanOrEqual(MOST_BARS);
    expect(bars.length).toBeGreaterThan(MOST_BARS / 2);
    expect(bars.reduce((sum, { tests }) => sum + tests, 0)).toBe(20_000);
  });
});

/** Tests of a worker run one after another; times in whole milliseconds. */
const tables = fc
  .array(
    fc.tuple(
      fc.constantFrom('gw0', 'gw1', 'gw2'),
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 0, max: 3_000 }),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) => {
    const ends = new Map<string, number>();
    return all.map(([worker, pause, ms]) => {
      const from = (ends.get(worker) ?? 0) + pause;
      ends.set(worker, from + ms);
      return row(worker, from / 1_024, ms / 1_024);
    });
  })
  .map(tableOf);
const limits = fc.integer({ min: 1, max: 45 });

test('sums and ends are those of the tests, whatever shares a bar', () => {
  fc.assert(
    fc.property(tables, limits, (table, mostBars) => {
      const lanes = workerLanes(table, mostBars);
      const bars = lanes.flatMap((lane) => lane.bars);
      expect(bars.length).toBeLessThanOrEqual(Math.max(mostBars, table.workers.length));
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(bars.map(({ tests }) => tests))).toBe(table.at.length);
      expect(sum(bars.map(({ testSeconds }) => testSeconds))).toBeCloseTo(sum(table.seconds), 9);
      expect(sum(bars.map(({ setupSeconds }) => setupSeconds))).toBeCloseTo(sum(table.setup), 9);
      expect(sum(bars.map(({ callSeconds }) => callSeconds))).toBeCloseTo(sum(table.call), 9);
      expect(sum(bars.map(({ teardownSeconds }) => teardownSeconds))).toBeCloseTo(sum(table.teardown), 9);
      for (const { worker, bars: own } of lanes) {
        const tests = [...table.at.keys()].filter((index) => table.workers[table.worker[index]!] === worker);
        expect(sum(own.map((bar) => bar.tests))).toBe(tests.length);
        expect(own[0]!.fromSeconds).toBe(table.at[tests[0]!]);
        expect(own.at(-1)!.toSeconds).toBe(Math.max(...tests.map((index) => table.at[index]! + table.seconds[index]!)));
        for (const [index, bar] of own.entries())
          expect(bar.fromSeconds).toBeGreaterThanOrEqual(own[index - 1]?.toSeconds ?? 0);
      }
    }),
  );
});

test('the longest shared bar is the shortest that there can be, as trying every length finds it', () => {
  fc.assert(
    fc.property(tables, limits, (table, mostBars) => {
      const lanes = table.workers.map((_, worker) =>
        [...table.at.keys()]
          .filter((index) => table.worker[index] === worker)
          .map((index) => [table.at[index]!, table.at[index]! + table.seconds[index]!] as const),
      );
      const lengths = lanes.flatMap((tests) => tests.flatMap(([from]) => tests.map(([, to]) => to - from)));
      const possible = [-1, ...lengths.filter((length) => length >= 0)].sort((a, b) => a - b);
      const fitting = possible.find((length) => sumOf(lanes.map((tests) => fewest(tests, length))) <= mostBars);
      const least = fitting ?? possible.at(-1)!;
      const bars = workerLanes(table, mostBars).flatMap((lane) => lane.bars);
      expect(bars).toHaveLength(sumOf(lanes.map((tests) => fewest(tests, least))));
      for (const { fromSeconds, toSeconds } of bars.filter(({ tests }) => tests > 1))
        expect(toSeconds - fromSeconds).toBeLessThanOrEqual(least);
    }),
  );
});

/** The fewest bars of a lane of which none that is shared is longer, by trying each last bar. */
function fewest(tests: readonly (readonly [from: number, to: number])[], longest: number): number {
  const least = [0];
  for (let end = 1; end <= tests.length; end += 1) {
    const ways = Array.from({ length: end }, (_, start) =>
      start === end - 1 || tests[end - 1]![1] - tests[start]![0] <= longest ? least[start]! + 1 : Infinity,
    );
    least.push(Math.min(...ways));
  }
  return least.at(-1)!;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
