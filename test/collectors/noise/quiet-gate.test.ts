import { describe, expect, test } from 'vitest';
import { createQuietGate } from '../../../src/collectors/noise/quiet-gate.ts';
import { type Look, unquiet } from '../../../src/collectors/noise/quiet.ts';

const QUIET: Look = { pressure: 0.01, io: 0.01, memory: 0, idle: 0.97, steal: 0, spin: 1.02 };
const NOISY: Look = { ...QUIET, idle: 0.2 };

describe('a machine', () => {
  test.each<[string, Partial<Look>, string | null]>([
    ['is quiet if nothing else is running', {}, null],
    [
      'is quiet where nothing can be seen',
      { pressure: null, io: null, memory: null, idle: null, steal: null, spin: null },
      null,
    ],
    ['is not where its CPUs are taken', { idle: 0.4 }, 'other programs used 60 % of its CPUs'],
    ['is not where tasks wait', { pressure: 0.3 }, 'tasks waited for a CPU 30 % of the time'],
    ['is not where tasks wait for the disk', { io: 0.3 }, 'tasks waited for the disk 30 % of the time'],
    ['is not where tasks wait for memory', { memory: 0.05 }, 'tasks waited for memory 5 % of the time'],
    [
      'is not where a hypervisor takes time',
      { steal: 0.05 },
      'other virtual machines on the same hardware took 5 % of its CPU time',
    ],
    [
      'is not if work takes longer than its CPU time',
      { spin: 1.5 },
      'a short computation took 1.5 times as long as on a quiet machine',
    ],
  ])('%s', (_, change, expected) => {
    expect(unquiet({ ...QUIET, ...change })).toBe(expected);
  });
});

/** What a look takes. */
const LOOK_SECONDS = 1;

describe('the quiet gate', () => {
  function gate(budgetSeconds: number, looks: readonly Look[]) {
    const queue = [...looks];
    const pauses: number[] = [];
    const told: number[] = [];
    let seconds = 0;
    let looked = 0;
    const { pass, seenQuiet } = createQuietGate(
      budgetSeconds,
      async () => {
        looked += 1;
        seconds += LOOK_SECONDS;
        return queue.shift() ?? NOISY;
      },
      (async (ms: number) => {
        pauses.push(ms / 1_000);
        seconds += ms / 1_000;
      }) as never,
      () => seconds,
    );
    const { signal } = new AbortController();
    const onWait = (_: string, leftSeconds: number) => void told.push(leftSeconds);
    return {
      pauses,
      told,
      looks: () => looked,
      seconds: () => seconds,
      later: (passed: number) => void (seconds += passed),
      seenQuiet,
      pass: (runId = 'r', cpus = [0, 1]) => pass({ runId, cpus, alone: () => true, signal, onWait }),
    };
  }

  test('lets pass at once where it is quiet', async () => {
    const { pass, pauses } = gate(30, [QUIET]);
    expect(await pass()).toEqual({ kind: 'quiet', waitedSeconds: 0 });
    expect(pauses).toEqual([]);
  });

  test('waits longer each time until it is quiet, looks included, and says how long it still would', async () => {
    const { pass, pauses, told } = gate(30, [NOISY, NOISY, NOISY, QUIET]);
    expect(await pass()).toEqual({ kind: 'quiet', waitedSeconds: 1 + 2 + 4 + 3 * LOOK_SECONDS });
    expect(pauses).toEqual([1, 2, 4]);
    expect(told).toEqual([30, 28, 25]);
  });

  test('has one budget for a whole run: what one wait took, the next one has less', async () => {
    const { pass, pauses } = gate(10, [NOISY, NOISY, QUIET]);
    expect(await pass()).toMatchObject({ kind: 'quiet', waitedSeconds: 5 });
    expect(await pass()).toMatchObject({ kind: 'noisy', first: true });
    expect(pauses).toEqual([1, 2, 1, 2]);
  });

  test('says once that it is spent, looks no more in that run, and has another for the next', async () => {
    const { pass, looks, seconds } = gate(10, []);
    const reason = 'other programs used 80 % of its CPUs';
    expect(await pass()).toMatchObject({ kind: 'noisy', reason, first: true });
    // The first check, and the one that is running when the budget ends, are not included.
    expect(seconds()).toBeLessThanOrEqual(10 + 2 * LOOK_SECONDS);
    const before = looks();
    expect(await pass()).toEqual({ kind: 'noisy', waitedSeconds: 0, reason, first: false });
    expect(looks()).toBe(before);
    expect(await pass('another')).toMatchObject({ kind: 'noisy', first: true });
  });

  test.each([
    ['does not look at CPUs on which a trial has just ended quietly', { seen: [0, 1], later: 9 }, 0],
    ['looks again a while later', { seen: [0, 1], later: 11 }, 1],
    ['looks if one of the CPUs was not watched', { seen: [0], later: 1 }, 1],
  ])('%s', async (_, { seen, later }, looks) => {
    const passing = gate(30, [QUIET]);
    passing.seenQuiet(seen);
    passing.later(later);
    expect(await passing.pass()).toEqual({ kind: 'quiet', waitedSeconds: 0 });
    expect(passing.looks()).toBe(looks);
  });

  test('looks and does not wait without a budget', async () => {
    const { pass, pauses } = gate(0, []);
    expect(await pass()).toMatchObject({ kind: 'noisy', waitedSeconds: 0 });
    expect(pauses).toEqual([]);
  });
});
