/** The open database: connection settings, transactions that wait without blocking, and readable errors. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CamelCasePlugin, Kysely, type Transaction } from 'kysely';
import { PacelineError } from '../model/failure.ts';
import { nodeSqliteDialect } from './node-sqlite.ts';
import type { StoreLocation } from './location.ts';
import { postgresDialect } from './postgres.ts';
import { isPostgresBusy, postgresProblem } from './postgres-problems.ts';
import type { Tables } from './schema.ts';
import { isSqliteBusy, sqliteProblem } from './sqlite-problems.ts';

export type Database = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** SQLite waits by blocking the thread, which stops heartbeats. It may wait only briefly; `whenFree` does the rest. */
const BUSY_MS = 50;
/** Another process's transaction takes milliseconds, unless the disk hangs. */
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 500;

/** SQLite binds at most 32 766 values in one statement; PostgreSQL twice as many. */
const ROWS_PER_STATEMENT = 500;

/** The rows in parts that one statement takes. None for no rows. */
export function batches<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_STATEMENT) }, (_, index) =>
    rows.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
  );
}

/**
 * Opens the store or creates its file. Does not migrate the schema. A PostgreSQL is contacted only by the first query.
 * @throws PacelineError StoreUnavailable | DiskFull
 */
export async function openDatabase(location: StoreLocation): Promise<Database> {
  const plugins = [new CamelCasePlugin()];
  if (location.kind === 'postgres') {
    return placed(new Kysely<Tables>({ dialect: postgresDialect(location.url), plugins }), location);
  }
  return inWords(location, async () => {
    const dialect = nodeSqliteDialect(await openFile(location.file));
    return placed(new Kysely<Tables>({ dialect, plugins }), location);
  });
}

async function openFile(file: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    // Readers and the writer do not wait for each other. The mode is stored in the file, so only the first call sets it.
    await whenFree(() => database.exec('pragma journal_mode = wal'));
    // A committed trial survives a power cut. A commit costs one fsync, a few times a minute.
    database.exec('pragma synchronous = full');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Location of each open database, for error messages. */
const PLACES = new WeakMap<object, StoreLocation>();

function placed(db: Database, location: StoreLocation): Database {
  PLACES.set(db, location);
  return db;
}

/** Runs `work` in a transaction. It is repeated from the start while another process writes, so it must only touch `trx`. */
export function transact<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  return inWords(PLACES.get(db)!, () => whenFree(() => db.transaction().execute(work)));
}

/** A query, or several that may see different states. */
export function query<T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> {
  return inWords(PLACES.get(db)!, () => whenFree(() => work(db)));
}

/** Tries again with growing pauses while another process has locked the file. */
async function whenFree<T>(work: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      // Random, so that two waiting processes do not collide again.
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

function isBusy(error: unknown): boolean {
  return isSqliteBusy(error) || isPostgresBusy(error);
}

async function inWords<T>(location: StoreLocation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem =
      location.kind === 'postgres' ? postgresProblem(error, location.url) : sqliteProblem(error, location.file);
    throw problem === null ? error : new PacelineError(problem, { cause: error });
  }
}
