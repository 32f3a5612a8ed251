import { describe, expect, test } from 'vitest';
import { testArguments } from '../../../src/docker/project/test-command.ts';

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
    ['a shell with several options', ['/bin/bash', '-o', 'pipefail', '-c'], ['pytest', '-x'], ['pytest -x']],
    ['-euo pipefail -c', ['bash', '-euo', 'pipefail', '-c'], ['pytest', '-x'], ['pytest -x']],
    ['-ceo pipefail', ['bash', '-ceo', 'pipefail'], ['pytest', '-x'], ['pytest -x']],
    ['--login -c --', ['bash', '--login', '-c', '--'], ['pytest', '-x'], ['pytest -x']],
    ['-O extglob +x -c', ['bash', '-O', 'extglob', '+x', '-c'], ['pytest', '-x'], ['pytest -x']],
    ['a shell behind tini', ['tini', '--', 'bash', '-ec'], ['pytest', '-x'], ['pytest -x']],
    ['a shell behind env', ['env', 'A=b', 'sh', '-c'], ['pytest', '-x'], ['pytest -x']],
    ['su -c', ['su', 'app', '-s', '/bin/sh', '-c'], ['pytest', '-x'], ['pytest -x']],
    ['a string for the shell already', ['sh', '-c'], ['pytest -x && true'], ['pytest -x && true']],
    ['a shell and nothing else', ['/bin/bash', '-l'], ['pytest', '-x'], ['-c', 'pytest -x']],
    ["a shell and its own option's word", ['bash'], ['-c', 'pytest'], ['-c', 'pytest']],
    ['a shell and a script', ['bash'], ['run.sh', '-x'], ['run.sh', '-x']],
    [
      'several options and a script with $@',
      ['bash', '-eo', 'pipefail', '-c', 'exec "$@"', '--'],
      ['pytest', '-x'],
      ['pytest', '-x'],
    ],
    ['a script with $@ behind gosu', ['gosu', 'app', 'sh', '-c', 'exec $*'], ['pytest'], ['sh', 'pytest']],
    ['a script with "${@:-x}"', ['sh', '-c', 'exec "${@:-pytest}"', 'sh'], ['pytest', '-x'], ['pytest', '-x']],
    ['a script that runs pytest with $@', ['sh', '-c', 'exec pytest -v "$@"', '--'], PYTEST, ['-v', '-m', 'not slow']],
    ['a script that runs python -m', ['sh', '-c', '. /v && python -m "$@"', '--'], PYTEST, PYTEST.slice(2)],
    ['a script with $0 and $@ and pytest', ['sh', '-c', '"$0" "$@"', 'pytest'], ['pytest', '-x'], ['-x']],
    ['a script with $@ and pytest', ['sh', '-c', '"$@"', '--', 'pytest'], ['pytest', '-x'], ['-x']],
    ['pytest with $0 and $@', ['sh', '-c', 'exec pytest "$0" "$@"'], ['pytest', '-v', '-x'], ['-v', '-x']],
    ['a runner with $0 and $@', ['sh', '-c', 'poetry run $0 $@'], ['pytest', '-x'], ['pytest', '-x']],
    ['one word for env', ['/usr/bin/env', '-S', 'bash -ec'], ['pytest', '-x'], ['pytest -x']],
    ['one word for env behind an init', ['tini', '--', 'env', '-iS', 'A=b python -m pytest'], PYTEST, PYTEST.slice(3)],
    ['--split-string=', ['env', '--split-string=bash -c'], ['pytest', '-x'], ['pytest -x']],
    ['a script that names itself', ['sh', '-c', 'echo "$0"; exec "$@"'], ['pytest'], ['sh', 'pytest']],
    ['eval', ['bash', '-c', 'eval "$@"', '--'], ['pytest', '-m', 'not slow'], ["pytest -m 'not slow'"]],
    ['a shell within', ['sh', '-c', 'exec bash -lc "$*"'], ['pytest', '-x'], ['sh', 'pytest -x']],
    ['coverage run -m', ['coverage', 'run', '-m'], PYTEST, PYTEST.slice(2)],
    ['a script file', ['tini', '--', 'bash', '-e', '/entrypoint.sh'], PYTEST, PYTEST],
  ])('%s', (_, entrypoint, command, args) => {
    expect(testArguments({ entrypoint, command })).toMatchObject({ args, entrypoint: null });
  });

  test('replaces an ENTRYPOINT in shell form, which takes no arguments', () => {
    expect(testArguments({ entrypoint: ['/bin/sh', '-c', 'pytest -v'], command: PYTEST })).toEqual({
      args: PYTEST.slice(1),
      entrypoint: ['python'],
      note: 'The ENTRYPOINT `pytest -v` takes no arguments (shell form), so the command replaces it.',
      uncertain: false,
    });
  });

  test.each([
    ['with options of the shell', ['/bin/bash', '-o', 'pipefail', '-c', 'pytest -v'], ['python'], PYTEST.slice(1)],
    ['with -eux', ['bash', '-euxc', 'pytest -v'], ['python'], PYTEST.slice(1)],
    ['with -c before others', ['bash', '-c', '-e', 'pytest -v'], ['python'], PYTEST.slice(1)],
    ['behind tini, which stays', ['tini', '--', 'sh', '-c', 'pytest'], ['tini', '--'], PYTEST],
    ['behind another user, who stays', ['gosu', 'app', 'sh', '-c', 'pytest'], ['gosu', 'app'], PYTEST],
    ['behind variables, which stay', ['env', 'A=b', 'nice', 'sh', '-c', 'pytest'], ['env', 'A=b', 'nice'], PYTEST],
    [
      'of su, whose user stays',
      ['su', '-c', 'pytest', 'app'],
      ['su', '-c', "python -m pytest -v -m 'not slow'", 'app'],
      [],
    ],
    ['that names its own file alone', ['sh', '-c', 'echo $0; pytest'], ['python'], PYTEST.slice(1)],
  ])('replaces an ENTRYPOINT in shell form %s', (_, entrypoint, replacement, args) => {
    expect(testArguments({ entrypoint, command: PYTEST })).toMatchObject({ entrypoint: replacement, args });
  });

  test.each([
    ['a script file', ['/docker-entrypoint.sh']],
    ['a script file behind a shell', ['bash', '/docker-entrypoint.sh']],
    ['a program', ['make']],
    ['a script that looks at its arguments', ['sh', '-c', 'case "$1" in test) pytest;; esac', '--']],
    ['a script that gives them to a program', ['sh', '-c', 'exec run-it "$@"', '--']],
    ['a shell whose options are cut off', ['bash', '-c', '-o']],
  ])('is not certain behind %s', (_, entrypoint) => {
    expect(testArguments({ entrypoint, command: PYTEST }).uncertain).toBe(true);
  });

  test.each([
    ['none', null],
    ['pytest', ['pytest']],
    ['a shell', ['sh', '-c']],
    ['a script that executes them', ['sh', '-c', 'exec "$@"', '--']],
  ])('is certain with %s', (_, entrypoint) => {
    expect(testArguments({ entrypoint, command: PYTEST }).uncertain).toBe(false);
  });

  test("leaves the service's own command to compose", () => {
    expect(testArguments({ entrypoint: ['pytest'], command: null })).toEqual({
      args: [],
      entrypoint: null,
      note: null,
      uncertain: false,
    });
  });

  test("keeps the image's CMD out where the command is nothing but the ENTRYPOINT", () => {
    expect(testArguments({ entrypoint: ['python', '-m', 'pytest'], command: ['pytest'] })).toMatchObject({
      args: [],
      entrypoint: ['python', '-m', 'pytest'],
      uncertain: false,
    });
  });

  test('says what it left out', () => {
    expect(testArguments({ entrypoint: ['pytest'], command: PYTEST }).note).toBe(
      "The ENTRYPOINT is already `pytest`, so the command's arguments are given to it: -v -m not slow.",
    );
  });
});
