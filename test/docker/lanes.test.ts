import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLanes, type Lanes, type Lease } from '../../src/docker/lanes.ts';
import { PacelineError } from '../../src/model/failure.ts';

const GIB = 2 ** 30;
const host = { cpus: [0, 1, 2, 3], memoryBytes: 8 * GIB };
const ask = (key: string, cpus: number | 'host', memoryBytes: number | null = null) => ({
  key,
  run: 'run',
  cpus,
  memoryBytes,
});

/** Lets all pending callbacks run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the lanes of a host', () => {
  it('hands out disjoint CPUs, lowest first', async () => {
    const lanes = createLanes(host);
    const [a, b] = [await lanes.acquire(ask('a', 2)), await lanes.acquire(ask('b', 1, GIB))];
    expect([a.lane, b.lane]).toEqual([
      { cpus: [0, 1], memoryBytes: null },
      { cpus: [2], memoryBytes: GIB },
    ]);
  });

  it('lets no request overtake a waiting request for the whole host', async () => {
    const lanes = createLanes(host);
    const first = await lanes.acquire(ask('first', 1));
    const order: string[] = [];
    const whole = lanes.acquire(ask('whole', 'host')).then((lease) => (order.push('whole'), lease));
    const small = lanes.acquire(ask('small', 1)).then((lease) => (order.push('small'), lease));
    await settle();
    expect(lanes.waiting()).toEqual(['whole', 'small']);
    first.release();
    expect((await whole).lane.cpus).toEqual([0, 1, 2, 3]);
    expect(order).toEqual(['whole']);
    (await whole).release();
    await small;
    expect(order).toEqual(['whole', 'small']);
  });

  it('gives back all that a run has once it is over, and nothing of another run', async () => {
    const lanes = createLanes(host);
    lanes.adopt('left over', 'over', { cpus: [0], memoryBytes: null });
    await lanes.acquire({ ...ask('let go', 1), run: 'over' });
    await lanes.acquire({ ...ask('at work', 1), run: 'open' });
    const next = lanes.acquire(ask('next', 3));
    await settle();
    expect(lanes.waiting()).toEqual(['next']);
    lanes.freeRun('over');
    expect((await next).lane.cpus).toEqual([0, 1, 3]);
    expect([...lanes.held().keys()]).toEqual(['at work', 'next']);
  });

  it('holds a request back until its memory is free as well', async () => {
    const lanes = createLanes(host);
    const big = await lanes.acquire(ask('big', 1, 6 * GIB));
    const next = lanes.acquire(ask('next', 1, 3 * GIB));
    await settle();
    expect(lanes.waiting()).toEqual(['next']);
    big.release();
    expect((await next).lane.memoryBytes).toBe(3 * GIB);
  });

  it('gives the next attempt of a key the lane it has, and ignores the release of the one before', async () => {
    const lanes = createLanes(host);
    const before = await lanes.acquire(ask('trial', 2));
    const after = await lanes.acquire(ask('trial', 2));
    expect(after.lane).toEqual(before.lane);
    before.release();
    expect(lanes.held().has('trial')).toBe(true);
    after.release();
    expect(lanes.held().size).toBe(0);
  });

  it('gives a key its adopted lane whatever it asks for', async () => {
    const lanes = createLanes(host);
    lanes.adopt('trial', 'run', { cpus: [2, 3], memoryBytes: null });
    const [other, trial] = [await lanes.acquire(ask('other', 2)), await lanes.acquire(ask('trial', 1))];
    expect([other.lane.cpus, trial.lane.cpus]).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('serves the others when a key is freed whose containers are gone', async () => {
    const lanes = createLanes(host);
    lanes.adopt('left over', 'run', { cpus: [0, 1, 2, 3], memoryBytes: null });
    const next = lanes.acquire(ask('next', 1));
    lanes.free('left over');
    expect((await next).lane.cpus).toEqual([0]);
  });

  it('rejects with the reason of the abort, and serves who waited behind', async () => {
    const lanes = createLanes(host);
    await lanes.acquire(ask('a', 2));
    const stop = new AbortController();
    const whole = lanes.acquire({ ...ask('whole', 'host'), signal: stop.signal });
    const behind = lanes.acquire(ask('behind', 1));
    const reason = new Error('cancelled by a user');
    stop.abort(reason);
    await expect(whole).rejects.toBe(reason);
    expect((await behind).lane.cpus).toEqual([2]);
  });

  it('runs one at a time where CPUs cannot be pinned', async () => {
    const lanes = createLanes({ cpus: [], memoryBytes: 8 * GIB });
    const first = await lanes.acquire(ask('first', 3));
    expect(first.lane.cpus).toEqual([]);
    void lanes.acquire(ask('second', 1));
    await settle();
    expect(lanes.waiting()).toEqual(['second']);
  });

  it.each([
    ['more CPUs than there are', ask('k', 5)],
    ['more memory than there is', ask('k', 1, 9 * GIB)],
  ])('refuses %s at once', async (_, request) => {
    await expect(createLanes(host).acquire(request)).rejects.toThrow(PacelineError);
  });
});

type Step =
  | { readonly do: 'ask'; readonly cpus: number | 'host'; readonly gib: number }
  | { readonly do: 'release' | 'abort'; readonly index: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('ask' as const),
      cpus: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant('host' as const)),
      gib: fc.integer({ min: 0, max: 8 }),
    }),
    fc.record({ do: fc.constantFrom('release' as const, 'abort' as const), index: fc.nat(8) }),
  ),
  { maxLength: 40 },
);

describe('whatever is asked for and given back', () => {
  it('no CPU is in two lanes, the order is kept, and in the end nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const lanes = createLanes(host);
        const granted: { readonly number: number; readonly lease: Lease }[] = [];
        const order: number[] = [];
        const waiting = new Map<number, AbortController>();
        let asked = 0;
        for (const step of script) {
          if (step.do === 'ask') {
            const number = asked++;
            const stop = new AbortController();
            waiting.set(number, stop);
            lanes.acquire({ ...ask(String(number), step.cpus, step.gib * GIB), signal: stop.signal }).then(
              (lease) => {
                waiting.delete(number);
                order.push(number);
                granted.push({ number, lease });
              },
              () => waiting.delete(number),
            );
          } else if (step.do === 'release')
            granted.splice(step.index % Math.max(1, granted.length), 1)[0]?.lease.release();
          else [...waiting.values()][step.index % Math.max(1, waiting.size)]?.abort(new Error('stop'));
          await settle();
          expectDisjoint(lanes);
        }
        while (granted.length > 0) {
          granted.shift()?.lease.release();
          await settle();
          expectDisjoint(lanes);
        }
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect([waiting.size, lanes.waiting().length, lanes.held().size]).toEqual([0, 0, 0]);
      }),
      { numRuns: 200 },
    );
  });
});

function expectDisjoint(lanes: Lanes): void {
  const held = [...lanes.held().values()];
  const cpus = held.flatMap((lane) => lane.cpus);
  expect(new Set(cpus).size).toBe(cpus.length);
  expect(held.reduce((sum, lane) => sum + (lane.memoryBytes ?? 0), 0)).toBeLessThanOrEqual(host.memoryBytes);
}
