import { expect, test } from 'vitest';
import { type Workers, workersOf } from '../../src/plan/workers.ts';

const count = (count: number): Workers => ({ kind: 'count', count });
const auto = (most: number | null = null): Workers => ({ kind: 'auto', most });
const unknown: Workers = { kind: 'unknown' };

const COMMANDS: readonly (readonly [command: readonly string[] | null, workers: Workers])[] = [
  [['python', '-m', 'pytest', '-v'], count(1)],
  [['python', '-m', 'pytest', '-v', '-n', '2', '--cov=.'], count(2)],
  [['pytest', '-n4'], count(4)],
  [['pytest', '-n=4'], count(4)],
  [['pytest', '--numprocesses=3'], count(3)],
  [['pytest', '--numprocesses', '3'], count(3)],
  [['/venv/bin/pytest', '-n', '0'], count(1)],
  [['pytest', '-n', '2', '-n', '6'], count(6)],
  [['pytest', '-n', 'auto'], auto()],
  [['pytest', '-nauto', '--maxprocesses=4'], auto(4)],
  [['pytest', '--numprocesses=logical', '--maxprocesses', '4'], auto(4)],
  [['pytest', '-n'], count(1)],
  [['pytest', '--no-header', '--new-first'], count(1)],
  [['coverage', 'run', '-m', 'pytest'], count(1)],
  [['nice', '-n', '5', 'pytest'], count(1)],
  [['sh', '-c', 'alembic upgrade head && pytest -n 3'], count(3)],
  [['bash', '-c', "exec 'pytest' -n auto"], auto()],
  [['make', 'test'], unknown],
  [['./run-tests.sh', '-n', '4'], unknown],
  [['sh', '-c', 'tox -p'], unknown],
  [null, unknown],
];

test.each(COMMANDS)('%j asks for %j', (command, workers) => {
  expect(workersOf(command)).toEqual(workers);
});
