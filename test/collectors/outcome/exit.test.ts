import { describe, expect, test } from 'vitest';
import { type ExitFacts, judgeExit } from '../../../src/collectors/outcome/exit.ts';
import type { StopCause, SuiteEnd, SuiteStop } from '../../../src/model/suite-end.ts';

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
    'Every test passed, but the command ended with exit code 1: the coverage is 71.43 %, below the required 90 %.',
  ],
  [
    '1, collected differently',
    {
      exitCode: 1,
      tests: { ...NOTHING, errors: 1 },
      outputTail: 'Different tests were collected between gw0 and gw1. The difference is:\n--- gw0',
    },
    'testsBroken',
    'The test run stopped early (exit code 1): different tests were collected between the workers gw0 and gw1, so this suite cannot run in parallel.',
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
    'pytest failed with an internal error (exit code 3), so not every test ran: coverage cannot write /app/.coverage.1.pid1: the user who runs the tests may not write there.',
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
    'pytest could not start (exit code 4): argument --maxfail: invalid int value: x.',
  ],
  [
    '4, a path that is not there',
    {
      exitCode: 4,
      tests: NOTHING,
      outputTail: '=== no tests ran in 0.00s ===\nERROR: file or directory not found: nofile\n',
    },
    'testsBroken',
    'pytest could not start (exit code 4): there is no nofile.',
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
    'pytest could not start (exit code 4): /app/conftest.py could not be imported.',
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
    'pytest failed with an internal error (exit code 3), so not every test ran: the marker `slow` is not registered, and `--strict-markers` makes that an error.',
  ],
  [
    '4, xdist missing',
    {
      exitCode: 4,
      tests: null,
      outputTail: 'usage: __main__.py [options]\n__main__.py: error: unrecognized arguments: -n --cov=.\n',
    },
    'testsBroken',
    'pytest could not start (exit code 4): unrecognized arguments: -n --cov=. (pytest-xdist and pytest-cov are not installed in the image).',
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
    'The test command cannot be run: there is no program `nope` in the image (executable file not found).',
  ],
  [
    'a runtime that names its own parts first',
    {
      exitCode: 126,
      tests: null,
      engineError:
        'failed to create task for container: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "./t.sh": permission denied: unknown',
    },
    'commandNotFound',
    'The test command cannot be run: `./t.sh`: permission denied.',
  ],
  [
    'an engine that cannot start it',
    { exitCode: null, tests: null, engineError: 'network x not found' },
    'infrastructure',
    'The engine could not start the test container: network x not found.',
  ],
  ['no exit code', { exitCode: null, tests: null }, 'infrastructure', 'The test container never started.'],
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

const WHOLE: SuiteEnd = { stop: null, crashes: [], workerErrors: [], lostWorkers: 0, internalError: null };
const PASSED = { ...NOTHING, passed: 5 };

function stoppedBy(cause: StopCause, change: Partial<SuiteStop> = {}): SuiteEnd {
  const stop = { cause, during: 'tests', test: 't.py::x', ended: 5, collected: 8, timeout: null, ...change } as const;
  return { ...WHOLE, stop };
}

const ENDED = stoppedBy({ kind: 'processEnded' });
const CRASHED: SuiteEnd = {
  ...WHOLE,
  crashes: [
    { test: 'a', worker: 'gw0', timeout: null },
    { test: 'b', worker: 'gw1', timeout: { seconds: 2, by: 'pytest-timeout' } },
  ],
};

