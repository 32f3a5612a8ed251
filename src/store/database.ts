/** The open database: connection settings, transactions that wait without blocking, and errors in words. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CamelCasePlugin, Kysely, type Transaction } from 'kysely';
import { PacelineError } from '../model/failure.ts';
import { nodeSqliteDialect } from './node-sqlite.ts';
import type { Tables } from './schema.ts';

export type Database = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** SQLite waits by blocking the thread, and with it every heartbeat: it may do so for a moment only; we do the rest. */
const BUSY_MS = 50;
/** Another process's transaction takes milliseconds, unless the disk is stuck. */
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 500;

/**
 * Opens or creates the file, with the schema as it finds it.
 * @throws PacelineError StoreUnavailable | DiskFull
 */
export async function openDatabase(file: string): Promise<Database> {
  return inWords(file, async () => {
    const database = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
    try {
      // Readers and the writer do not wait for each other. The mode is a property of the file: only the first sets it.
      await whenFree(() => database.exec('pragma journal_mode = wal'));
      // A committed trial outlives a power cut as well; a commit is one fsync, a few times a minute.
      database.exec('pragma synchronous = full');
    } catch (error) {
      database.close();
      throw error;
    }
    return new Kysely<Tables>({ dialect: nodeSqliteDialect(database), plugins: [new CamelCasePlugin()] });
  });
}

/** All of `work`, or nothing of it. Repeats it from the beginning while another process writes, so it must only touch `trx`. */
export function transact<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  return inWords('store.sqlite', () => whenFree(() => db.transaction().execute(work)));
}

/** A query, or several that need not see the same state. */
export function query<T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> {
  return inWords('store.sqlite', () => whenFree(() => work(db)));
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

/** Result codes of https://www.sqlite.org/rescode.html; the low byte is the primary one. */
const SQLITE = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 };

function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.busy || code === SQLITE.locked;
}

/** @returns 0 for what is no error of SQLite's */
function sqliteCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode & 0xff;
}

async function inWords<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error, where);
  }
}

/** What people can do something about becomes a problem; a wrong query stays the defect that it is. */
function asProblem(error: unknown, where: string): unknown {
  const said = error instanceof Error ? error.message : String(error);
  const problem = (what: string, next: string, type: 'StoreUnavailable' | 'DiskFull' = 'StoreUnavailable') =>
    new PacelineError({ type, what: `${what} (${where}: ${said}).`, next }, { cause: error });
  switch (sqliteCode(error)) {
    case SQLITE.busy:
    case SQLITE.locked:
      return problem(
        `The store has been locked by another process for ${PATIENCE_MS / 1000} s`,
        'End whatever else has store.sqlite open, then try again.',
      );
    case SQLITE.full:
      return problem(
        'The disk is full',
        'Make room where the data directory lies, or use another with --data-dir.',
        'DiskFull',
      );
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return problem(
        'The store is damaged or no SQLite file',
        'Move store.sqlite out of the data directory to begin a new one, or restore it from a backup.',
      );
    case SQLITE.readOnly:
    case SQLITE.ioError:
    case SQLITE.cantOpen:
      return problem(
        'The store cannot be read or written',
        'See that the data directory is there, belongs to you and lies on a local disk; --data-dir names another.',
      );
    default:
      return error;
  }
}
