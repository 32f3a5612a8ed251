import { describe, expect, test } from 'vitest';
import { leavesReport } from '../../../src/collectors/pytest/by-words.ts';

const env = ['PYTEST_ADDOPTS=-q --junitxml=/paceline-results/junit.xml'];

describe('a command leaves a report that', () => {
  test.each([
    [['pytest']],
    [['/venv/bin/pytest', '-q', 'tests']],
    [['python', '-m', 'pytest', '-v']],
    [['/usr/bin/python3.11', '-I', '-X', 'utf8', '-W', 'error', '-m', 'pytest']],
    [['timeout', '-s', 'KILL', '5', 'pytest']],
    [['env', 'A=b', 'python', '-m', 'pytest']],
    [['uv', 'run', 'pytest']],
    [['sh', '-c', 'PYTHONPATH=src python -m pytest -v']],
    [['sh', '-c', 'pytest -x || true']],
    [['bash', '-lc', 'cd /app && export A=1; timeout 5 pytest; exit 0']],
  ])('%j', (argv) => {
    expect(leavesReport({ argv, env })).toBe(true);
  });
});

describe('nothing is expected of a command that', () => {
  test.each([
    ['runs something else', ['python', 'run_tests.py']],
    ['names pytest only', ['echo', 'pytest']],
    ['runs a script', ['./run-tests.sh', 'pytest']],
    ['may not come to its pytest', ['sh', '-c', '[ -d tests ] && pytest']],
    ['runs it in another case alone', ['sh', '-c', './unit || pytest']],
    ['writes a report of its own', ['pytest', '--junitxml=report.xml']],
    ['has no reports', ['pytest', '-p', 'no:junitxml']],
    ['sets options of its own', ['sh', '-c', 'PYTEST_ADDOPTS= pytest']],
    ['empties the environment', ['env', '-i', 'pytest']],
    ['becomes another user', ['sh', '-c', 'sudo -u app pytest']],
    ['shows a version', ['pytest', '--version']],
    ['runs tests of another kind', ['python', '-m', 'unittest']],
  ])('%s', (_, argv) => {
    expect(leavesReport({ argv, env })).toBe(false);
  });

  test('was not asked for one', () => {
    expect(leavesReport({ argv: ['pytest'], env: [] })).toBe(false);
    expect(leavesReport({ argv: ['pytest'], env: ['PYTEST_ADDOPTS=--junitxml=own.xml'] })).toBe(false);
  });
});
