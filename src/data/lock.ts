/** Locks in a data directory: at most one process serves it at a time, and at most one writes a static site into a folder. */
import { hashOf } from '../model/hash.ts';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PacelineError } from '../model/failure.ts';

export interface ServeLock {
  release(): Promise<void>;
}

/** https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;

/**
 * Takes the lock without waiting. The lock is an open exclusive SQLite transaction: the operating system releases it when the
 * process ends, for whatever reason.
 * @returns null if it is already taken, also by this process
 * @throws PacelineError StoreUnavailable if the directory cannot be written, or its file system does not support locks
 */
export async function acquireServeLock(dataDirectory: string): Promise<ServeLock | null> {
  return acquire(join(dataDirectory, 'serve.lock.sqlite'));
}

/**
 * The same for the folder of a static site. The lock is not in that folder, since all that is there is published.
 * @param folder absolute
 */
export async function acquireSiteLock(dataDirectory: string, folder: string): Promise<ServeLock | null> {
  return acquire(join(dataDirectory, `site-${hashOf(folder)}.lock.sqlite`));
}

async function acquire(file: string): Promise<ServeLock | null> {
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
        next: 'Check that the data directory belongs to you and is on a local disk. --data-dir selects another one.',
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
