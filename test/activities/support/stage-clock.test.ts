import { expect, test } from 'vitest';
import { stageClock } from '../../../src/activities/support/stage-clock.ts';

test('notes each part, also one that fails, and leaves out waits that were none', async () => {
  let now = 5;
  const takes = (seconds: number) => async () => {
    now += seconds;
  };
  const clock = stageClock(() => now);
  await clock.part('waitForLane', null, takes(0.001));
  await clock.part('waitForQuiet', null, takes(2));
  await clock.part('build', 'api', takes(0.001));
  const failing = clock.part('build', 'web', async () => {
    now += 3;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const { startedAt, finishedAt, parts } = clock.times();
  expect(parts).toEqual([
    { kind: 'waitForQuiet', name: null, fromSeconds: 0.001, toSeconds: 2.001 },
    { kind: 'build', name: 'api', fromSeconds: 2.001, toSeconds: 2.002 },
    { kind: 'build', name: 'web', fromSeconds: 2.002, toSeconds: 5.002 },
  ]);
  expect(Date.parse(finishedAt) - Date.parse(startedAt)).toBe(5_002);
});
