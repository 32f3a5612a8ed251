import { describe, expect, test } from 'vitest';
import { cpuTimes } from '../../../src/collectors/noise/cpu-times.ts';
import { disturbanceOf, type Evidence } from '../../../src/collectors/noise/disturbance.ts';

const STAT = `cpu  300 0 200 1000 100 0 0 40 7 0
cpu0 100 0 100 600 50 0 0 10 7 0
cpu1 200 0 100 400 50 0 0 30 0 0
intr 1 2 3
`;

describe('the time of some CPUs', () => {
  test.each([
    [[0], { total: 8.6, idle: 6.5, steal: 0.1 }],
    [[1], { total: 7.8, idle: 4.5, steal: 0.3 }],
    [[0, 1], { total: 16.4, idle: 11, steal: 0.4 }],
  ])('of %j is the sum of their lines, guest time left out', (cpus, { total, idle, steal }) => {
    const times = { total: expect.closeTo(total), idle: expect.closeTo(idle), steal: expect.closeTo(steal) };
    expect(cpuTimes(STAT, cpus)).toEqual(times);
  });

  test.each([[[]], [[2]], [[0, 7]]])('of %j is not to be had', (cpus) => {
    expect(cpuTimes(STAT, cpus)).toBeNull();
  });
});

describe('a trial of 20 s on 2 CPUs', () => {
  const QUIET: Evidence = {
    wallSeconds: 20,
    cpus: 2,
    passed: { total: 40, idle: 9, steal: 0 },
    ownSeconds: 30,
    unseenSeconds: 0,
    outsideStallSeconds: { io: 0.2, memory: 0 },
    throttledSeconds: 0,
    waitedSeconds: 1,
  };
  const passed = (idle: number, steal = 0) => ({ total: 40, idle, steal });

  test.each<[string, Partial<Evidence>, string | null]>([
    ['with an idle engine', {}, null],
    [
      'with a busy loop',
      { passed: passed(0), ownSeconds: 20, waitedSeconds: 9 },
      'other work took 50 % of its CPU time; it waited for a CPU 45 % of the time',
    ],
    [
      'of whose waiting nothing is known',
      { passed: passed(0), ownSeconds: 20, waitedSeconds: null },
      'other work took 50 % of its CPU time',
    ],
    ['with more workers than CPUs', { passed: passed(0), ownSeconds: 39, waitedSeconds: 19 }, null],
    ['of which little was seen at the end', { passed: passed(5), ownSeconds: 30.9, unseenSeconds: 0.5 }, null],
    [
      'whose CPUs the hypervisor took',
      { passed: passed(10, 2), ownSeconds: 28 },
      'other virtual machines on the same hardware took 5 % of its CPU time',
    ],
    ['that a quota held back', { throttledSeconds: 4 }, 'a CPU quota held it back for 20 % of the time'],
    [
      'with writes to the disk',
      { outsideStallSeconds: { io: 10, memory: 0 } },
      'other work waited for the disk for 50 % of the time',
    ],
    [
      'with work that is short of memory',
      { outsideStallSeconds: { io: 0, memory: 5 } },
      'other work ran short of memory for 25 % of the time',
    ],
    [
      'of whose host nothing is known',
      { outsideStallSeconds: { io: null, memory: null }, throttledSeconds: null },
      null,
    ],
  ])('%s', (_, change, reason) => {
    expect(disturbanceOf({ ...QUIET, ...change })).toEqual(reason === null ? null : { reason });
  });

  test('that is over in less than a second is not judged', () => {
    expect(disturbanceOf({ ...QUIET, passed: { total: 1.8, idle: 0, steal: 0 }, ownSeconds: 0.1 })).toBeNull();
  });
});
