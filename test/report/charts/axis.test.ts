/** Axes, links and words. */
import { describe, expect, test } from 'vitest';
import { changeText, numberTicks, shownIn, timeText, timeTicks, wholeTicks } from '../../../src/report/charts/axis.ts';
import type { ChartUnit } from '../../../src/report/charts/chart.ts';
import { describeGantt } from '../../../src/report/charts/gantt.ts';
import { describePairs } from '../../../src/report/charts/pairs.ts';
import { safeLink } from '../../../src/report/charts/svg.ts';
import { describeTrend } from '../../../src/report/charts/trend.ts';
import { GANTT, PAIRS, TREND } from './samples.ts';

describe('an axis', () => {
  test.each<[ChartUnit, number, number, string, string[]]>([
    ['second', 0, 100, 'seconds', ['0', '20', '40', '60', '80', '100']],
    ['second', 0, 600, 'minutes', ['0', '2', '4', '6', '8', '10']],
    ['second', 118, 122, 'seconds', ['118', '119', '120', '121', '122']],
    ['second', 0, 36_000, 'hours', ['0', '2', '4', '6', '8', '10']],
    ['second', 0, 0.005, 'milliseconds', ['0', '1', '2', '3', '4', '5']],
    ['byte', 0, 2e9, 'GB', ['0.0', '0.5', '1.0', '1.5', '2.0']],
    ['byte', 0, 400, 'bytes', ['0', '100', '200', '300', '400']],
    ['ratio', 0, 1, 'percent', ['0', '20', '40', '60', '80', '100']],
    ['ratio', -0.1, 0.1, 'percent', ['−10', '−5', '0', '5', '10']],
    ['count', 0, 4, 'number', ['0', '1', '2', '3', '4']],
  ])('of %s from %s to %s is in %s', (unit, low, high, word, texts) => {
    const shown = shownIn(unit, low, high);
    expect(shown.word).toBe(word);
    expect(numberTicks(low, high, 5, shown).map(({ text }) => text)).toEqual(texts);
  });

  test('of days names days, and the first of a month by its month', () => {
    const texts = timeTicks(Date.UTC(2026, 9, 30), Date.UTC(2026, 10, 2), 4).map(({ text }) => text);
    expect(texts).toEqual(['30 Oct', '31 Oct', 'Nov', '2 Nov']);
  });

  test('of one moment names it once', () => {
    const at = Date.UTC(2026, 10, 29, 7, 42, 18);
    expect(timeTicks(at - 1, at + 1, 9).map(({ text }) => text)).toEqual(['29 Nov 2026 07:42']);
  });

  test('of a few seconds names none of them twice', () => {
    const at = Date.UTC(2026, 10, 29, 7, 42, 18);
    const texts = timeTicks(at, at + 2000, 9).map(({ text }) => text);
    expect(texts).toEqual(['07:42:18', '07:42:19', '07:42:20']);
  });

  test.each([
    [1, 2, ['1', '2']],
    [1, 1, ['1']],
    [1, 3, ['1', '2', '3']],
    [1, 12, ['2', '4', '6', '8', '10', '12']],
  ])('of pairs %s to %s has whole numbers', (low, high, texts) => {
    expect(wholeTicks(low, high, 6).map(({ text }) => text)).toEqual(texts);
  });

  test('of hours names hours', () => {
    const texts = timeTicks(Date.UTC(2026, 9, 30), Date.UTC(2026, 9, 30, 12), 4).map(({ text }) => text);
    expect(texts).toEqual(['30 Oct', '03:00', '06:00', '09:00', '12:00']);
  });
});

test('a time is in UTC, and one beyond the calendar is unknown', () => {
  expect(timeText(Date.UTC(2026, 10, 3, 14, 30))).toBe('3 Nov 2026 14:30');
  expect(timeText(1e300)).toBe('an unknown time');
});

test('a change has a sign', () => {
  expect([0.18, -0.042, 0].map(changeText)).toEqual(['+18 %', '−4.2 %', '+0 %']);
});

test.each([
  ['#tests', true],
  ['runs/run-1.html#tests', true],
  ['../index.html', true],
  ['/runs/1', true],
  ['https://example.org/a', true],
  ['javascript:alert(1)', false],
  [' javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:text/html,x', false],
  ['//example.org', false],
  ['vbscript:x', false],
  ['', false],
  [null, false],
])('the link %j is followed: %s', (link, followed) => {
  expect(safeLink(link)).toBe(followed);
});

describe('a description', () => {
  test('of a trend names runs, range, target and the newest change', () => {
    expect(describeTrend(TREND)).toBe(
      '8 runs, 1 without a value; values from 1 min 57 s to 2 min 21 s, the newest 1 min 59 s; target 2 min 30 s; 1 change, the newest worse by +18 %.',
    );
  });

  test('of a trend of one run names its value once', () => {
    const point = { ...TREND.points.find(({ value }) => value !== null)!, value: 36 };
    expect(describeTrend({ ...TREND, points: [point], changes: [], target: null })).toBe('1 run; 36 s.');
  });

  test('of a timeline names its longest critical bar', () => {
    expect(describeGantt(GANTT)).toBe(
      '4 bars in 3 lanes over 2 min 21 s; 2 on the critical path, the longest of them pytest with 1 min 4 s.',
    );
  });

  test('of pairs leaves out incomplete and excluded ones', () => {
    expect(describePairs(PAIRS)).toBe(
      'In 1 of 2 pairs feature is higher than main; change over all pairs: +3 %, between −1 % and +8 %.',
    );
  });
});
