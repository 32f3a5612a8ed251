import { describe, expect, test } from 'vitest';
import { type ExitFacts, judgeExit } from '../../src/collectors/exit.ts';

const RAN: ExitFacts = {
  exitCode: 0,
  oomKilled: false,
  tests: { passed: 10, failed: 0, skipped: 1, errors: 0 },
  timedOut: false,
  engineError: null,
};
const NOTHING = { passed: 0, failed: 0, skipped: 0, errors: 0 };

const CASES: readonly (readonly [string, Partial<ExitFacts>, string, string | null])[] = [
  ['0, all passed', {}, 'passed', null],
  ['0, without a report', { tests: null }, 'passed', null],
  [
    '0, although tests failed',
    { tests: { ...NOTHING, passed: 2, failed: 1 } },
    'testsFailed',
    '1 of 3 tests failed, although the command ended with exit code 0.',
  ],
  [
    '0, although nothing ran',
    { tests: NOTHING },
    'noTests',
    'No test ran, although the command ended with exit code 0.',
  ],
  [
    '1, tests failed',
    { exitCode: 1, tests: { ...NOTHING, passed: 8, failed: 2 } },
    'testsFailed',
    '2 of 10 tests failed.',
  ],
  [
    '1, errors',
    { exitCode: 1, tests: { ...NOTHING, passed: 8, errors: 1 } },
    'testsFailed',
    'There was 1 error outside of the tests themselves.',
  ],
  [
    '1, both',
    { exitCode: 1, tests: { passed: 7, failed: 1, skipped: 0, errors: 2 } },
    'testsFailed',
    '1 of 10 tests failed, and there were 2 errors outside of the tests themselves.',
  ],
  ['1, without a report', { exitCode: 1, tests: null }, 'testsFailed', 'The test command ended with exit code 1.'],
  [
    '1, coverage too low',
    { exitCode: 1, outputTail: 'FAIL Required test coverage of 90% not reached. Total coverage: 71.43%\n' },
    'testsBroken',
    'Every test passed, yet the command ended with exit code 1: the coverage is 71.43 %, below the required 90 %.',
  ],
  [
    '1, collected differently',
    {
      exitCode: 1,
      tests: { ...NOTHING, errors: 1 },
      outputTail: 'Different tests were collected between gw0 and gw1. The difference is:\n--- gw0',
    },
    'testsBroken',
    'The test run broke off (exit code 1): different tests were collected between the workers gw0 and gw1, so this suite cannot run in parallel.',
  ],
  [
    '1, unregistered marker under xdist: only errors',
    {
      exitCode: 1,
      tests: { ...NOTHING, errors: 2 },
      outputTail:
        "ERROR test_a.py - Failed: 'slow' not found in `markers` configuration option\n=== 2 errors in 0.48s ===",
    },
    'testsBroken',
    'No test ran, for 2 errors: the marker `slow` is not registered, and `--strict-markers` makes that an error.',
  ],
  [
    '1, a file that cannot be imported under xdist',
    {
      exitCode: 1,
      tests: { ...NOTHING, passed: 3, errors: 1 },
      outputTail: "E   ModuleNotFoundError: No module named 'nope'\n",
    },
    'testsFailed',
    'There was 1 error outside of the tests themselves: the Python module `nope` is missing in the image.',
  ],
  [
    '3, coverage that cannot write into a mounted source',
    {
      exitCode: 3,
      tests: null,
      outputTail:
        "INTERNALERROR> coverage.exceptions.DataError: Couldn't use data file '/app/.coverage.1.pid1': unable to open database file\n",
    },
    'testsBroken',
    'pytest broke with an internal error (exit code 3), so not every test ran: coverage cannot write /app/.coverage.1.pid1: the user who runs the tests may not write there.',
  ],
  [
    '4, an option with a bad value',
    {
      exitCode: 4,
      tests: null,
      outputTail:
        'ERROR: usage: python -m pytest [options]\npython -m pytest: error: argument --maxfail: invalid int value: x\n  inifile: None\n',
    },
    'testsBroken',
    'pytest could not begin (exit code 4): argument --maxfail: invalid int value: x.',
  ],
  [
    '4, a path that is not there',
    {
      exitCode: 4,
      tests: NOTHING,
      outputTail: '=== no tests ran in 0.00s ===\nERROR: file or directory not found: nofile\n',
    },
    'testsBroken',
    'pytest could not begin (exit code 4): there is no nofile.',
  ],
  [
    '4, a conftest that breaks',
    {
      exitCode: 4,
      tests: null,
      outputTail:
        "ImportError while loading conftest '/app/conftest.py'.\nconftest.py:1: in <module>\nE   RuntimeError: x",
    },
    'testsBroken',
    'pytest could not begin (exit code 4): /app/conftest.py could not be imported.',
  ],
  [
    '2, errors during collection',
    { exitCode: 2, outputTail: '!!!!! Interrupted: 3 errors during collection !!!!!' },
    'testsBroken',
    'The test run was interrupted (exit code 2): 3 files could not be collected.',
  ],
  [
    '3, unregistered marker under xdist',
    {
      exitCode: 3,
      tests: null,
      outputTail: "INTERNALERROR> Failed: 'slow' not found in `markers` configuration option\nINTERNALERROR> x",
    },
    'testsBroken',
    'pytest broke with an internal error (exit code 3), so not every test ran: the marker `slow` is not registered, and `--strict-markers` makes that an error.',
  ],
  [
    '4, xdist missing',
    {
      exitCode: 4,
      tests: null,
      outputTail: 'usage: __main__.py [options]\n__main__.py: error: unrecognized arguments: -n --cov=.\n',
    },
    'testsBroken',
    'pytest could not begin (exit code 4): unrecognized arguments: -n --cov=. (pytest-xdist and pytest-cov are not installed in the image).',
  ],
  [
    '5',
    { exitCode: 5, tests: NOTHING, outputTail: '=== 12 deselected in 0.1s ===' },
    'noTests',
    'No tests were collected (exit code 5): all 12 were deselected.',
  ],
  [
    '5 of something else',
    { exitCode: 5, tests: { ...NOTHING, passed: 1, failed: 1 } },
    'testsFailed',
    '1 of 2 tests failed (exit code 5).',
  ],
  ['42', { exitCode: 42, tests: null }, 'testsBroken', 'The test command ended with exit code 42.'],
  [
    '126',
    { exitCode: 126, tests: null, outputTail: 'sh: 1: ./t: Permission denied' },
    'commandNotFound',
    'The test command cannot be executed (exit code 126: sh: 1: ./t: Permission denied).',
  ],
  ['127', { exitCode: 127, tests: null }, 'commandNotFound', 'The test command was not found (exit code 127).'],
  [
    'an engine that does not find the command',
    { exitCode: 127, tests: null, engineError: 'exec: "nope": executable file not found in $PATH: unknown' },
    'commandNotFound',
    'The test command cannot be run: exec: "nope": executable file not found in $PATH: unknown.',
  ],
  [
    'an engine that cannot start it',
    { exitCode: null, tests: null, engineError: 'network x not found' },
    'infrastructure',
    'The engine could not start the test container: network x not found.',
  ],
  ['no exit code', { exitCode: null, tests: null }, 'infrastructure', 'The test container never came to run.'],
  [
    '137 for memory',
    { exitCode: 137, oomKilled: true, tests: null },
    'outOfMemory',
    'The tests were killed because they ran out of memory.',
  ],
  [
    '1 after a worker was killed for memory',
    { exitCode: 1, oomKilled: true },
    'outOfMemory',
    'A process of the tests was killed because it ran out of memory; the command then ended with exit code 1.',
  ],
  [
    '137',
    { exitCode: 137, tests: null },
    'killed',
    'The tests were killed by SIGKILL (exit code 137); the engine does not report that memory ran out.',
  ],
  [
    '143',
    { exitCode: 143, tests: null },
    'killed',
    'The tests were killed by SIGTERM (exit code 143); the engine does not report that memory ran out.',
  ],
  ['139', { exitCode: 139, tests: null }, 'killed', 'The tests crashed with SIGSEGV (exit code 139).'],
  [
    '137 at the time limit',
    { exitCode: 137, timedOut: true, tests: null },
    'timedOut',
    'The tests did not end within their time limit and were stopped.',
  ],
];

describe('exit code', () => {
  test.each(CASES)('%s', (_, facts, outcome, reason) => {
    expect(judgeExit({ ...RAN, ...facts })).toEqual({ outcome, reason });
  });

  test('every outcome but `passed` has a reason of one sentence', () => {
    for (let exitCode = 0; exitCode < 256; exitCode += 1) {
      for (const oomKilled of [false, true]) {
        const { outcome, reason } = judgeExit({ ...RAN, exitCode, oomKilled, tests: null });
        expect(reason ?? 'none').toMatch(outcome === 'passed' ? /^none$/ : /^\S.*\.$/);
      }
    }
  });
});
