import type { Place } from '../project-files.ts';

/**
 * Every test of a trial, column by column: a suite of 10,000 tests is stored with each trial, so names of files and fixtures
 * are written once. All columns have the same length; the index is the order in which the tests started.
 */
export interface TestTable {
  /** Paths, each once. */
  readonly files: readonly string[];
  /** Index into `files`. */
  readonly file: readonly number[];
  /** The node id without its file: `TestShop::test_buy[2]`. */
  readonly name: readonly string[];
  /** Where each begins in its file, from 1; null or absent if unknown. */
  readonly line?: readonly (number | null)[];
  /** Index into `workers`. */
  readonly worker: readonly number[];
  /** `main`, `gw0`, … */
  readonly workers: readonly string[];
  /** When it started, in seconds since the first test of the trial started. */
  readonly at: readonly number[];
  /** Seconds from its start to its end, with what it waited for between its phases. */
  readonly seconds: readonly number[];
  readonly setup: readonly number[];
  readonly call: readonly number[];
  readonly teardown: readonly number[];
  /** CPU seconds of the worker's process and of the children that it waited for, during the test; null if unknown. */
  readonly cpu: readonly number[] | null;
  /** Fixtures as `name|scope|where`, each once. */
  readonly fixtures: readonly string[];
  /** The fixtures that each test uses, as indexes into `fixtures`; null if unknown. */
  readonly uses: readonly (readonly number[])[] | null;
  /** Tests that the table has no room for: the shortest. 0: all are here. */
  readonly leftOut: number;
}

/** Where tests sleep: calls of `time.sleep` and `asyncio.sleep`, by the line that calls. */
export interface SleepCost {
  readonly file: string;
  readonly line: number;
  /** The line itself, at most 160 characters; null if it cannot be read. */
  readonly source: string | null;
  readonly calls: number;
  readonly seconds: number;
  /** Up to three tests during which it was called. */
  readonly tests: readonly string[];
}

/** What one file cost while pytest collected: its import with what it imports first, and its collection. */
export interface CollectedFile {
  readonly path: string;
  readonly seconds: number;
  /** Tests that it gave. */
  readonly tests: number;
}

/** Connections that the tests opened to one address. */
export interface ConnectionCost {
  /** A service's name as the tests ask for it, or an address. */
  readonly host: string;
  readonly port: number;
  readonly calls: number;
  readonly seconds: number;
  /** How many tests opened at least one. */
  readonly tests: number;
  /** The project's own line from which most of them were opened; absent or null if unknown. */
  readonly opened?: Place | null;
}

/** How coverage measures; null where a value cannot be read. */
export interface CoverageSettings {
  readonly branch: boolean | null;
  readonly source: readonly string[];
  /** `ctrace`, `pytrace` or `sysmon`. */
  readonly core: string | null;
  readonly reports: readonly string[];
  readonly version: string | null;
}
