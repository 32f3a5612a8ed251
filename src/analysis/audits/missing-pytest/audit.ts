import { WITHOUT_PYTEST } from '../../../plan/own-command.ts';
import { type Audit, failedWith, scenarioNames } from '../audit.ts';

/** Python or the shell found no pytest, and no test was counted. */
export const missingPytest: Audit = {
  id: 'missing-pytest',
  title: 'pytest is missing in the test image',
  ok: 'Every trial that wanted pytest found it.',
  requires: ['trials'],
  audit: (context) => {
    const affected = failedWith(context, 'missingPytest').filter(({ trial }) => trial.tests === null);
    if (affected.length === 0) return [];
    return [
      {
        kind: 'problem',
        message: `The test image has no pytest, so no test ran in ${scenarioNames(affected.map(({ trial }) => trial))}. ${WITHOUT_PYTEST}`,
        evidence: [affected[0]!.hint.line],
      },
    ];
  },
};
