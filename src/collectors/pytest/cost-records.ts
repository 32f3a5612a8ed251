/** What the probe wrote of fixtures, waits, files, coverage and CPU of one session, line by line. */
import type { Place } from '../../model/project-files.ts';
import { asArray, asNumber, asText, clipped, type Row } from './foreign-json.ts';

export interface RecordedCosts {
  /** CPU seconds of the process and of the children that it waited for, at the session's start and when it was seen last. */
  cpuAtStart: number | null;
  cpuAtEnd: number | null;
  /** By the process's own numbers: what lines of tests refer to. */
  readonly fixtures: Map<number, FixtureKey>;
  readonly uses: Map<number, UseList>;
  readonly definitions: Map<string, Definition>;
  /** null if the session did not get so far; so are `sleeps` and `connections`. */
  files: readonly FileRow[] | null;
  /** null without coverage. */
  coverage: Row | null;
  sleeps: readonly SleepRow[] | null;
  /** Calls that start pytest. */
  pytests: readonly SleepRow[] | null;
  connections: readonly ConnectionRow[] | null;
}

/** `name|scope|where`: what tells fixtures apart, in every process alike. */
export type FixtureKey = string;
/** One object for all tests of a process that use the same fixtures. */
export type UseList = readonly FixtureKey[];

export interface Definition {
  readonly file: string;
  readonly line: number;
  readonly lines: readonly string[];
}

export interface FileRow {
  readonly path: string;
  readonly seconds: number;
  readonly tests: number;
}

export interface SleepRow {
  readonly file: string;
  readonly line: number;
  readonly source: string | null;
  readonly calls: number;
  readonly seconds: number;
  readonly tests: readonly string[];
}

export interface ConnectionRow {
  readonly host: string;
  readonly port: number;
  readonly calls: number;
  readonly seconds: number;
  readonly tests: number;
  /** The line that opened most of them. */
  readonly opened: Place | null;
}

/** The probe writes 40 rows of a kind. */
const MOST_ROWS = 100;
const MOST_LINES = 8;
const LONGEST_LINE = 200;
const LONGEST_SOURCE = 160;
const MOST_TESTS = 3;
const HIGHEST_PORT = 65_535;

export function noCosts(): RecordedCosts {
  return {
    cpuAtStart: null,
    cpuAtEnd: null,
    fixtures: new Map(),
    uses: new Map(),
    definitions: new Map(),
    files: null,
    coverage: null,
    sleeps: null,
    pytests: null,
    connections: null,
  };
}

export function fixtureKey(name: string, scope: string, where: string): FixtureKey {
  return [name, scope, where].map(clipped).join('|');
}

/** A large suite may write one such line for each test. */
export function isBulk(row: Row): boolean {
  return row['k'] === 'fixture' || row['k'] === 'uses' || row['k'] === 'definition';
}

/** Reads the costs from a line of any kind. */
export function readCosts(costs: RecordedCosts, row: Row): void {
  READERS[String(row['k'])]?.(costs, row);
}

const READERS: Readonly<Record<string, ((costs: RecordedCosts, row: Row) => void) | undefined>> = {
  __proto__: null as never,
  session: (costs, row) => {
    costs.cpuAtStart = asNumber(row['cpu']);
  },
  finish: readCpu,
  end: readCpu,
  fixture: (costs, row) => {
    const [number, key] = [asNumber(row['n']), keyIn(row['key'])];
    if (number !== null && key !== null) costs.fixtures.set(number, key);
  },
  uses: (costs, row) => {
    const number = asNumber(row['n']);
    const fixtures = asArray(row['fixtures']).flatMap((each) => costs.fixtures.get(asNumber(each) ?? -1) ?? []);
    if (number !== null) costs.uses.set(number, [...new Set(fixtures)]);
  },
  definition: (costs, row) => {
    const [key, file, line] = [keyIn(row['key']), asText(row['file']), asCount(row['line'])];
    if (key === null || file === null || line === null || line === 0) return;
    const lines = asArray(row['lines']).flatMap((text) => asText(text)?.slice(0, LONGEST_LINE) ?? []);
    costs.definitions.set(key, { file: clipped(file), line, lines: lines.slice(0, MOST_LINES) });
  },
  files: (costs, row) => {
    costs.files = rowsIn(row['rows']).flatMap(fileIn);
  },
  coverageSettings: (costs, row) => {
    costs.coverage = row;
  },
  waits: (costs, row) => {
    costs.sleeps = rowsIn(row['sleeps']).flatMap(sleepIn);
    costs.pytests = Array.isArray(row['pytests']) ? rowsIn(row['pytests']).flatMap(sleepIn) : null;
    costs.connections = rowsIn(row['connections']).flatMap(connectionIn);
  },
};

function readCpu(costs: RecordedCosts, row: Row): void {
  costs.cpuAtEnd = asNumber(row['cpu']) ?? costs.cpuAtEnd;
}

function rowsIn(value: unknown): readonly unknown[] {
  return asArray(value).slice(0, MOST_ROWS);
}

function keyIn(value: unknown): FixtureKey | null {
  const [name, scope, where] = asArray(value).map(asText);
  return name == null ? null : fixtureKey(name, scope ?? '', where ?? '');
}

function fileIn(value: unknown): FileRow[] {
  const [path, seconds, tests] = asArray(value);
  const known = { path: asText(path), seconds: asSeconds(seconds) };
  if (known.path === null || known.seconds === null) return [];
  return [{ path: clipped(known.path), seconds: known.seconds, tests: asCount(tests) ?? 0 }];
}

function sleepIn(value: unknown): SleepRow[] {
  const [file, line, source, calls, seconds, tests] = asArray(value);
  const known = { file: asText(file), line: asCount(line), calls: asCount(calls), seconds: asSeconds(seconds) };
  if (known.file === null || known.line === null || known.calls === null || known.seconds === null) return [];
  return [
    {
      file: clipped(known.file),
      line: known.line,
      source: asText(source)?.slice(0, LONGEST_SOURCE) ?? null,
      calls: known.calls,
      seconds: known.seconds,
      tests: asArray(tests)
        .slice(0, MOST_TESTS)
        .flatMap((test) => asText(test) ?? [])
        .map(clipped),
    },
  ];
}

function connectionIn(value: unknown): ConnectionRow[] {
  const [host, port, calls, seconds, tests, openedIn, openedAt] = asArray(value);
  const known = { host: asText(host), port: asCount(port), calls: asCount(calls), seconds: asSeconds(seconds) };
  if (known.host === null || known.port === null || known.calls === null || known.seconds === null) return [];
  if (known.port > HIGHEST_PORT) return [];
  const { host: name, port: number } = known;
  const [file, line] = [asText(openedIn), asCount(openedAt)];
  return [
    {
      host: clipped(name),
      port: number,
      calls: known.calls,
      seconds: known.seconds,
      tests: asCount(tests) ?? 0,
      opened: file === null || line === null ? null : { file: clipped(file), line },
    },
  ];
}

function asCount(value: unknown): number | null {
  const number = asNumber(value);
  return number === null || number < 0 ? null : Math.round(number);
}

function asSeconds(value: unknown): number | null {
  const number = asNumber(value);
  return number === null || number < 0 ? null : number;
}
