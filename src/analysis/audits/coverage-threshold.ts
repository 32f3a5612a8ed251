import { type Audit, failedTrials, outputOf, scenarioNames } from './audit.ts';

/** As pytest-cov says it, in both its generations, and as the trial's reason does. */
const MESSAGE =
  /(?:Required test coverage of [\d.]+% not reached\.[^\n]*|Coverage failure: [^\n]*|the coverage is [\d.]+ %, below the required [\d.]+ %)/;

/** Exit 1 with every test green: it is the coverage limit that failed, and the tests are not to be looked at. */
export const coverageThreshold: Audit = {
  id: 'coverage-threshold',
  audit: (context) => {
    const affected = failedTrials(context).flatMap((trial) => {
      const line = MESSAGE.exec(outputOf(trial))?.[0];
      const isGreen = trial.tests !== null && trial.tests.passed > 0 && trial.tests.failed + trial.tests.errors === 0;
      return line !== undefined && isGreen && trial.exitCode === 1 ? [{ trial, line }] : [];
    });
    if (affected.length === 0) return [];
    const names = scenarioNames(affected.map(({ trial }) => trial));
    return [
      {
        message:
          `Every test of ${names} passed; the coverage limit made it fail. Raise the coverage, or switch the limit off ` +
          'in scenarios that run only a part of the tests (`--cov-fail-under=0`).',
        evidence: [`${names}: exit code 1; ${affected[0]!.line}`],
        savedSeconds: null,
      },
    ];
  },
};
