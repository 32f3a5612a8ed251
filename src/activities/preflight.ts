import { type Check, checkMachine } from '../checks/index.ts';
import { labelsFor } from '../docker/engine/labels.ts';
import { PacelineError } from '../model/failure.ts';
import { activity } from './support/attempt.ts';
import type { ActivityDeps, Make } from './support/deps.ts';

/**
 * The checks of `paceline doctor`: what makes a benchmark impossible is thrown; what makes its figures doubtful is a
 * warning in the result.
 */
export const preflight: Make<'preflight'> = (deps: ActivityDeps) =>
  activity({ phase: 'preparing' }, async ({ run }, { signal }) => {
    const labels = labelsFor({ instance: deps.instance, ...run, phase: 'preflight' });
    const checks = await checkMachine({ ...deps, env: deps.commandEnv, labels, signal });
    const impossible = checks.find(({ state }) => state === 'missing');
    if (impossible !== undefined) throw new PacelineError(problemOf(impossible));
    // What is still there now, just after the reaper, belongs to runs at work.
    return checks.filter(({ state, name }) => state === 'warning' && name !== 'Leftovers').map(sentence);
  });

function problemOf(check: Check) {
  return { type: check.failure, what: sentence(check), next: check.next ?? '' };
}

function sentence({ name, what }: Check): string {
  return `${name}: ${what}.`;
}
