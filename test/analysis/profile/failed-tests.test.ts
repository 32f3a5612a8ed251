import { expect, test } from 'vitest';
import { failedTestsOf } from '../../../src/analysis/profile/failed-tests.ts';
import { badTrialOf, factsOf, planOf, scenarioOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

const FULL = scenarioOf('Full', 'python -m pytest', 60, true);

const OUTPUT = `
=================================== FAILURES ===================================
\u001b[31m\u001b[1m__________________________ TestCart.test_total[2 items] __________________________\u001b[0m

    def test_total(self):
>       assert total() == 3
E       assert 2 == 3
E        +  where 2 = total()

tests/test_cart.py:9: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestCart::test_total[2 items] - assert 2 == 3
FAILED tests/test_login.py::test_password - KeyError: 'user'
ERROR tests/test_login.py::test_session
========================= 2 failed, 11 passed, 1 error in 0.12s ========================
`;

function failed({ logTail, seen = null }: { readonly logTail: string; readonly seen?: readonly string[] | null }) {
  const red = badTrialOf(FULL, 'testsFailed', 'Red.', {
    logTail,
    tests: { passed: 11, failed: 2, skipped: 0, errors: 1 },
    profile: seen === null ? null : profileOf({ failedTests: seen }),
  });
  return failedTestsOf(factsOf({ plan: planOf({ scenarios: [FULL] }), trials: [red] }));
}

test('names the tests of the output, each with its E line or what the summary says', () => {
  expect(failed({ logTail: OUTPUT })).toEqual([
    {
      scenario: 'Full',
      trial: 1,
      total: 3,
      tests: [
        { id: 'tests/test_cart.py::TestCart::test_total[2 items]', message: 'assert 2 == 3' },
        { id: 'tests/test_login.py::test_password', message: "KeyError: 'user'" },
        { id: 'tests/test_login.py::test_session', message: null },
      ],
    },
  ]);
});

test('takes the names from the probe where it saw them, and five at most', () => {
  const seen = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `tests/t.py::test_${name}`);
  const [scenario] = failed({ logTail: 'FAILED tests/t.py::test_b - boom', seen });
  expect(scenario).toMatchObject({ total: 6 });
  expect(scenario?.tests).toHaveLength(5);
  expect(scenario?.tests[1]).toEqual({ id: 'tests/t.py::test_b', message: 'boom' });
});

test('says nothing where no test is known by name', () => {
  expect(failed({ logTail: '1 failed' })).toEqual([]);
});
