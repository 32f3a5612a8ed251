import { describe, expect, test } from 'vitest';
import { createQuietGate } from '../../../src/collectors/noise/quiet-gate.ts';
import { type Look, unquiet } from '../../../src/collectors/noise/quiet.ts';

const QUIET: Look = { pressure: 0.01, idle: 0.97, steal: 0, spin: 1.02 };
const NOISY: Look = { ...QUIET, idle: 0.2 };

describe('a machine', () => {
  test.each<[string, Partial<Look>, string | null]>([
    ['is quiet where nothing is at work', {}, null],
    ['is quiet where nothing can be seen', { pressure: null, idle: null, steal: null, spin: null }, null],
    ['is not where its CPUs are taken', { idle: 0.4 }, 'only 40 % of its CPUs were idle'],
    ['is not where tasks wait', { pressure: 0.3 }, 'tasks waited for a CPU 30 % of the time'],
    ['is not where a hypervisor takes time', { steal: 0.05 }, 'the hypervisor took 5 % of the CPU time'],
    ['is not where work takes longer than its CPU time', { spin: 1.5 }, 'work took 1.5 times as long as it should'],
  ])('%s', (_, change, expected) => {
    expect(unquiet({ ...QUIET, ...change })).toBe(expected);
  });
});

describe('the quiet gate', () => {
  function gate(budgetSeconds: number, looks: readonly Look[]) {
    const queue = [...looks];
    const pauses: number[] = [];
    const { pass } = createQuietGate(
      budgetSeconds,
      async () => queue.shift() ?? NOISY,
      (async (ms: number) => void pauses.push(ms / 1_000)) as never,
    );
    const { signal } = new AbortController();
    return { pauses, pass: (runId = 'r') => pass({ runId, cpus: [0, 1], alone: () => true, signal }) };
  }

  test('lets pass at once where it is quiet', async () => {
    const { pass, pauses } = gate(60, [QUIET]);
    expect(await pass()).toEqual({ kind: 'quiet', waitedSeconds: 0 });
    expect(pauses).toEqual([]);
  });

  test('waits longer each time until it is quiet', async () => {
    const { pass, pauses } = gate(60, [NOISY, NOISY, NOISY, QUIET]);
    expect(await pass()).toEqual({ kind: 'quiet', waitedSeconds: 7 });
    expect(pauses).toEqual([1, 2, 4]);
  });

  test('has one budget for a whole run, says once that it is spent, and has another for the next run', async () => {
    const { pass, pauses } = gate(10, []);
    const reason = 'only 20 % of its CPUs were idle';
    expect(await pass()).toEqual({ kind: 'noisy', waitedSeconds: 10, reason, first: true });
    expect(await pass()).toEqual({ kind: 'noisy', waitedSeconds: 0, reason, first: false });
    expect(await pass('another')).toMatchObject({ waitedSeconds: 10, first: true });
    expect(pauses).toEqual([1, 2, 4, 3, 1, 2, 4, 3]);
  });

  test('looks and does not wait without a budget', async () => {
    expect(await gate(0, []).pass()).toMatchObject({ kind: 'noisy', waitedSeconds: 0 });
  });
});
