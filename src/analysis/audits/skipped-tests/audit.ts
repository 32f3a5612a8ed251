import { type Audit, testsOf } from '../audit.ts';
import { listOf } from '../../../format/list-of.ts';

/** pytest answers 0 when every test was skipped: green, fast, and nothing was tested. */
export const skippedTests: Audit = {
  id: 'skipped-tests',
  title: 'Every test was skipped',
  ok: 'No green scenario skipped all of its tests.',
  requires: ['trials'],
  audit: ({ scenarios }) => {
    const affected = scenarios.flatMap((scenario) => {
      const tests = testsOf(scenario);
      return tests !== null && tests.passed === 0 && tests.skipped > 0 ? [{ name: scenario.name, tests }] : [];
    });
    if (affected.length === 0) return [];
    return [
      {
        kind: 'problem',
        message: `${listOf(affected.map(({ name }) => name))} ran no test: all were skipped. Its time says nothing about the tests.`,
        evidence: affected.map(({ name, tests }) => `${name}: ${tests.skipped} skipped, 0 passed`),
      },
    ];
  },
};
