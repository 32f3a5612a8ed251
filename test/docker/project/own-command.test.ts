import { describe, expect, it, test } from 'vitest';
import { ownCommandOf } from '../../../src/docker/project/own-command.ts';

const image = (cmd: string[] | null, entrypoint: string[] | null = null) => ({ cmd, entrypoint });

describe('the command of the test service', () => {
  test.each<[string, Parameters<typeof ownCommandOf>, string[]]>([
    ['is the image’s CMD', [{}, image(['pytest'])], ['pytest']],
    ['is the service’s, in its place', [{ command: ['tox'] }, image(['pytest'])], ['tox']],
    ['comes after the ENTRYPOINT', [{}, image(['-q'], ['pytest'])], ['pytest', '-q']],
    ['loses the CMD with an ENTRYPOINT of the service', [{ entrypoint: ['pytest'] }, image(['x'], ['y'])], ['pytest']],
  ])('%s', (_, input, words) => {
    expect(ownCommandOf(...input)).toEqual({ kind: 'command', words });
  });

  it('may be none', () => {
    expect(ownCommandOf(undefined, image(null))).toEqual({ kind: 'none' });
    expect(ownCommandOf({ entrypoint: [] }, image(['python3'], ['/x']))).toEqual({ kind: 'none' });
    expect(ownCommandOf({}, null)).toEqual({ kind: 'none' });
  });

  test.each([
    [['python3']],
    [['/usr/local/bin/python3.12', '-i']],
    [['python', '-']],
    [['bash']],
    [['/bin/sh', '-l']],
    [['/bin/sh', '-c', 'python3']],
    [['/bin/sh', '-c', 'exec bash']],
    [['tini', '--', 'python3']],
    [['/usr/bin/env', 'python3']],
    [['node']],
    [['sleep', 'infinity']],
    [['tail', '-f', '/dev/null']],
    [['sh', '-c', 'tail -f /dev/null']],
    [['cat']],
    [['true']],
  ])('%j is given nothing to do', (words) => {
    expect(ownCommandOf({}, image(words)).kind).toBe('idle');
  });

  test.each([
    [['python', 'test_main.py']],
    [['python', '-m', 'unittest']],
    [['python', '-c', 'print(1)']],
    [['python', '-u', 'tests.py']],
    [['bash', '-c', 'pytest && echo done']],
    [['sh', '-c', 'sleep 5; pytest']],
    [['bash', '-euo', 'pipefail', 'run.sh']],
    [['bash', 'run.sh']],
    [['./run-tests.sh', 'bash']],
    [['tini', '--', 'pytest']],
    [['make', 'test']],
    [['node', '--test']],
    [['tail', '-f', 'log']],
  ])('%j may be tests', (words) => {
    expect(ownCommandOf({}, image(words)).kind).toBe('command');
  });
});
