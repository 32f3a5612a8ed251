/** The name under which this store's runs mark what they make at the engine. */
import { randomBytes } from 'node:crypto';
import { type Database, transact } from './database.ts';

/** 12 hex digits, made once and the same ever after. */
export function instanceId(db: Database): Promise<string> {
  return transact(db, async (trx) => {
    const row = await trx.selectFrom('instance').select('id').executeTakeFirst();
    if (row !== undefined) return row.id;
    const id = randomBytes(6).toString('hex');
    await trx.insertInto('instance').values({ slot: 1, id }).execute();
    return id;
  });
}
