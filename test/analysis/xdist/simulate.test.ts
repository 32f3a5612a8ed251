import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTIONS } from '../../../src/analysis/xdist/schedulers/scheduler.ts';
import { stretches } from '../../../src/analysis/xdist/sharing.ts';
import { simulate } from '../../../src/analysis/xdist/simulate.ts';
import type { SuiteFixture, SuiteTest } from '../../../src/analysis/xdist/suite.ts';
import { type AskedTest, suite } from './suites.ts';

const SECONDS = fc.double({ min: 0, max: 1, noNaN: true });
const TESTS = fc.array(
  fc
    .record({ busy: SECONDS, wait: SECONDS, file: fc.constantFrom('a', 'b', 'c') })
    .map(({ busy, wait, file }): AskedTest => ({ id: `${file}.py::test_x`, busy, wait })),
  { minLength: 1, maxLength: 14 },
);
const WAY = fc.record({
  workers: fc.integer({ min: 1, max: 5 }),
  distribution: fc.constantFrom(...DISTRIBUTIONS),
  cpus: fc.integer({ min: 1, max: 3 }),
});

describe('how tasks share CPUs', () => {
  it('agrees with all combinations of those that are there, counted one by one', () => {
    fc.assert(
      fc.property(fc.array(SECONDS, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (shares, cpus) => {
        const found = stretches(shares, cpus);
        const naive = naiveStretches(shares, cpus);
        for (const [task, stretch] of found.entries()) expect(stretch).toBeCloseTo(naive[task]!, 9);
      }),
    );
  });

  it('is even for tasks that compute all the time', () => {
    expect(stretches([1, 1, 1, 1], 2)).toEqual([2, 2, 2, 2]);
  });

  it('leaves alone who waits, and who is alone', () => {
    expect(stretches([1, 0], 1)[0]).toBe(1);
    expect(stretches([1, 1], 2)).toEqual([1, 1]);
  });
});

describe('the simulation', () => {
  it('ends when a version that goes on in small steps does', () => {
    fc.assert(
      fc.property(TESTS, WAY, (tests, way) => {
        const given = suite({ tests });
        const { testsSeconds, perWorker } = simulate(given, way);
        const stepped = stepByStep(
          perWorker.map((worker) => worker.tests.map((test) => given.tests[test]!)),
          way.cpus,
        );
        expect(Math.abs(stepped - testsSeconds)).toBeLessThan(0.02 + 0.02 * testsSeconds);
      }),
      { numRuns: 25 },
    );
  });

  it('ends also with times too small to be divided', () => {
    const times = [
      [5e-324, 1.5e-323],
      [5e-324, 1e-323],
      [3e-323, 5e-324],
      [3e-323, 3e-323],
      [1.5e-323, 1.5e-170],
      [1.8e-133, 4.1e-34],
    ];
    const tests = times.map(
      ([busy, wait], test): AskedTest => ({ id: `a.py::test_${test}`, busy: busy!, wait: wait! }),
    );
    const { perWorker } = simulate(suite({ tests }), { workers: 4, distribution: 'worksteal', cpus: 1 });
    expect(perWorker.flatMap((worker) => worker.tests)).toHaveLength(times.length);
  });

  it('runs each test once, whatever the distribution', () => {
    fc.assert(
      fc.property(TESTS, WAY, (tests, way) => {
        const { perWorker } = simulate(suite({ tests }), way);
        expect(perWorker.flatMap((worker) => worker.tests).toSorted((a, b) => a - b)).toEqual(
          tests.map((_, test) => test),
        );
      }),
    );
  });

  it('takes no less than the work by the CPUs, and no less than the longest test', () => {
    fc.assert(
      fc.property(TESTS, WAY, (tests, way) => {
        const { testsSeconds } = simulate(suite({ tests }), way);
        const work = tests.reduce((sum, { busy = 0 }) => sum + busy, 0) / way.cpus;
        const longest = Math.max(...tests.map(({ busy = 0, wait = 0 }) => busy + wait));
        expect(testsSeconds).toBeGreaterThanOrEqual(Math.max(work, longest) - 1e-6);
      }),
    );
  });

  it('sums up the parts of a run without workers', () => {
    const given = suite({
      tests: [
        { id: 'a.py::test_a', busy: 1 },
        { id: 'a.py::test_b', wait: 2 },
      ],
      startSeconds: 0.5,
      collectSeconds: 0.25,
      overheadSeconds: 0.125,
      reportSeconds: 4,
      outsideSeconds: 8,
    });
    expect(simulate(given, { workers: 0, distribution: 'load', cpus: 1 }).seconds).toBe(
      0.5 + 0.25 + 3 + 2 * 0.125 + 12,
    );
  });

  it('lets suites that wait gain from more workers than CPUs, and suites that compute not', () => {
    const tests = (work: object) => Array.from({ length: 16 }, (_, test) => ({ id: `a.py::test_${test}`, ...work }));
    const seconds = (work: object, workers: number) =>
      simulate(suite({ tests: tests(work) }), { workers, distribution: 'load', cpus: 1 }).testsSeconds;
    expect(seconds({ wait: 1 }, 4)).toBeCloseTo(seconds({ wait: 1 }, 1) / 4);
    expect(seconds({ busy: 1 }, 4)).toBeCloseTo(seconds({ busy: 1 }, 1));
  });

  it('lets each worker start and collect, on the same CPUs', () => {
    const given = suite({ tests: [{ id: 'a.py::test_a' }], workerSeconds: 1 });
    const seconds = (workers: number) => simulate(given, { workers, distribution: 'load', cpus: 1 }).seconds;
    expect(seconds(4)).toBeCloseTo(4 * seconds(1), 5);
  });

  it.each<[SuiteFixture['scope'], number]>([
    ['session', 2],
    ['package', 2],
    ['module', 4],
    ['class', 8],
  ])('sets a fixture of scope %s up once for each worker and part of the suite', (scope, setups) => {
    const fixture = {
      scope,
      where: scope === 'package' ? 'tests' : '',
      setup: { busy: 0, wait: 1 },
      teardown: { busy: 0, wait: 0 },
    };
    const ids = ['a', 'b', 'c', 'd'].flatMap((file) =>
      ['A', 'B'].flatMap((suiteClass) => [1, 2].map((test) => `tests/${file}.py::${suiteClass}::test_${test}`)),
    );
    const given = suite({ tests: ids.map((id) => ({ id, uses: [0] })), fixtures: [fixture] });
    const { perWorker } = simulate(given, { workers: 2, distribution: 'loadfile', cpus: 2 });
    expect(perWorker.reduce((sum, { busySeconds }) => sum + busySeconds, 0)).toBeCloseTo(setups);
  });

  it('keeps a long file on one worker, and lets worksteal share it', () => {
    const tests = Array.from({ length: 22 }, (_, test) => ({
      id: `${test < 20 ? 'a' : 'b'}.py::test_${test}`,
      wait: 1,
    }));
    const seconds = (distribution: 'loadfile' | 'worksteal') =>
      simulate(suite({ tests }), { workers: 2, distribution, cpus: 2 }).testsSeconds;
    expect(seconds('loadfile')).toBeCloseTo(20);
    expect(seconds('worksteal')).toBeCloseTo(11);
  });
});

/** Over all sets of others, by a fixed point of as many rounds. */
function naiveStretches(shares: readonly number[], cpus: number): number[] {
  if (shares.length <= cpus) return shares.map(() => 1);
  let found = shares.map(() => 1);
  for (let round = 0; round < 6; round += 1) {
    const there = shares.map((share, task) =>
      share === 0 ? 0 : (share * found[task]!) / (share * found[task]! + 1 - share),
    );
    found = shares.map((_, task) => {
      let expected = 0;
      for (let set = 0; set < 2 ** shares.length; set += 1) {
        if ((set >> task) & 1) continue;
        let chance = 1;
        let count = 1;
        for (const [other, of] of there.entries()) {
          if (other === task) continue;
          const isIn = (set >> other) & 1;
          chance *= isIn ? of : 1 - of;
          count += isIn;
        }
        expected += chance * Math.max(1, count / cpus);
      }
      return expected;
    });
  }
  return found;
}

/** Each worker's tests one after another, a millisecond at a time. A worker may have to wait for its next test: only those of `load` are sent in time. */
function stepByStep(orders: readonly (readonly SuiteTest[])[], cpus: number): number {
  const STEP = 0.001;
  const workers = orders.map((tests) => ({ tests: tests.filter(({ busy, wait }) => busy + wait > 0), at: 0, left: 1 }));
  let seconds = 0;
  for (;;) {
    const running = workers.filter(({ tests, at }) => at < tests.length);
    if (running.length === 0) return seconds;
    const shares = running.map(({ tests, at }) => tests[at]!.busy / (tests[at]!.busy + tests[at]!.wait));
    const found = naiveStretches(shares, cpus);
    for (const [index, worker] of running.entries()) {
      const { busy, wait } = worker.tests[worker.at]!;
      worker.left -= STEP / (busy * found[index]! + wait);
      if (worker.left > 0) continue;
      worker.at += 1;
      worker.left = 1;
    }
    seconds += STEP;
  }
}
