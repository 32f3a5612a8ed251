import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';
import { takeDownRun } from './support/take-down.ts';

export const cleanUpRun: Make<'cleanUpRun'> = (deps) =>
  activity({ phase: 'stopping' }, async ({ run }) => {
    await takeDownRun(deps, run);
  });
