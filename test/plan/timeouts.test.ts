import { expect, test } from 'vitest';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { trialTimeoutSeconds } from '../../src/plan/timeouts.ts';

test.each([
  ['15 minutes without a target', {}, null, 900],
  ['15 minutes for a short target', {}, 180, 900],
  ['three times a long target', {}, 600, 1800],
  ["the plan's own", { timeout: '2 min' }, 600, 120],
])('a trial is stopped after %s', (_, trials, targetSeconds, seconds) => {
  const plan = resolvePlan({ trials }, { folderName: 'shop' });
  expect(trialTimeoutSeconds(plan, { targetSeconds })).toBe(seconds);
});
