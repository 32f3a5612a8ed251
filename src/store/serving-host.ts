/** A SQLite file serves one host: two that write over a shared folder would damage it. */
import { PacelineError } from '../model/failure.ts';
import { type Database, transact } from './database.ts';

/** Who writes. The engine tells hosts apart: a worker in a container is called otherwise each time that it is made. */
export interface ServingHost {
  readonly engineId: string;
  /** For people. */
  readonly host: string;
}

/** A host that was not heard of for so long is gone, or the folder has moved. */
const GONE_MS = 180_000;

/**
 * Says that this host's worker writes here, and is to say it again once a minute.
 * @throws PacelineError StoreUnavailable where another host's does
 */
export async function serveHost(db: Database, { engineId, host }: ServingHost, now: Date): Promise<void> {
  await transact(db, async (trx) => {
    const row = await trx.selectFrom('servingHost').selectAll().executeTakeFirst();
    if (row !== undefined && row.engineId !== engineId && now.getTime() - Date.parse(row.seenAt) < GONE_MS) {
      throw new PacelineError({
        type: 'StoreUnavailable',
        what: `Host ${row.host} writes to this store, and a SQLite file serves one host only.`,
        next: 'For several hosts use PostgreSQL: give every worker the same --store postgresql://… (or PACELINE_STORE); or give this one a data directory of its own.',
      });
    }
    const values = { engineId, host, seenAt: now.toISOString() };
    await trx
      .insertInto('servingHost')
      .values({ slot: 1, ...values })
      .onConflict((conflict) => conflict.column('slot').doUpdateSet(values))
      .execute();
  });
}

/** The worker of this host has ended: another's may begin at once. */
export async function leaveHost(db: Database, { engineId }: ServingHost): Promise<void> {
  await transact(db, (trx) => trx.deleteFrom('servingHost').where('engineId', '=', engineId).execute());
}
