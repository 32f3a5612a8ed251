/** What SQLite's errors mean for people. */
import type { Problem } from '../model/failure.ts';

/** Result codes of https://www.sqlite.org/rescode.html; the low byte is the primary one. */
const SQLITE = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 };

export function isSqliteBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.busy || code === SQLITE.locked;
}

/** @returns null for what nobody can do anything about: a wrong query stays the defect that it is */
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
        'The store has been locked by another process for 30 s',
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
      return null;
  }
}

/** @returns 0 for what is no error of SQLite's */
function sqliteCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode & 0xff;
}
