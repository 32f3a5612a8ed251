import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trialOrder } from '../../src/plan/order.ts';
import { createRandom, shuffled } from '../../src/plan/random.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';

const planOf = (names: readonly string[], trials: { repeat?: number; warmup?: number; seed?: number } = {}) =>
  resolvePlan({ scenarios: names.map((name) => ({ name })), trials }, { folderName: 'shop' });

const inWords = (plan: ReturnType<typeof planOf>) =>
  trialOrder(plan).map(({ scenarioId, trial, kind }) => `${scenarioId} ${trial} ${kind}`);

describe('the order of trials', () => {
  it("of a single round is the plan's own", () => {
    expect(inWords(planOf(['c', 'a', 'b']))).toEqual(['c 1 measured', 'a 1 measured', 'b 1 measured']);
  });

  it('begins with the warm-ups, which count as trials', () => {
    expect(inWords(planOf(['b', 'a'], { warmup: 2 }))).toEqual([
      'b 1 warmup',
      'a 1 warmup',
      'b 2 warmup',
      'a 2 warmup',
      'b 3 measured',
      'a 3 measured',
    ]);
  });

  it('holds every scenario once in every round', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat(3),
        fc.nat(),
        (count, repeat, warmup, seed) => {
          const names = Array.from({ length: count }, (_, index) => `s${index}`);
          const order = trialOrder(planOf(names, { repeat, warmup, seed }));
          expect(order).toHaveLength(count * (repeat + warmup));
          for (let round = 0; round < repeat + warmup; round += 1) {
            const trials = order.slice(round * count, (round + 1) * count);
            expect(trials.map(({ scenarioId }) => scenarioId).sort()).toEqual(names);
            expect(new Set(trials.map(({ trial }) => trial))).toEqual(new Set([round + 1]));
            expect(new Set(trials.map(({ kind }) => kind))).toEqual(new Set([round < warmup ? 'warmup' : 'measured']));
          }
        },
      ),
    );
  });

  it('is the same for the same seed, and another for another', () => {
    const names = ['a', 'b', 'c', 'd'];
    const bySeed = (seed: number) => inWords(planOf(names, { repeat: 10, seed }));
    expect(bySeed(7)).toEqual(bySeed(7));
    expect(bySeed(7)).not.toEqual(bySeed(8));
  });

  it('stays as it was when rounds are added', () => {
    const names = ['a', 'b', 'c', 'd'];
    const ten = inWords(planOf(names, { repeat: 10 }));
    expect(inWords(planOf(names, { repeat: 5 }))).toEqual(ten.slice(0, 20));
  });

  it('differs from round to round', () => {
    const order = trialOrder(planOf(['a', 'b', 'c', 'd'], { repeat: 10 }));
    const rounds = Array.from({ length: 10 }, (_, round) =>
      order
        .slice(4 * round, 4 * round + 4)
        .map((spec) => spec.scenarioId)
        .join(),
    );
    expect(new Set(rounds).size).toBeGreaterThan(4);
  });
});

describe('with several lanes', () => {
  const lanes = (count: number, expectedSeconds = {}) => ({ lanes: count, expectedSeconds });

  it('the longest by what is known runs first, by its target what ran never before, and first what has neither', () => {
    const plan = resolvePlan(
      { scenarios: [{ name: 'a' }, { name: 'b', target: '50 s' }, { name: 'c', target: '10 s' }, { name: 'd' }] },
      { folderName: 'shop' },
    );
    const order = trialOrder(plan, lanes(2, { a: 20, c: 30 }));
    expect(order.map(({ scenarioId }) => scenarioId)).toEqual(['d', 'b', 'c', 'a']);
  });

  it('rounds stay interleaved at random but for the last ones, as many as have three trials a lane', () => {
    const plan = planOf(['a', 'b', 'c', 'd'], { repeat: 5 });
    const known = { a: 1, b: 2, c: 3, d: 4 };
    const order = trialOrder(plan, lanes(2, known));
    expect(order.slice(0, 12)).toEqual(trialOrder(plan).slice(0, 12));
    expect(order.slice(12).map(({ scenarioId }) => scenarioId)).toEqual('ddccbbaa'.split(''));
  });

  it('every trial is there once, whatever is known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 16 }),
        fc.dictionary(fc.constantFrom('s0', 's1', 's2'), fc.double({ min: 0, max: 1e4, noNaN: true })),
        (count, repeat, laneCount, known) => {
          const plan = planOf(
            Array.from({ length: count }, (_, index) => `s${index}`),
            { repeat },
          );
          const inAnyOrder = (specs: ReturnType<typeof trialOrder>) => specs.map((spec) => JSON.stringify(spec)).sort();
          expect(inAnyOrder(trialOrder(plan, lanes(laneCount, known)))).toEqual(inAnyOrder(trialOrder(plan)));
        },
      ),
    );
  });
});

describe('shuffling', () => {
  it('makes every order about as often as any other', () => {
    const orders = new Map<string, number>();
    for (let stream = 0; stream < 6000; stream += 1) {
      const order = shuffled(['a', 'b', 'c'], createRandom(1, stream)).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    const counts = [...orders.values()];
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(counts).toHaveLength(6);
    // The 0.1 % point of chi-square with 5 degrees of freedom.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('leaves the list as it is', () => {
    const list = Object.freeze(['a', 'b', 'c']);
    expect(shuffled(list, createRandom(3)).sort()).toEqual(list);
  });

  it('gives the numbers that mulberry32 is known for', () => {
    const random = createRandom(0);
    // The first three of its reference implementation in C, over 2³².
    expect([random(), random(), random()].map((value) => value * 2 ** 32)).toEqual(mulberry32(0, 3));
  });
});

/** The reference implementation with unsigned 32-bit arithmetic spelled out. */
function mulberry32(seed: number, count: number): number[] {
  const mask = 0xffffffffn;
  let state = BigInt(seed);
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5n) & mask;
    let z = state;
    z = ((z ^ (z >> 15n)) * (z | 1n)) & mask;
    z ^= (z + (((z ^ (z >> 7n)) * (z | 61n)) & mask)) & mask;
    return Number((z ^ (z >> 14n)) & mask);
  });
}
