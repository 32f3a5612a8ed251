/** The name under which a data directory's runs mark what they make at the engine. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, transact } from './database.ts';

/** 12 hex digits, made once and the same ever after. */
export function instanceId(db: Database): Promise<string> {
  return transact(db, async (trx) => {
    const row = await trx.selectFrom('instance').select('id').executeTakeFirst();
    if (row !== undefined) return row.id;
    const id = newId();
    await trx.insertInto('instance').values({ slot: 1, id }).execute();
    return id;
  });
}

/** The same where data directories share a store: each keeps its own in a file. */
export async function instanceIdIn(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'instance');
  const known = read(file);
  if (known !== null) return known;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${newId()}\n`);
  try {
    // Of two that begin together one makes the file, whole at once, and both read that.
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
