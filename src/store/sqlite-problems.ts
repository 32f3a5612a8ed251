/** Explains SQLite errors. */
import type { Problem } from '../model/failure.ts';

/** Result codes of https://www.sqlite.org/rescode.html. The low byte is the primary code. */
const SQLITE = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 };

export function isSqliteBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.busy || code === SQLITE.locked;
}

/** @returns null for errors that users cannot fix: a wrong query is a bug and stays one */
export function sqliteProblem(error: unknown, file: string): Problem | null {
  const said = error instanceof Error ? error.message : String(error);
  const problem = (what: string, next: string, type: Problem['type'] = 'StoreUnavailable'): Problem => ({
    type,
    what: `${what} (${file}: ${said}).`,
    next,
  });
  switch (sqliteCode(error)) {
    case SQLITE.busy:
    case SQLITE.locked:
      return problem(
        'Another process has locked the store for 30 s',
        'Stop every other program that has store.sqlite open, then try again.',
      );
    case SQLITE.full:
      return problem(
        'The disk is full',
        'Free some space on the disk of the data directory, or use another one with --data-dir.',
        'DiskFull',
      );
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return problem(
        'The store is damaged or is not a SQLite file',
        'Move store.sqlite out of the data directory to start with a new store, or restore it from a backup.',
      );
    case SQLITE.readOnly:
    case SQLITE.ioError:
    case SQLITE.cantOpen:
      return problem(
        'The store cannot be read or written',
        'Check that the data directory exists, belongs to you and is on a local disk. --data-dir selects another one.',
      );
    default:
      return null;
  }
}

/** @returns 0 for other errors than those of SQLite */
function sqliteCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode & 0xff;
}
