import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decidePairs, firstOf, nextPairs } from '../../../src/analysis/regression/pairs.ts';
import type { Comparison, Pair } from '../../../src/model/regression.ts';
import { measuredOf, noisy, pairsOf } from './history.ts';

const OPTIONS = { threshold: 0.2 };

function verdictOf(comparison: Comparison) {
  return comparison.kind === 'judged' ? comparison.verdict : comparison.reason;
}

describe('the verdict of pairs', () => {
  test.each([
    ['30 % slower with little noise', [60, 61, 59, 60, 60], [78, 79, 78, 77, 79], 'regressed'],
    ['30 % faster', [78, 79, 78, 77, 79], [60, 61, 59, 60, 60], 'improved'],
    ['the same', [60, 61, 59, 60, 60], [61, 60, 60, 59, 61], 'noChange'],
    ['10 % slower for certain is within the threshold of 20 %', [60, 61, 59, 60, 60], [66, 67, 66, 65, 66], 'noChange'],
    ['scattered over a factor of two', [60, 90, 50, 70, 65], [80, 60, 95, 70, 50], 'inconclusive'],
    ['four pairs, however clear', [60, 60, 61, 60], [90, 91, 90, 90], 'inconclusive'],
  ] as const)('%s', (_, base, head, verdict) => {
    expect(verdictOf(decidePairs(pairsOf(base, head), OPTIONS))).toBe(verdict);
  });

  test('tells ratio, interval, number of pairs and threshold', () => {
    const comparison = decidePairs(pairsOf([60, 61, 59, 60, 60], [78, 79, 78, 77, 79]), OPTIONS);
    expect(comparison).toMatchObject({ kind: 'judged', n: 5, threshold: 0.2, interval: { coverage: 0.95 } });
    expect(comparison.kind === 'judged' && comparison.message).toBe(
      'slower: +30 %, 95 % interval +28 % to +32 %, n 5 pairs on one host, threshold 20 %.',
    );
  });

  test('an inconclusive one tells what it could have shown', () => {
    const comparison = decidePairs(pairsOf([60, 90, 50, 70, 65], [80, 60, 95, 70, 50]), OPTIONS);
    expect(comparison.kind === 'judged' && comparison.message).toMatch(
      /With this number of pairs and this noise, a change of \d+ % is detected four times in five/,
    );
  });

  test('a stalled run is set aside, whichever side it hit', () => {
    const stalledBase = pairsOf([60, 61, 95, 60, 60, 59], [78, 79, 78, 77, 79, 78]);
    const stalledHead = pairsOf([60, 61, 59, 60, 60, 59], [60, 59, 110, 61, 60, 60]);
    expect(verdictOf(decidePairs(stalledBase, OPTIONS))).toBe('regressed');
    expect(verdictOf(decidePairs(stalledHead, OPTIONS))).toBe('noChange');
  });

  test('what a host does to both sides alike changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 10, max: 100, noNaN: true }), fc.double({ min: 10, max: 100, noNaN: true })),
          { minLength: 2, maxLength: 8 },
        ),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (values, factor) => {
          const of = (scale: number) =>
            decidePairs(
              pairsOf(
                values.map(([base]) => base * scale),
                values.map(([, head]) => head * scale),
              ),
              OPTIONS,
            );
          const [plain, scaled] = [of(1), of(factor)];
          expect(plain.kind).toBe('judged');
          if (plain.kind !== 'judged' || scaled.kind !== 'judged') throw new Error('refused');
          expect(scaled.ratio).toBeCloseTo(plain.ratio, 6);
          expect(scaled.n).toBe(plain.n);
        },
      ),
    );
  });

  test('sides exchanged give the inverse', () => {
    const [base, head] = [noisy(60, 0.05, 8, 3), noisy(80, 0.05, 8, 4)];
    const [there, back] = [decidePairs(pairsOf(base, head), OPTIONS), decidePairs(pairsOf(head, base), OPTIONS)];
    if (there.kind !== 'judged' || back.kind !== 'judged') throw new Error('refused');
    expect([there.verdict, back.verdict]).toEqual(['regressed', 'improved']);
    expect(there.ratio * back.ratio).toBeCloseTo(1, 9);
  });
});

describe('what is refused', () => {
  test('base and head from different hosts', () => {
    const pairs: Pair[] = pairsOf([60, 60, 60, 60, 60], [90, 90, 90, 90, 90]).map((pair) => ({
      ...pair,
      head: { ...pair.head, hostId: 'host-2' },
    }));
    expect(verdictOf(decidePairs(pairs, OPTIONS))).toBe(
      'Base and head were measured on different hosts (pair 1: host-1 and host-2): such figures would compare the hosts, so they are not judged.',
    );
  });

  test('base and head that ran other tests, unless what changed is known and taken out', () => {
    const pairs: Pair[] = [60, 61, 60, 59, 60].map((value) => ({
      base: measuredOf(value, { tests: { count: 10, digest: 'a' } }),
      head: measuredOf(value + 30, { tests: { count: 12, digest: 'b' } }),
      first: 'base',
    }));
    expect(verdictOf(decidePairs(pairs, OPTIONS))).toMatch(/^Base and head ran different tests \(10 and 12\)/);
    const tests = {
      kind: 'changed',
      added: ['t::a', 't::b'],
      addedCount: 2,
      addedSeconds: 30,
      removed: [],
      removedCount: 0,
      removedSeconds: 0,
    } as const;
    expect(verdictOf(decidePairs(pairs, { ...OPTIONS, tests }))).toBe(
      'Base and head ran different tests, and their share of the time is too large to subtract: 2 tests added (t::a, t::b), 30 s.',
    );
    const few = pairs.map(({ base, head }) => ({
      base,
      head: { ...head, value: base.value + 10 },
      first: 'base' as const,
    }));
    const taken = decidePairs(few, { ...OPTIONS, tests: { ...tests, addedSeconds: 10 } });
    expect(verdictOf(taken)).toBe('noChange');
    expect(taken.kind === 'judged' && taken.message).toMatch(
      /2 tests added \(t::a, t::b\), 10 s: their time is subtracted\.$/,
    );
  });

  test.each([[0], [1]])('%i pairs', (count) => {
    expect(decidePairs(pairsOf([60], [90]).slice(0, count), OPTIONS).kind).toBe('refused');
  });
});

describe('how many pairs', () => {
  test('five at first, then none where they decide', () => {
    expect(nextPairs([], OPTIONS)).toBe(5);
    expect(nextPairs(pairsOf([60, 61], [78, 79]), OPTIONS)).toBe(3);
    expect(nextPairs(pairsOf([60, 61, 59, 60, 60], [78, 79, 78, 77, 79]), OPTIONS)).toBe(0);
  });

  test('one more at a time while nothing is decided, eight at most', () => {
    const base = [60, 90, 50, 70, 65, 60, 80, 55];
    const head = [80, 60, 95, 70, 50, 90, 60, 75];
    expect(
      [5, 6, 7, 8].map((count) => nextPairs(pairsOf(base.slice(0, count), head.slice(0, count)), OPTIONS)),
    ).toEqual([1, 1, 1, 0]);
  });

  test('as many as were asked for, but never fewer than a verdict needs', () => {
    expect(nextPairs([], OPTIONS, 12)).toBe(12);
    expect(nextPairs([], OPTIONS, 2)).toBe(5);
  });

  test('base and head begin by turns: ABBA', () => {
    expect([0, 1, 2, 3].map(firstOf)).toEqual(['base', 'head', 'base', 'head']);
  });
});
