/** Every test of a trial, column by column. */
import type { TestTable } from '../../model/profile/test-table.ts';
import { clipped, micro } from './foreign-json.ts';
import type { ProbeSession, ProbeTest } from './probe-records.ts';

export const MOST_ROWS = 20_000;
/** Of JSON, about. A trial is stored with its table. */
export const MOST_CHARACTERS = 2_000_000;

interface Row {
  readonly test: ProbeTest & { readonly to: number };
  readonly worker: string;
  readonly seconds: number;
  readonly fixtures: readonly string[];
}

/** A test that had not ended has no time, and is not in it. */
export function tableOf(ran: readonly ProbeSession[]): TestTable {
  const all = ran.flatMap(rowsOf);
  const kept = longestFirst(all).slice(0, fitting(longestFirst(all)));
  const rows = kept.sort((a, b) => a.test.from - b.test.from);
  const first = ran.flatMap(({ tests }) => tests).reduce((least, { from }) => Math.min(least, from), Infinity);
  const [files, workers, fixtures] = [createIndex(), createIndex(), createIndex()];
  const column = (value: (row: Row) => number) => rows.map((row) => micro(value(row)));
  const usesOf = indexesOf(fixtures);
  return {
    file: rows.map(({ test }) => files.of(clipped(fileOf(test.id)))),
    name: rows.map(({ test }) => clipped(nameOf(test.id))),
    worker: rows.map(({ worker }) => workers.of(worker)),
    at: column(({ test }) => test.from - first),
    seconds: column(({ seconds }) => seconds),
    setup: column(({ test }) => test.setup),
    call: column(({ test }) => test.call),
    teardown: column(({ test }) => test.teardown),
    cpu: rows.every(({ test }) => test.cpu !== null) ? column(({ test }) => test.cpu!) : null,
    ...(rows.some(({ test }) => test.line !== null) ? { line: rows.map(({ test }) => test.line) } : {}),
    // Tests that are not functions of Python use none.
    uses: rows.some(({ test }) => test.uses !== null) ? rows.map((row) => usesOf(row.fixtures)) : null,
    files: files.all,
    workers: workers.all,
    fixtures: fixtures.all,
    leftOut: all.length - rows.length + ran.reduce((sum, { testsLeftOut }) => sum + testsLeftOut, 0),
  };
}

/** A node id is `folder/file.py::Class::test[parameters]`. */
export function fileOf(id: string): string {
  return id.split('::', 1)[0]!;
}

function nameOf(id: string): string {
  return id.slice(fileOf(id).length + '::'.length);
}

export function secondsOf({ from, to, setup, call, teardown }: ProbeTest): number {
  return to === null ? 0 : micro(Math.max(to - from, setup + call + teardown));
}

function rowsOf({ tests, worker }: ProbeSession): Row[] {
  return tests.flatMap((test) => {
    const { to } = test;
    if (to === null) return [];
    return [{ test: { ...test, to }, worker: worker ?? 'main', seconds: secondsOf(test), fixtures: test.uses ?? [] }];
  });
}

function longestFirst(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => b.seconds - a.seconds);
}

/** How many of the rows there is room for. */
function fitting(rows: readonly Row[]): number {
  let [count, characters] = [0, 0];
  for (const row of rows) {
    characters += charactersOf(row);
    if (count >= MOST_ROWS || characters > MOST_CHARACTERS) break;
    count += 1;
  }
  return count;
}

/** Of its JSON: a name, its numbers, its line, and up to five characters for each fixture. Paths and fixtures are written once. */
function charactersOf({ test, seconds, fixtures }: Row): number {
  const times = [test.from, seconds, test.setup, test.call, test.teardown, test.cpu ?? 0];
  const numbers = times.reduce((sum, value) => sum + String(micro(value)).length + 1, 0);
  return JSON.stringify(clipped(nameOf(test.id))).length + numbers + 5 * fixtures.length + 15;
}

interface Index {
  readonly all: readonly string[];
  readonly of: (text: string) => number;
}

function createIndex(): Index {
  const known = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    of: (text) => {
      const found = known.get(text);
      if (found !== undefined) return found;
      known.set(text, all.length);
      return all.push(text) - 1;
    },
  };
}

/** Tests that share a list of fixtures share its indexes. */
function indexesOf(index: Index): (fixtures: readonly string[]) => readonly number[] {
  const known = new Map<readonly string[], readonly number[]>();
  return (fixtures) => {
    const found = known.get(fixtures) ?? fixtures.map(index.of);
    known.set(fixtures, found);
    return found;
  };
}
