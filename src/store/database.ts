/** The open database: connection settings, transactions that wait without blocking, and errors in words. */
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

/** SQLite waits by blocking the thread, and with it every heartbeat: it may do so for a moment only; we do the rest. */
const BUSY_MS = 50;
/** Another process's transaction takes milliseconds, unless the disk is stuck. */
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 500;

/**
 * Opens the store, or creates its file, with the schema as it finds it. A PostgreSQL is first asked by the first query.
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
    // Readers and the writer do not wait for each other. The mode is a property of the file: only the first sets it.
    await whenFree(() => database.exec('pragma journal_mode = wal'));
    // A committed trial outlives a power cut as well; a commit is one fsync, a few times a minute.
    database.exec('pragma synchronous = full');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Where each open database lies: errors name it. */
const PLACES = new WeakMap<object, StoreLocation>();

function placed(db: Database, location: StoreLocation): Database {
  PLACES.set(db, location);
  return db;
}

/** All of `work`, or nothing of it. Repeats it from the beginning while another process writes, so it must only touch `trx`. */
export function transact<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  return inWords(PLACES.get(db)!, () => whenFree(() => db.transaction().execute(work)));
}

/** A query, or several that need not see the same state. */
export function query<T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> {
  return inWords(PLACES.get(db)!, () => whenFree(() => work(db)));
}

/** Tries again, with growing pauses, for as long as the file is locked by another process. */
async function whenFree<T>(work: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      // Two that wait for each other must not come back in step.
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
