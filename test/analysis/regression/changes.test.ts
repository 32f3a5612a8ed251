import { describe, expect, test } from 'vitest';
import { changeAlert } from '../../../src/analysis/regression/changes.ts';
import { standingZ } from '../../../src/analysis/regression/many-metrics.ts';
import { historyOf, KEY, noisy, pointOf } from './history.ts';

function told(values: readonly number[], alerts = historyOf([]).alerts) {
  const day = values.length - 1;
  return changeAlert({ key: KEY, point: pointOf(day, values[day]!) }, historyOf(values.slice(0, -1), { alerts }));
}

describe('a change of level below the threshold', () => {
  const slower = [...noisy(60, 0.02, 20, 1), ...noisy(66, 0.02, 8, 2)];

  test('is reported with both levels, the interval and the numbers of runs, and does not decide the verdict', () => {
    const alert = told(slower);
    expect(alert).toMatchObject({
      kind: 'change',
      state: 'confirmed',
      direction: 'slower',
      n: 8,
      decidedBy: 'changePoint',
      runId: 'run-20',
    });
    expect(alert?.message).toMatch(
      /^Docker build \(cold\) has a new level since 2026-01-21 \(c200000\): 1 min [5-7] s, \+(9|10|11).* against .* \(95 % interval \+.* to \+.*, 8 runs against 20\)\.$/,
    );
  });

  test('is reported if it is an improvement', () => {
    expect(told([...noisy(66, 0.02, 20, 1), ...noisy(60, 0.02, 8, 2)])).toMatchObject({ direction: 'faster' });
  });

  test('is reported once', () => {
    const alert = told(slower)!;
    expect(told([...slower, 66], [alert])).toBeNull();
  });

  test.each([
    ['a steady series', noisy(60, 0.02, 40)],
    ['a single spike', [...noisy(60, 0.02, 20), 90, ...noisy(60, 0.02, 8, 3)]],
    ['two runs at another level', [...noisy(60, 0.02, 20), 70, 70]],
  ])('is not told of %s', (_, values) => {
    expect(told(values)).toBeNull();
  });
});

describe('many metrics at once (Benjamini and Hochberg)', () => {
  test.each([
    ['a weak one among many falls', [1.8, ...Array.from({ length: 19 }, () => 0)], Number.POSITIVE_INFINITY],
    ['a strong one among many stands', [4, ...Array.from({ length: 19 }, () => 0)], 4],
    ['weak ones stand together', [2.1, 2.1, 2.1, 2.1, 0, 0], 2.1],
    ['none, of none', [], Number.POSITIVE_INFINITY],
  ])('%s', (_, z, least) => {
    expect(standingZ(z, 0.2)).toBe(least);
  });
});
