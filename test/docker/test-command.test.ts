import { describe, expect, test } from 'vitest';
import { testArguments } from '../../src/docker/test-command.ts';

const PYTEST = ['python', '-m', 'pytest', '-v', '-m', 'not slow'];

describe("a scenario's command past the ENTRYPOINT", () => {
  test.each([
    ['no ENTRYPOINT', null, PYTEST, PYTEST],
    ['an empty ENTRYPOINT', [], PYTEST, PYTEST],
    ['pytest', ['pytest'], PYTEST, ['-v', '-m', 'not slow']],
    ['pytest with options', ['/venv/bin/pytest', '-q'], ['pytest', '-x'], ['-x']],
    ['python -m pytest', ['python3', '-m', 'pytest'], PYTEST, ['-v', '-m', 'not slow']],
    ['a runner around pytest', ['uv', 'run', 'pytest'], PYTEST, ['-v', '-m', 'not slow']],
    ['a runner that only has pytest installed', ['uv', 'run', '--with', 'pytest'], PYTEST, PYTEST],
    ['pytest, and other arguments', ['pytest'], ['tests/unit', '-x'], ['tests/unit', '-x']],
    ['python', ['python'], PYTEST, PYTEST.slice(1)],
    ['python with options', ['tini', '--', 'python3.11', '-u'], ['pytest', '-x'], ['-m', 'pytest', '-x']],
    ['python, and a script', ['python'], ['run_tests.py'], ['run_tests.py']],
    ['python -m', ['python', '-m'], PYTEST, PYTEST.slice(2)],
    ['python -m, and a module', ['python', '-m'], ['pytest', '-x'], ['pytest', '-x']],
    ['a script that executes "$@"', ['/entrypoint.sh'], PYTEST, PYTEST],
    ['a runner', ['poetry', 'run'], PYTEST, PYTEST],
    ['sh -c', ['sh', '-c'], PYTEST, ["python -m pytest -v -m 'not slow'"]],
    ['bash -lc', ['/bin/bash', '-lc'], ['echo', "it's"], [`echo 'it'\\''s'`]],
    ['a script with $0 and $@', ['sh', '-c', 'exec "$0" "$@"'], PYTEST, PYTEST],
    ['a script with $@ and a name', ['sh', '-c', 'migrate && exec "$@"', '--'], PYTEST, PYTEST],
    ['a script with $@ and no name', ['sh', '-c', 'migrate && exec "$@"'], ['pytest'], ['sh', 'pytest']],
  ])('%s', (_, entrypoint, command, args) => {
    expect(testArguments({ entrypoint, command })).toMatchObject({ args, entrypoint: null });
  });

  test('replaces an ENTRYPOINT in shell form, which takes no arguments', () => {
    expect(testArguments({ entrypoint: ['/bin/sh', '-c', 'pytest -v'], command: PYTEST })).toEqual({
      args: PYTEST.slice(1),
      entrypoint: 'python',
      note: 'The ENTRYPOINT `pytest -v` takes no arguments (shell form), so the command replaces it.',
    });
  });

  test("leaves the service's own command to compose", () => {
    expect(testArguments({ entrypoint: ['pytest'], command: null })).toEqual({
      args: [],
      entrypoint: null,
      note: null,
    });
  });

  test('says what it left out', () => {
    expect(testArguments({ entrypoint: ['pytest'], command: PYTEST }).note).toBe(
      "The ENTRYPOINT is already `pytest`, so the command's arguments are given to it: -v -m not slow.",
    );
  });
});
