import { analyze } from '../../analysis/analyze.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { takeDownRun } from '../support/take-down.ts';

/** The row of a side ends like that of any run, so its measurements can be read. */
export const closeSide: Make<'closeSide'> = (deps) =>
  activity({ phase: 'stopping' }, async ({ run, cancelled }) => {
    await takeDownRun(deps, run);
    const finishedAt = new Date().toISOString();
    const result = analyze({ ...(await deps.store.loadFacts(run)), finishedAt, cancelled });
    await deps.store.finishRun(run, { result, verdict: result.verdict, finishedAt });
  });
