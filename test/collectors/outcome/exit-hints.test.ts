import { describe, expect, test } from 'vitest';
import { hintIn, timeoutHintIn } from '../../../src/collectors/outcome/exit-hints.ts';
import { hintWords, type OutputHint } from '../../../src/model/output-hint.ts';

const HINTS: readonly (readonly [string, OutputHint, string])[] = [
  [
    `INTERNALERROR> Traceback (most recent call last):
INTERNALERROR>   File "/usr/lib/python3/site-packages/xdist/dsession.py", line 138, in pytest_runtestloop
INTERNALERROR>     self.loop_once()
INTERNALERROR>   File "/usr/lib/python3/site-packages/xdist/scheduler/worksteal.py", line 195, in remove_pending_tests_from_node
INTERNALERROR>     assert node is self.steal_requested_from_node
INTERNALERROR>            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
INTERNALERROR> AssertionError`,
    { kind: 'schedulerCrashed', distribution: 'worksteal', error: 'AssertionError' },
    "pytest-xdist's own scheduler for --dist worksteal crashed: AssertionError",
  ],
  [
    `INTERNALERROR>   File "/usr/lib/python3/site-packages/xdist/dsession.py", line 220, in worker_workerfinished
INTERNALERROR>     assert not crashitem, (crashitem, node)
INTERNALERROR> AssertionError: ('tests/test_a.py::test_x', <WorkerController gw1>)`,
    {
      kind: 'schedulerCrashed',
      distribution: null,
      error: "AssertionError: ('tests/test_a.py::test_x', <WorkerController gw1>)",
    },
    "pytest-xdist's own scheduler crashed: AssertionError: ('tests/test_a.py::test_x', <WorkerController gw1>)",
  ],
  [
    `INTERNALERROR>   File "/usr/lib/python3/site-packages/xdist/dsession.py", line 230, in worker_internal_error
INTERNALERROR>     assert False, formatted_error
INTERNALERROR> AssertionError: Traceback (most recent call last):`,
    { kind: 'internalError', error: 'AssertionError: Traceback (most recent call last):' },
    'AssertionError: Traceback (most recent call last):',
  ],
  [
    'x86: exec format error',
    { kind: 'wrongFormat' },
    'a program could not be run (exec format error): its image is for another CPU architecture than this machine, or it is a script without a `#!` line',
  ],
  [
    '__main__.py: error: unrecognized arguments: -n2 --cov=. --reruns 3',
    {
      kind: 'unrecognizedArguments',
      arguments: '-n2 --cov=. --reruns 3',
      plugins: ['pytest-xdist', 'pytest-cov', 'pytest-rerunfailures'],
    },
    'unrecognized arguments: -n2 --cov=. --reruns 3 (pytest-xdist and pytest-cov and pytest-rerunfailures are not installed in the image)',
  ],
  [
    'error: unrecognized arguments: --snapshot-update',
    { kind: 'unrecognizedArguments', arguments: '--snapshot-update', plugins: [] },
    'unrecognized arguments: --snapshot-update',
  ],
  [
    "'slow' not found in `markers` configuration option",
    { kind: 'unregisteredMarker', marker: 'slow' },
    'the marker `slow` is not registered, and `--strict-markers` makes that an error',
  ],
  [
    "Unknown marker(s) in '-m' expression: slow, fast.",
    { kind: 'unknownMarkers', markers: ['slow', 'fast'] },
    '`-m` names markers that are not registered: slow, fast',
  ],
  [
    'Different tests were collected between gw1 and gw0. The difference is:',
    { kind: 'differentTestsCollected', workers: ['gw1', 'gw0'] },
    'different tests were collected between the workers gw1 and gw0, so this suite cannot run in parallel',
  ],
  [
    'FAIL Required test coverage of 90% not reached. Total coverage: 71.20%',
    { kind: 'coverageThreshold', requiredPercent: '90', reachedPercent: '71.20' },
    'the coverage is 71.20 %, below the required 90 %',
  ],
  [
    'ERROR: Coverage failure: total of 71 is less than fail-under=90.',
    { kind: 'coverageThreshold', requiredPercent: '90', reachedPercent: '71' },
    'the coverage is 71 %, below the required 90 %',
  ],
  [
    'sh: 1: pytest: not found',
    { kind: 'missingPytest', line: 'sh: 1: pytest: not found' },
    'the Python module `pytest` is missing in the image',
  ],
  [
    '/usr/bin/python: No module named pytest',
    { kind: 'missingPytest', line: '/usr/bin/python: No module named pytest' },
    'the Python module `pytest` is missing in the image',
  ],
  [
    "ModuleNotFoundError: No module named 'pytest_cov'",
    { kind: 'missingModule', module: 'pytest_cov' },
    'the Python module `pytest_cov` is missing in the image',
  ],
  [
    "PermissionError: [Errno 13] Permission denied: '/app/.coverage'",
    {
      kind: 'permissionDenied',
      target: "'/app/.coverage'",
      error: "[Errno 13] Permission denied: '/app/.coverage'",
    },
    "permission denied for '/app/.coverage'",
  ],
  [
    "Couldn't use data file '/app/.coverage': unable to open database file",
    { kind: 'coverageNotWritable', file: '/app/.coverage' },
    'coverage cannot write /app/.coverage: the user who runs the tests may not write there',
  ],
  [
    "worker 'gw0' crashed while running 'tests/test_a.py::test_a'",
    { kind: 'workerCrashed', test: 'tests/test_a.py::test_a', worker: 'gw0' },
    '`tests/test_a.py::test_a` crashed its worker gw0',
  ],
  [
    "ImportError while loading conftest '/app/conftest.py'.",
    { kind: 'conftestFailed', file: '/app/conftest.py', error: null },
    '/app/conftest.py could not be imported',
  ],
  ['2 errors during collection', { kind: 'collectionErrors', files: 2 }, '2 files could not be collected'],
  [
    'ERROR: file or directory not found: tests/none',
    { kind: 'noSuchPath', path: 'tests/none' },
    'there is no tests/none',
  ],
  ['INTERNALERROR> RuntimeError: no.', { kind: 'internalError', error: 'RuntimeError: no.' }, 'RuntimeError: no'],
  [
    'pytest: error: argument -n: expected one argument',
    { kind: 'usageError', error: 'argument -n: expected one argument' },
    'argument -n: expected one argument',
  ],
  ['ERROR: something else', { kind: 'otherError', error: 'something else' }, 'something else'],
];

describe('a hint in the output', () => {
  test.each(HINTS)('"%s"', (output, hint, words) => {
    expect(hintIn(`collected\n\u001b[31m${output}\u001b[0m\n1 failed`)).toEqual(hint);
    expect(hintWords(hint)).toBe(words);
  });

  test('is null where nothing is recognised', () => {
    expect(hintIn('FAILED tests/test_a.py::test_a - assert 1 == 2\n1 failed in 0.1s')).toBeNull();
  });

  test('names the cause before what follows from it', () => {
    expect(hintIn('ERROR: no tests ran\npytest: error: unrecognized arguments: -n 2')?.kind).toBe(
      'unrecognizedArguments',
    );
  });
});

test('the timeout of a test has its seconds', () => {
  const hint = timeoutHintIn('FAILED a.py::b - Failed: Timeout >1.50s');
  expect(hint).toEqual({ kind: 'testTimeout', test: 'a.py::b', seconds: 1.5 });
  expect(hintWords(hint!)).toBe('`a.py::b` did not end within its timeout of 1.5 s (pytest-timeout, signal method)');
});
