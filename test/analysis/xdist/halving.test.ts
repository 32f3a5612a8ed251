import { describe, expect, it } from 'vitest';
import { nextRound } from '../../../src/analysis/xdist/halving.ts';
import type { Measured } from '../../../src/model/regression.ts';

const measured = (value: number): Measured => ({ value, hostId: 'h', startedAt: null, disturbed: null, tests: null });
const noisy = (seconds: number, rounds: number) =>
  Array.from({ length: rounds }, (_, round) => measured(seconds + 0.01 * (round % 3)));
const candidate = (number: number, seconds: number, rounds: number, failed: string | null = null) => ({
  number,
  workers: number,
  distribution: 'load',
  set: {},
  predictedSeconds: null,
  measured: failed === null ? noisy(seconds, rounds) : [],
  failed,
  tests: null,
});
const contest = (rounds: number, seconds: readonly number[]) => ({
  now: noisy(10, rounds),
  candidates: seconds.map((each, index) => candidate(index + 1, each, rounds)),
  threshold: 0.05,
});

describe('successive halving', () => {
  it.each([
    ['after one round the faster half', 1, [9, 7, 8, 6], [2, 4]],
    ['after two rounds half of those', 2, [9, 7, 8, 6], [4]],
    ['the last one until its pairs decide', 4, [9, 7, 8, 6], [4]],
    ['none when they do', 5, [9, 7, 8, 6], []],
    ['none that is slower than now after two rounds', 2, [11, 12], []],
  ])('keeps %s', (_, rounds, seconds, open) => {
    expect(nextRound(contest(rounds, seconds)).open).toEqual(open);
  });

  it('judges the last one by pairs with the scenario as it is', () => {
    const { tried } = nextRound(contest(5, [7]));
    expect(tried[0]).toMatchObject({ state: 'open', samples: 5, comparison: { kind: 'judged', verdict: 'improved' } });
  });

  it('leaves out at once who is red or runs other tests, with the reason', () => {
    const { now, threshold } = contest(1, []);
    const other = { kind: 'changed', added: [], removed: ['a'], addedSeconds: 0, removedSeconds: 1 } as never;
    const red = candidate(1, 5, 1, 'It was red.');
    const others = { ...candidate(2, 5, 1), tests: other };
    const { tried, open } = nextRound({ now, candidates: [red, others, candidate(3, 9, 1)], threshold });
    expect(tried.map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'It was red.'],
      ['failed', 'It ran other tests.'],
      ['open', null],
    ]);
    expect(open).toEqual([3]);
  });
});
