import { hintWords } from '../../../model/output-hint.ts';
import { type Audit, failedWith, scenarioNames } from '../audit.ts';

/** Exit 1 with every test green: the coverage limit failed, and not a test. */
export const coverageThreshold: Audit = {
  id: 'coverage-threshold',
  title: 'The coverage limit fails a green suite',
  ok: 'No green suite failed because of its coverage limit.',
  requires: ['trials'],
  audit: (context) => {
    const affected = failedWith(context, 'coverageThreshold').filter(
      ({ trial: { tests, exitCode } }) =>
        exitCode === 1 && tests !== null && tests.passed > 0 && tests.failed + tests.errors === 0,
    );
    if (affected.length === 0) return [];
    const names = scenarioNames(affected.map(({ trial }) => trial));
    return [
      {
        kind: 'problem',
        message:
          `Every test of ${names} passed; the coverage limit made it fail. Raise the coverage, or switch the limit off ` +
          'in scenarios that run only a part of the tests (`--cov-fail-under=0`).',
        evidence: [`${names}: exit code 1; ${hintWords(affected[0]!.hint)}`],
      },
    ];
  },
};
