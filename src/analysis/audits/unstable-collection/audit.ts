import { type Audit, failedWith, scenarioNames } from '../audit.ts';

/** xdist runs nothing when its workers do not collect the same tests in the same order: a run that breaks off early and looks fast. */
export const unstableCollection: Audit = {
  id: 'unstable-collection',
  title: 'Workers collect different tests',
  ok: 'The workers of each trial collected the same tests.',
  requires: ['trials'],
  audit: (context) => {
    const affected = failedWith(context, 'differentTestsCollected');
    if (affected.length === 0) return [];
    const names = scenarioNames(affected.map(({ trial }) => trial));
    return [
      {
        kind: 'problem',
        message:
          `Make pytest collect the same tests in every process, in one order; until then ${names} cannot run in parallel. ` +
          'Parameters that come from a set, from random values or from the time differ between workers: sort them, or fix them.',
        evidence: affected.map(
          ({ trial, hint }) =>
            `${trial.scenarioName}, trial ${trial.trial}: different tests were collected between the workers ${hint.workers.join(' and ')}`,
        ),
      },
    ];
  },
};
