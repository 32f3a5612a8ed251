import { describe, expect, test } from 'vitest';
import { levelsOfValues, trendOf } from '../../../src/analysis/history/trend.ts';
import type { SeriesHistory, SeriesKey, SeriesPoint } from '../../../src/model/regression.ts';

const key: SeriesKey = {
  project: 'shop',
  metric: 'build.cold.duration',
  scenario: null,
  lane: null,
  fingerprint: { cpuModel: 'cpu', cores: 2, memoryGib: 4, engineMajor: '28' },
  source: 'buildkit',
};

/** Noise of about 3 %, the same in every test. */
function noisy(level: number, index: number): number {
  return level * (1 + 0.03 * Math.sin(index * 12.9898) * Math.cos(index * 7.13));
}

/** A sum of twelve hashed digits, approximately normal. */
function normal(seed: number): number {
  const digits = Array.from({ length: 12 }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233) * 43_758.5453);
  return digits.reduce((sum, each) => sum + each - Math.floor(each), -6);
}

function history(values: readonly number[], more: Partial<SeriesHistory> = {}): SeriesHistory {
  const points = values.map(
    (value, index): SeriesPoint => ({
      runId: `run-${index}`,
      commit: null,
      dirty: false,
      at: new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
      value,
      samples: 1,
      disturbed: null,
      tests: null,
      alertState: null,
    }),
  );
  return { points, events: [], alerts: [], ...more };
}

describe('levels of a series', () => {
  test('one level without a change, over more runs than are looked at together', () => {
    const levels = levelsOfValues(Array.from({ length: 3_200 }, (_, i) => noisy(60, i)));
    expect(levels).toHaveLength(1);
    expect(levels[0]).toMatchObject({ start: 0, end: 3_200 });
    expect(levels[0]!.level).toBeCloseTo(60, 0);
  });

  test.each([300, 990, 1_000, 1_010, 1_700])(
    'a change at run %i is found within ten runs of it, also near a seam',
    (at) => {
      const levels = levelsOfValues(Array.from({ length: 2_400 }, (_, i) => noisy(i < at ? 60 : 75, i)));
      expect(levels).toHaveLength(2);
      expect(Math.abs(levels[1]!.start - at)).toBeLessThanOrEqual(10);
      expect(levels.map(({ level }) => Math.round(level))).toEqual([60, 75]);
    },
  );

  test('no values have no level', () => {
    expect(levelsOfValues([])).toEqual([]);
  });

  test('about nine of ten single runs are within the band', () => {
    const values = Array.from({ length: 900 }, (_, i) => 60 * Math.exp(0.05 * normal(i)));
    const { low, high } = levelsOfValues(values)[0]!;
    const within = values.filter((value) => value >= low && value <= high).length;
    expect(within / values.length).toBeGreaterThan(0.86);
    expect(within / values.length).toBeLessThan(0.94);
  });
});

describe('the trend of a series', () => {
  test('a disturbed run is a point and in no level', () => {
    const { points } = history(Array.from({ length: 12 }, (_, i) => noisy(60, i)));
    const disturbed = points.map((point, i) => (i === 11 ? { ...point, value: 600, disturbed: 'busy' } : point));
    const trend = trendOf(key, { points: disturbed, events: [], alerts: [] }, 120);
    expect(trend.points).toHaveLength(12);
    expect(trend.segments).toHaveLength(1);
    expect(trend.segments[0]).toMatchObject({ first: 0, last: 10 });
    expect(trend.target).toBe(120);
  });

  test('a reset begins a new level where nothing changed', () => {
    const before = history(Array.from({ length: 40 }, (_, i) => noisy(60, i)));
    const at = before.points[20]!.at;
    const trend = trendOf(key, { ...before, events: [{ kind: 'reset', at, reason: 'new runner' }] }, null);
    expect(trend.segments.map(({ first, last }) => [first, last])).toEqual([
      [0, 19],
      [20, 39],
    ]);
  });
});
