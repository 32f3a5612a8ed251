/** A suite of tests as the simulation needs it: what each part costs on a CPU of its own. */
import type { Work } from './sharing.ts';

export interface Suite {
  /** In the order of the collection. */
  readonly tests: readonly SuiteTest[];
  readonly fixtures: readonly SuiteFixture[];
  /** From the container's start until pytest's session began. */
  readonly startSeconds: number;
  /** In one process without workers. */
  readonly collectSeconds: number;
  /** What each worker does from its process's start until it is ready: imports, conftests, collection. */
  readonly workerSeconds: number;
  /** pytest's own part of each test, without workers: hooks, reports, the terminal. */
  readonly overheadSeconds: number;
  /** After the last test: coverage and its reports. */
  readonly reportSeconds: number;
  /** Before and after pytest. */
  readonly outsideSeconds: number;
}

export interface SuiteTest extends Work {
  /** As pytest names it. */
  readonly id: string;
  readonly file: string;
  /** The class within its file; null for functions. */
  readonly suiteClass: string | null;
  /** What follows the last `::` is gone: the unit of `loadscope`. */
  readonly scope: string;
  /** Of `xdist_group`; null: none. */
  readonly group: string | null;
  /** Indexes of the fixtures that outlive a test. */
  readonly uses: readonly number[];
}

/** A fixture that is set up once for several tests. */
export interface SuiteFixture {
  readonly scope: 'session' | 'package' | 'module' | 'class';
  /** The folder of a package's fixture. */
  readonly where: string;
  readonly setup: Work;
  readonly teardown: Work;
}

/** What a test of a worker pays for in addition to itself. `next`: the test that the worker will run after it; null: none. */
export function fixturesDue(
  { fixtures }: Pick<Suite, 'fixtures'>,
  test: SuiteTest,
  next: SuiteTest | null,
  alive: Map<number, string>,
): { readonly setups: readonly number[]; readonly teardowns: readonly number[] } {
  const setups = test.uses.filter((each) => alive.get(each) !== placeOfUse(fixtures[each]!, test));
  for (const each of setups) alive.set(each, placeOfUse(fixtures[each]!, test));
  const teardowns = [...alive].flatMap(([each, place]) =>
    next !== null && isWithin(fixtures[each]!, place, next) ? [] : [each],
  );
  for (const each of teardowns) alive.delete(each);
  return { setups, teardowns };
}

/** The part of the suite that shares one instance of a fixture. */
function placeOfUse({ scope, where }: SuiteFixture, { file, suiteClass }: SuiteTest): string {
  if (scope === 'session') return '';
  if (scope === 'package') return where;
  return scope === 'module' ? file : `${file}::${suiteClass ?? ''}`;
}

function isWithin(fixture: SuiteFixture, place: string, next: SuiteTest): boolean {
  if (fixture.scope === 'session') return true;
  if (fixture.scope === 'package') return place === '' || next.file.startsWith(`${place}/`);
  // pytest sets a class's fixture up for each function that is in no class.
  if (fixture.scope === 'class' && next.suiteClass === null) return false;
  return placeOfUse(fixture, next) === place;
}
