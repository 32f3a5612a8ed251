import { describe, expect, test } from 'vitest';
import { cpuTimes } from '../../../src/collectors/noise/cpu-times.ts';
import { disturbanceOf } from '../../../src/collectors/noise/disturbance.ts';

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
  const total = 40;
  test.each([
    ['that used all the time there was', { idle: 10, steal: 0 }, 30, null],
    ['beside an idle engine', { idle: 8, steal: 0 }, 30, null],
    ['beside a busy loop', { idle: 0, steal: 0 }, 20, 'other work took 49 % of its CPU time'],
    ['of which little was seen at the end', { idle: 5, steal: 0 }, 31, null],
    ['whose CPUs the hypervisor took', { idle: 10, steal: 2 }, 28, 'the hypervisor took 5 % of its CPU time'],
  ])('%s', (_, passed, ownSeconds, reason) => {
    expect(disturbanceOf({ total, ...passed }, ownSeconds, 2)).toEqual(reason === null ? null : { reason });
  });

  test('that is over in less than a second is not judged', () => {
    expect(disturbanceOf({ total: 1.8, idle: 0, steal: 0 }, 0.1, 2)).toBeNull();
  });
});
