import { judgedTrials } from '../../trials/trials.ts';
import type { Audit } from '../audit.ts';

/** A command that tests run by where there is pytest; else it is the reader's to fill in. */
const PYTEST_COMMAND = 'python -m pytest -v';
const BLANK = 'YOUR TEST COMMAND';

/** The test service was to run its own command, and there was none to run: it was not even started. */
export const noTestCommand: Audit = {
  id: 'no-test-command',
  title: 'The test service has no command',
  ok: 'The test service has a command to run.',
  requires: ['trials'],
  audit: ({ facts, plan }) => {
    const own = plan.scenarios.filter(({ command }) => command === null).flatMap(({ id }) => judgedTrials(facts, id));
    if (!own.some(({ outcome, startedAt }) => outcome === 'noTests' && startedAt === null)) return [];
    const lacks = plan.leftOut?.scenarios.flatMap((scenario) => scenario.lacks) ?? [];
    const hasPytest = plan.leftOut !== undefined && !lacks.some(({ name }) => name === 'python' || name === 'pytest');
    const command = hasPytest ? PYTEST_COMMAND : BLANK;
    return [
      {
        kind: 'problem',
        message: 'Give the command of the tests in paceline.yml, or as `command:` of the service in the compose file.',
        evidence: [`scenarios: [{ name: "Tests", command: "${command}" }]`],
      },
    ];
  },
};
