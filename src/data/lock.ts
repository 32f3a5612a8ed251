/** Who serves a data directory: at most one process, for as long as it lives. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PacelineError } from '../model/failure.ts';

export interface ServeLock {
  release(): Promise<void>;
}

/** https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;

/**
 * Takes the lock, without waiting: an exclusive SQLite transaction that stays open, so that the operating system frees it
 * with the process, however that ends.
 * @returns null when another has it, be it in this process
 * @throws PacelineError StoreUnavailable where the folder cannot be written, or its file system knows no locks
 */
export async function acquireServeLock(dataDirectory: string): Promise<ServeLock | null> {
  const file = join(dataDirectory, 'serve.lock.sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('begin exclusive');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return null;
    throw new PacelineError(
      {
        type: 'StoreUnavailable',
        what: `The lock ${file} cannot be taken (${error instanceof Error ? error.message : String(error)}).`,
        next: 'See that the data directory belongs to you and lies on a local disk; --data-dir names another.',
      },
      { cause: error },
    );
  }
  const held = database;
  return {
    release: async () => {
      if (held.isOpen) held.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
