import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeOnce, judgePairs } from '../../../src/analysis/advice/judge-remedy.ts';
import type { Pair } from '../../../src/model/regression.ts';

function pairs(base: readonly number[], head: readonly number[]): Pair[] {
  const measured = (value: number) => ({ value, hostId: 'h', startedAt: null, disturbed: null, tests: null });
  return base.map((value, index) => ({
    base: measured(value),
    head: measured(head[index]!),
    first: index % 2 === 0 ? 'base' : 'head',
  }));
}

const predicted = (value: number) => ({ value, low: null, high: null });
const BASE = [10, 10.1, 9.9, 10, 10.05];

describe('pairs with and without a remedy', () => {
  test.each<readonly [string, readonly number[], number | null, string, string]>([
    ['clearly faster', [5, 5.1, 4.9, 5, 5.05], 5, 'verified', 'gain'],
    ['faster by less than predicted, and surely', [9, 9.1, 8.9, 9, 9.05], 5, 'verified', 'gain'],
    ['the same', [10, 10.05, 9.95, 10, 10], 5, 'rejected', 'noGain'],
    ['the same, of which nothing was predicted', [10, 10.05, 9.95, 10, 10], null, 'rejected', 'noGain'],
    ['slower', [12, 12.1, 11.9, 12, 12.05], 5, 'rejected', 'slower'],
  ])('that are %s are decided after five', (_, head, value, state, kind) => {
    const judged = judgePairs(pairs(BASE, head), value === null ? null : predicted(value), null);
    expect(judged).toMatchObject({ kind: 'decided', state, reason: { kind } });
  });

  test('that vary too much need more, and are inconclusive after eight', () => {
    const head = [6, 14, 7, 13, 8, 12, 6, 14];
    const base = [10, 10, 10, 10, 10, 10, 10, 10];
    expect(judgePairs(pairs(base.slice(0, 5), head.slice(0, 5)), predicted(3), null)).toEqual({ kind: 'more' });
    const judged = judgePairs(pairs(base, head), predicted(3), null);
    expect(judged).toMatchObject({ kind: 'decided', state: 'inconclusive', reason: { kind: 'noise' } });
  });

  test('that a budget cut short are inconclusive, even where all were faster', () => {
    const judged = judgePairs(pairs([10, 10, 10], [5, 5.1, 5]), predicted(5), { kind: 'budget' });
    expect(judged).toMatchObject({ kind: 'decided', state: 'inconclusive', reason: { kind: 'budget' } });
  });

  test.each([0, 1])('that are only %i say nothing', (count) => {
    const one = pairs(BASE.slice(0, count), BASE.slice(0, count));
    expect(judgePairs(one, null, null)).toEqual({ kind: 'more' });
    expect(judgePairs(one, null, { kind: 'budget' }).kind).toBe('refused');
  });

  test('give seconds whose interval holds the best estimate', () => {
    const sample = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 5, maxLength: 8 });
    fc.assert(
      fc.property(sample, sample, (base, head) => {
        const n = Math.min(base.length, head.length);
        const judged = judgePairs(pairs(base.slice(0, n), head.slice(0, n)), null, { kind: 'budget' });
        if (judged.kind !== 'decided') return;
        const { value, low, high } = judged.saving!;
        expect(low).toBeLessThanOrEqual(value + 1e-9);
        expect(value).toBeLessThanOrEqual(high + 1e-9);
        expect(judged.state !== 'verified' || low > 0).toBe(true);
      }),
    );
  });
});

test.each([
  [300, 200, 'verified', 'gain', 100],
  [200, 200, 'rejected', 'noGain', 0],
  [200, 300, 'rejected', 'slower', -100],
] as const)('a size of %i bytes that becomes %i is %s', (base, head, state, kind, value) => {
  expect(judgeOnce(base, head)).toMatchObject({ state, reason: { kind }, saving: { value, pairs: 1 } });
});
