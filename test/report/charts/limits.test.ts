/** Long series and many bars: what is drawn stays small, and nothing that matters is lost. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GanttBar } from '../../../src/report/charts/chart.ts';
import { gantt } from '../../../src/report/charts/gantt.ts';
import { mergedBars } from '../../../src/report/charts/merge-bars.ts';
import { thinned } from '../../../src/report/charts/thin.ts';
import { trend } from '../../../src/report/charts/trend.ts';
import { TREND } from './samples.ts';

const OPTIONS = { idPrefix: 'c1' };
const marksIn = (svg: string) => (svg.match(/<(?:path|rect|circle|line|text)\b/g) ?? []).length;

describe('a thinned series', () => {
  const series = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { freq: 4 }), { maxLength: 400 });
  const columns = fc.integer({ min: 1, max: 40 });

  test('has the lowest and the highest value of each column, as a naive search finds them', () => {
    fc.assert(
      fc.property(series, columns, (values, count) => {
        const points = values.map((value, at) => ({ at, value }));
        const columnOf = ({ at }: { at: number }) => Math.floor((at * count) / points.length);
        const kept = thinned(points, count, columnOf);
        for (let column = 0; column < count; column++) {
          const of = (list: readonly (typeof points)[number][]) =>
            list.filter((point) => columnOf(point) === column && point.value !== null).map(({ value }) => value!);
          const [all, left] = [of(points), of(kept)];
          expect([Math.min(...left), Math.max(...left)]).toEqual([Math.min(...all), Math.max(...all)]);
        }
      }),
    );
  });

  test('is in the order of the series, with at most two points a column and the two ends', () => {
    fc.assert(
      fc.property(series, columns, (values, count) => {
        const points = values.map((value, at) => ({ at, value }));
        const kept = thinned(points, count, ({ at }) => Math.floor((at * count) / points.length));
        expect(kept.length).toBeLessThanOrEqual(2 * count + 2);
        expect(kept).toEqual(points.filter((point) => kept.includes(point)));
      }),
    );
  });

  test('keeps a gap that fills a column', () => {
    const points = Array.from({ length: 100 }, (_, at) => ({ at, value: at >= 40 && at < 60 ? null : 1 }));
    const kept = thinned(points, 10, ({ at }) => Math.floor(at / 10));
    expect(kept.filter(({ value }) => value === null).map(({ at }) => at)).toEqual([40, 50]);
  });
});

describe('a trend of 20,000 runs', () => {
  const points = Array.from({ length: 20_000 }, (_, i) => ({
    at: i,
    value: i === 777 ? 999 : 100 + (i % 13),
    runId: `r${i}`,
    failed: i % 3 === 0,
    thisRun: i === 19_999,
  }));

  test('has at most 2,000 marks, and this run is one of them', () => {
    const svg = trend({ ...TREND, x: 'run', points, segments: [], changes: [] }, OPTIONS);
    expect(marksIn(svg)).toBeLessThan(2000);
    expect(svg).toContain('this run, run 19999');
  });

  test('shows the one run that stands out', () => {
    const plain = points.map((point) => ({ ...point, failed: false }));
    const line = (values: typeof plain) =>
      / d="([^"]*)" class="stroke thin/.exec(
        trend({ ...TREND, x: 'run', target: null, points: values, segments: [], changes: [] }, OPTIONS),
      )![1]!;
    const tops = (d: string) => [...d.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y));
    const ys = tops(line(plain)).sort((a, b) => a - b);
    expect(ys[1]! - ys[0]!).toBeGreaterThan(100);
  });
});

describe('merged bars', () => {
  const bar = fc
    .record({
      from: fc.integer({ min: 0, max: 500 }),
      seconds: fc.integer({ min: 0, max: 50 }),
      critical: fc.boolean(),
    })
    .map(({ from, seconds, critical }): GanttBar => ({ from, to: from + seconds, kind: 'k', label: 'b', critical }));
  const lanes = fc.array(fc.array(bar, { maxLength: 30 }), { minLength: 1, maxLength: 5 });

  test('are at most as many as asked for, count every bar, and cover what they stand for', () => {
    fc.assert(
      fc.property(lanes, fc.integer({ min: 10, max: 60 }), (lanes, limit) => {
        const merged = mergedBars(lanes, limit, 1);
        expect(merged.flat().length).toBeLessThanOrEqual(limit);
        lanes.forEach((bars, lane) => {
          expect(merged[lane]!.reduce((sum, { count }) => sum + count, 0)).toBe(bars.length);
          for (const { from, to } of bars)
            expect(merged[lane]!.some((drawn) => drawn.from <= from && drawn.to >= to)).toBe(true);
        });
      }),
    );
  });

  test('leave lanes that fit as they are', () => {
    const bars: GanttBar[] = [{ from: 1, to: 2, kind: 'k', label: 'a' }];
    expect(mergedBars([bars, []], 1, 0)).toEqual([[{ ...bars[0]!, count: 1 }], []]);
  });

  test('never hide the longest bar or a critical one', () => {
    const bars = Array.from({ length: 200 }, (_, i): GanttBar => ({ from: i, to: i + 0.5, kind: 'k', label: `b${i}` }));
    bars[50] = { from: 50, to: 50.9, kind: 'k', label: 'longest' };
    bars[90] = { from: 90, to: 90.01, kind: 'k', label: 'critical', critical: true };
    const labels = mergedBars([bars], 20, 0.1)[0]!.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['longest', 'critical']));
  });
});

test('a timeline of 20,000 bars in 250 lanes reports what it merged and what it left out', () => {
  const lanes = Array.from({ length: 250 }, (_, lane) => ({
    label: `gw${lane}`,
    bars: Array.from({ length: 80 }, (_, i) => ({ from: i, to: i + 0.6, kind: 'k', label: `test_${i}` })),
  }));
  const { svg, mergedBars, lanesLeftOut } = gantt({ kind: 'gantt', title: 'Workers', lanes, kinds: [] }, OPTIONS);
  expect(lanesLeftOut).toBe(50);
  const rects = (svg.match(/<rect /g) ?? []).length;
  expect(rects).toBeLessThanOrEqual(2002);
  expect(mergedBars).toBeGreaterThanOrEqual(16_000 - 2000);
});
