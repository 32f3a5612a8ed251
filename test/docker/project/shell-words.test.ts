import { describe, expect, test } from 'vitest';
import {
  argumentUse,
  isShellScript,
  scriptFile,
  shellCall,
  usesArguments,
} from '../../../src/docker/project/shell-words.ts';

describe('a shell within an ENTRYPOINT', () => {
  test.each([
    [['sh', '-c', 'a', 'b'], { before: [], reads: 'string', script: 'a', operands: ['b'] }],
    [['tini', '--', '/bin/bash', '-eo', 'pipefail', '-c'], { before: ['tini', '--'], reads: 'string', script: null }],
    [['bash', '--rcfile', '/rc', '-e', '/run.sh', 'x'], { reads: 'file', script: '/run.sh', operands: ['x'] }],
    [['bash', '--posix', '-lc', '--', 'a'], { reads: 'string', script: 'a', operands: [] }],
    [['bash', '+o', 'posix', '-x'], { reads: 'file', script: null }],
  ])('%j', (words, call) => {
    expect(shellCall(words)).toMatchObject(call);
  });

  test.each([[['pytest']], [['/entrypoint.sh']], [['bash', '-c', '-o']], [['finish', '-c']]])(
    'is none in %j',
    (words) => {
      expect(shellCall(words)).toBeNull();
    },
  );
});

describe("a script's arguments", () => {
  test.each([
    ['pytest -v', 'none'],
    ['echo "$0" $$ $HOME', 'none'],
    ['# exec "$@"\npytest', 'none'],
    ['exec "$@"', 'behind'],
    ['if [ -n "$A" ]; then exec gosu app "$@"; else exec "${@:-pytest}"; fi', 'behind'],
    ['"$0" "$@"', 'withName'],
    ['pytest "$0" "$@"', 'withName'],
    ['exec ${0} $*', 'withName'],
    ['cd /app && eval "$*"', 'readAgain'],
    ['exec bash -lc "$*"', 'readAgain'],
    ['case "$1" in test) pytest;; esac', 'unclear'],
    ['. /lib.sh', 'unclear'],
    ['shift; pytest', 'unclear'],
  ])('%j: %s', (script, kind) => {
    expect(argumentUse(script).kind).toBe(kind);
    expect(usesArguments(script)).toBe(kind !== 'none');
  });

  test('stand behind the words of the last command that has them', () => {
    expect(argumentUse('echo "$@"; exec poetry run "$@"')).toEqual({ kind: 'behind', words: ['poetry', 'run'] });
  });
});

test.each([
  [['/entrypoint.sh'], '/entrypoint.sh'],
  [['tini', '-g', '--', './docker/start'], './docker/start'],
  [['/usr/bin/tini', '--', 'entrypoint.sh'], 'entrypoint.sh'],
  [['bash', '-e', 'start'], 'start'],
  [['/usr/bin/env', 'A=/b', 'run-it'], null],
  [['make'], null],
])('the script of %j is %j', (words, file) => {
  expect(scriptFile(words)).toBe(file);
});

test.each([
  ['#!/bin/sh\nx', true],
  ['#!/usr/bin/env -S bash -e\nx', true],
  ['#!/usr/bin/python3\nx', false],
  ['\u007fELF sh', false],
])('%j as a shell script: %j', (text, is) => {
  expect(isShellScript(text)).toBe(is);
});