const ENDS: readonly (readonly [string, Partial<ExitFacts>, string, string | null])[] = [
  ['0, all ran', { end: WHOLE }, 'passed', null],
  [
    '0, in the middle of a test',
    { tests: PASSED, end: ENDED },
    'testsBroken',
    'The suite stopped in `t.py::x` after 5 of 8 tests, with exit code 0.',
  ],
  [
    '1, in the middle of a test, after failures',
    { exitCode: 1, tests: { ...PASSED, passed: 3, failed: 2 }, end: ENDED },
    'testsBroken',
    'The suite stopped in `t.py::x` after 5 of 8 tests, with exit code 1; 2 of them failed.',
  ],
  [
    '0, between tests',
    { tests: PASSED, end: stoppedBy({ kind: 'processEnded' }, { test: null }) },
    'testsBroken',
    'The suite stopped after 5 of 8 tests, with exit code 0.',
  ],
  [
    '0, while it collected',
    { tests: null, end: stoppedBy({ kind: 'processEnded' }, { during: 'collection', test: null, ended: 0 }) },
    'testsBroken',
    'The suite stopped while pytest was collecting its tests, with exit code 0.',
  ],
  [
    '0 of a wrapper around a usage error',
    {
      tests: null,
      end: stoppedBy({ kind: 'processEnded' }, { during: 'start' }),
      outputTail: '__main__.py: error: unrecognized arguments: --bad\n',
    },
    'testsBroken',
    'pytest ended before its tests were collected, with exit code 0: unrecognized arguments: --bad.',
  ],
  [
    '4, a usage error',
    { exitCode: 4, tests: null, end: stoppedBy({ kind: 'processEnded' }, { during: 'start' }) },
    'testsBroken',
    'pytest could not start (exit code 4).',
  ],
  [
    '0 by pytest.exit()',
    { tests: PASSED, end: stoppedBy({ kind: 'exitCalled', message: 'no database.' }) },
    'testsBroken',
    'The suite stopped in `t.py::x` after 5 of 8 tests, with exit code 0: pytest.exit() was called ("no database.").',
  ],
  [
    '0 of a wrapper around an error inside pytest',
    { tests: PASSED, end: { ...stoppedBy({ kind: 'internalError' }, { test: null }), internalError: 'ValueError: x' } },
    'testsBroken',
    'The suite stopped after 5 of 8 tests, with exit code 0, for an error inside pytest: ValueError: x.',
  ],
  [
    '3, with the first of the errors inside pytest',
    {
      exitCode: 3,
      tests: NOTHING,
      end: { ...WHOLE, internalError: 'ValueError: x' },
      outputTail: 'INTERNALERROR> KeyError: y',
    },
    'testsBroken',
    'pytest failed with an internal error (exit code 3), so not every test ran: ValueError: x.',
  ],
  [
    '0 of a wrapper around Ctrl-C',
    { tests: PASSED, end: stoppedBy({ kind: 'interrupted', message: null }, { test: null }) },
    'testsBroken',
    'The suite stopped after 5 of 8 tests, with exit code 0.',
  ],
  [
    '1 at a limit, without a failure',
    {
      exitCode: 1,
      tests: PASSED,
      end: stoppedBy({ kind: 'limit', message: 'session-timeout: 1.0 sec exceeded' }, { test: null }),
    },
    'testsBroken',
    'The suite stopped after 5 of 8 tests, with exit code 1: session-timeout: 1.0 sec exceeded.',
  ],
  [
    '0 of a wrapper around the first failure',
    {
      tests: { ...PASSED, passed: 4, failed: 1 },
      end: stoppedBy({ kind: 'limit', message: 'stopping after 1 failures' }),
    },
    'testsFailed',
    '1 of 5 tests failed, although the command ended with exit code 0.',
  ],
  [
    '0 with fewer tests than were collected',
    { tests: PASSED, end: stoppedBy({ kind: 'unknown' }, { test: null }) },
    'testsBroken',
    'The suite stopped after 5 of 8 tests, with exit code 0.',
  ],
  [
    '1 at the time limit of a test',
    {
      exitCode: 1,
      tests: PASSED,
      end: stoppedBy({ kind: 'processEnded' }, { timeout: { seconds: 1, by: 'pytest-timeout' } }),
    },
    'testsBroken',
    '`t.py::x` did not end within its timeout of 1 s (pytest-timeout, thread method), which ended pytest after 5 of 8 tests (exit code 1).',
  ],
  [
    '1 at the time limit of a test, by a signal',
    {
      exitCode: 1,
      tests: { ...PASSED, failed: 1 },
      end: WHOLE,
      outputTail: 'FAILED t.py::x[a b] - Failed: Timeout (>1.0s) from pytest-time...\n',
    },
    'testsFailed',
    '1 of 6 tests failed: `t.py::x[a b]` did not end within its timeout of 1 s (pytest-timeout, signal method).',
  ],
  [
    '1 after workers crashed',
    { exitCode: 1, tests: { ...PASSED, errors: 2 }, end: CRASHED },
    'testsFailed',
    '`a` crashed its worker gw0, and `b` did not end within its timeout of 2 s (pytest-timeout, thread method), which ended its worker gw1. 2 of 7 tests failed.',
  ],
  [
    '0 of a wrapper around a worker that crashed for memory',
    { tests: { ...PASSED, errors: 1 }, oomKilled: true, end: { ...WHOLE, crashes: CRASHED.crashes.slice(0, 1) } },
    'outOfMemory',
    'A process of the tests was killed because it ran out of memory; the command then ended with exit code 0. `a` crashed its worker gw0.',
  ],
  [
    '1 after a worker crashed, without the probe',
    {
      exitCode: 1,
      tests: { ...PASSED, errors: 1 },
      outputTail: "worker 'gw1' crashed while running 't.py::x'\n",
    },
    'testsFailed',
    'There was 1 error outside of the tests themselves: `t.py::x` crashed its worker gw1.',
  ],
  [
    '5, workers that could not begin',
    { exitCode: 5, tests: NOTHING, end: { ...WHOLE, workerErrors: ['RuntimeError: x (from /app/conftest.py)'] } },
    'testsBroken',
    'The workers of pytest-xdist could not start: RuntimeError: x (from /app/conftest.py) (exit code 5).',
  ],
  [
    '5, workers that ended',
    { exitCode: 5, tests: NOTHING, end: { ...WHOLE, lostWorkers: 2 } },
    'testsBroken',
    '2 workers of pytest-xdist ended before any test ran (exit code 5).',
  ],
  [
    '0 for memory, behind a wrapper',
    { oomKilled: true, end: ENDED },
    'outOfMemory',
    'A process of the tests was killed because it ran out of memory; the command then ended with exit code 0.',
  ],
  [
    '0 with a process that was killed for memory, although the tests passed',
    { oomKilled: true, end: WHOLE },
    'passed',
    null,
  ],
  [
    '137 in the middle of a test',
    { exitCode: 137, tests: PASSED, end: ENDED },
    'killed',
    'The tests were killed by SIGKILL (exit code 137); the engine does not report that memory ran out.',
  ],
  [
    '0 of a pytest that left no report',
    { tests: null, end: null, reportMissing: true },
    'testsBroken',
    'The command ended with exit code 0, but its pytest left no report of its tests, so it did not end normally.',
  ],
];

describe('the end of a suite', () => {
  test.each(ENDS)('%s', (_, facts, outcome, reason) => {
    expect(judgeExit({ ...RAN, ...facts })).toMatchObject({ outcome, reason });
  });
});

describe('exit code', () => {
  test.each(CASES)('%s', (_, facts, outcome, reason) => {
    expect(judgeExit({ ...RAN, ...facts })).toMatchObject({ outcome, reason });
  });

  test('goes with what the output says, as a kind', () => {
    const outputTail = 'error: unrecognized arguments: -n 2';
    const failed = judgeExit({ ...RAN, exitCode: 4, tests: null, outputTail });
    expect(failed.hint).toEqual({ kind: 'unrecognizedArguments', arguments: '-n 2', plugins: ['pytest-xdist'] });
    expect(judgeExit({ ...RAN, exitCode: 0, outputTail }).hint).toBeNull();
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
