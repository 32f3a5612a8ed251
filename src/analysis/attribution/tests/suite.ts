/** The tests of one trial, from the table of all tests, or where an older version stored none, from the list of the slowest. */
import type { PytestProfile } from '../../../model/profile/pytest-profile.ts';
import type { TestTable } from '../../../model/profile/test-table.ts';

export interface Timed {
  /** As pytest writes it: `tests/test_a.py::TestShop::test_buy[2]`. */
  readonly id: string;
  readonly worker: string;
  /** Where it begins in its file, from 1; null if unknown. */
  readonly line: number | null;
  /** When it started; null if only the list of the slowest is known. */
  readonly at: number | null;
  readonly seconds: number;
  readonly setup: number;
  readonly call: number;
  readonly teardown: number;
  /** null: unknown. */
  readonly cpu: number | null;
  /** Names of the fixtures that it uses; null: unknown. */
  readonly fixtures: readonly string[] | null;
}

export interface Suite {
  readonly tests: ReadonlyMap<string, Timed>;
  /** false: tests that took at most `floor` are not among `tests`. */
  readonly complete: boolean;
  readonly floor: number;
}

export function suiteOf(pytest: PytestProfile): Suite {
  const tests = pytest.table === undefined ? listed(pytest) : tabled(pytest.table);
  const complete =
    pytest.table === undefined
      ? pytest.slowestTests.filter(({ outcome }) => outcome !== 'skipped').length >= pytest.testSet.count
      : pytest.table.leftOut === 0;
  const floor = complete || tests.length === 0 ? 0 : Math.min(...tests.map(({ seconds }) => seconds));
  return { tests: new Map(tests.map((test) => [test.id, test])), complete, floor };
}

function listed({ slowestTests }: PytestProfile): Timed[] {
  return slowestTests.map(({ id, worker, seconds, setup, call, teardown }) => ({
    id,
    worker,
    line: null,
    at: null,
    seconds,
    setup,
    call,
    teardown,
    cpu: null,
    fixtures: null,
  }));
}

function tabled(table: TestTable): Timed[] {
  return table.name.map((name, index) => ({
    id: `${table.files[table.file[index] ?? -1] ?? ''}::${name}`,
    worker: table.workers[table.worker[index] ?? -1] ?? 'main',
    line: table.line?.[index] ?? null,
    at: table.at[index] ?? null,
    seconds: table.seconds[index] ?? 0,
    setup: table.setup[index] ?? 0,
    call: table.call[index] ?? 0,
    teardown: table.teardown[index] ?? 0,
    cpu: table.cpu?.[index] ?? null,
    fixtures: table.uses?.[index]?.map((fixture) => table.fixtures[fixture]?.split('|')[0] ?? '') ?? null,
  }));
}

/** `tests/test_a.py` */
export function fileOf(id: string): string {
  return id.split('::')[0]!;
}

/** Without the parameters: `tests/test_a.py::test_buy`. */
export function functionOf(id: string): string {
  return id.replace(/\[.*\]$/s, '');
}
