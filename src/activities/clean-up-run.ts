import { activity } from './attempt.ts';
import type { Make } from './deps.ts';
import { takeDownRun } from './take-down.ts';

export const cleanUpRun: Make<'cleanUpRun'> = (deps) =>
  activity({ phase: 'stopping' }, async ({ run }) => {
    await takeDownRun(deps, run);
  });
