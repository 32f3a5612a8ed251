/** The order in which pytest collected the tests of a trial, which is what xdist's schedulers go by. */
import type { PytestConfiguration } from '../../model/profile/pytest-profile.ts';
import type { TestTable } from '../../model/profile/test-table.ts';

/**
 * Without workers the tests ran in this order. With them each worker took runs of it: the first of each are known by the scheduler's
 * first distribution, the others came about when they started, and a file's tests are together.
 * @returns indexes into the table
 */
export function collectionOrder(table: TestTable, { workers, distribution }: Recorded): number[] {
  const started = table.file.map((_, test) => test);
  if (workers === 0) return started;
  const first = firstRuns(table, { workers, distribution });
  const files = table.files.map((path) => path.split('/'));
  return started.toSorted(
    (a, b) =>
      byPath(files[table.file[a]!]!, files[table.file[b]!]!) ||
      (first.get(a) ?? Number.POSITIVE_INFINITY) - (first.get(b) ?? Number.POSITIVE_INFINITY) ||
      a - b,
  );
}

type Recorded = Pick<PytestConfiguration, 'workers' | 'distribution'>;

/** Places in the collection of the tests that were handed out before any had run. */
function firstRuns({ worker, workers }: TestTable, recorded: Recorded): Map<number, number> {
  const places = new Map<number, number>();
  const share = firstShare(worker.length, recorded);
  for (const [index, name] of workers.entries()) {
    const number = Number(/^gw(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) continue;
    const ran = worker.flatMap((each, test) => (each === index ? [test] : []));
    for (const [place, test] of ran.slice(0, share).entries()) places.set(test, number * share + place);
  }
  return places;
}

/** As `load` and `worksteal` begin; the others hand out whole files and classes. */
function firstShare(tests: number, { workers, distribution }: Recorded): number {
  if (distribution === 'worksteal') return Math.floor(tests / workers);
  return distribution === 'load' ? Math.max(2, Math.floor(Math.floor(tests / workers) / 4)) : 0;
}

/** pytest sorts the entries of each folder by name. */
function byPath(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (part !== other) return part < other ? -1 : 1;
  }
  return a.length - b.length;
}
