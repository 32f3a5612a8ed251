import { type Audit, failedTrials, outputOf, scenarioNames } from './audit.ts';

const MESSAGE = /[Dd]ifferent tests were collected between (?:the workers )?\S+ and [^\s.,]+/;

/** xdist runs nothing when its workers do not collect the same tests in the same order: a run that breaks off early and looks fast. */
export const unstableCollection: Audit = {
  id: 'unstable-collection',
  audit: (context) => {
    const affected = failedTrials(context).flatMap((trial) => {
      const line = MESSAGE.exec(outputOf(trial))?.[0];
      return line === undefined ? [] : [{ trial, line }];
    });
    if (affected.length === 0) return [];
    const names = scenarioNames(affected.map(({ trial }) => trial));
    return [
      {
        message:
          `Make pytest collect the same tests in every process, in one order; until then ${names} cannot run in parallel. ` +
          'Parameters that come from a set, from random values or from the time differ between workers: sort them, or fix them.',
        evidence: affected.map(({ trial, line }) => `${trial.scenarioName}, trial ${trial.trial}: ${line}`),
        savedSeconds: null,
      },
    ];
  },
};
