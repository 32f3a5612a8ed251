import { lacksPytest, WITHOUT_PYTEST } from '../../plan/own-command.ts';
import { type Audit, failedTrials, scenarioNames } from './audit.ts';

export const missingPytest: Audit = {
  id: 'missing-pytest',
  audit: (context) => {
    const trials = failedTrials(context).filter(({ tests, logTail }) => tests === null && lacksPytest(logTail ?? ''));
    if (trials.length === 0) return [];
    const line = trials[0]?.logTail?.split('\n').find(lacksPytest)?.trim() ?? '';
    return [
      {
        message: `The test image has no pytest, so no test ran in ${scenarioNames(trials)}. ${WITHOUT_PYTEST}`,
        evidence: [line],
        savedSeconds: null,
      },
    ];
  },
};
