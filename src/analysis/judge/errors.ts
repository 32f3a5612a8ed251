/** What went wrong outside the project's own tests: the run's problems, and those of trials that never came to their tests. */
import type { ErrorResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { WITHOUT_PYTEST } from '../../plan/own-command.ts';
import { judgedTrials, OUTCOMES, reasonOf } from '../trials/trials.ts';

export function collectErrors(facts: RunFacts): ErrorResult[] {
  const trials = (facts.plan?.scenarios ?? [])
    .flatMap(({ id }) => judgedTrials(facts, id))
    .filter(({ outcome }) => OUTCOMES[outcome].means === 'error');
  const errors = [...facts.problems.map(asError), ...trials.map(errorOfTrial)];
  const seen = new Set<string>();
  // A command that is not found is reported once, not once for each trial.
  return errors.filter(({ type, what }) => {
    const key = `${type} ${what}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function asError({
  type,
  what,
  next,
  detail,
}: Omit<ErrorResult, 'detail'> & { readonly detail?: string | null }): ErrorResult {
  return { type, what, next, detail: detail ?? null };
}

function errorOfTrial(trial: TrialRecord): ErrorResult {
  if (trial.problem !== null) return asError(trial.problem);
  return {
    type: trial.outcome === 'commandNotFound' ? 'CommandNotFound' : 'TrialsLost',
    what: `${trial.scenarioName}, trial ${trial.trial}: ${reasonOf(trial)}`,
    next: trial.outcome === 'commandNotFound' ? nextOf(trial) : NEXT.lost,
    detail: trial.logTail,
  };
}

function nextOf({ hint }: TrialRecord): string {
  return hint?.kind === 'missingPytest' ? WITHOUT_PYTEST : NEXT.commandNotFound;
}

const NEXT = {
  commandNotFound: "Put the command into the test image, or correct it in the scenario's `command`.",
  lost: 'Check what stopped the engine or the worker (`paceline doctor`), and start the run again.',
};
