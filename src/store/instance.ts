/** The id with which the runs of a data directory label their engine objects. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, transact } from './database.ts';

/** 12 hex digits, created once and never changed. */
export function instanceId(db: Database): Promise<string> {
  return transact(db, async (trx) => {
    const row = await trx.selectFrom('instance').select('id').executeTakeFirst();
    if (row !== undefined) return row.id;
    const id = newId();
    await trx.insertInto('instance').values({ slot: 1, id }).execute();
    return id;
  });
}

/** The same for data directories that share a store: each has its id in a file. */
export async function instanceIdIn(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'instance');
  const known = read(file);
  if (known !== null) return known;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${newId()}\n`);
  try {
    // If two processes start together, one of them creates the file in one step, and both read it.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return read(file)!;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function newId(): string {
  return randomBytes(6).toString('hex');
}
