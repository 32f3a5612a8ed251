/** A SQLite file serves one host: two hosts that write over a shared folder would damage it. */
import { PacelineError } from '../model/failure.ts';
import { type Database, transact } from './database.ts';

/** Who writes. The engine's id identifies a host: a worker in a container gets a new host name each time. */
export interface ServingHost {
  readonly engineId: string;
  /** A name for messages. */
  readonly host: string;
}

/** After this time without a report, the host is gone or the folder has moved. */
const GONE_MS = 180_000;

/**
 * Records that this host's worker writes here. Call it once a minute.
 * @throws PacelineError StoreUnavailable if another host's worker writes here
 */
export async function serveHost(db: Database, { engineId, host }: ServingHost, now: Date): Promise<void> {
  await transact(db, async (trx) => {
    const row = await trx.selectFrom('servingHost').selectAll().executeTakeFirst();
    if (row !== undefined && row.engineId !== engineId && now.getTime() - Date.parse(row.seenAt) < GONE_MS) {
      throw new PacelineError({
        type: 'StoreUnavailable',
        what: `Host ${row.host} writes to this store, and a SQLite file serves one host only.`,
        next: 'To use several hosts, use PostgreSQL: set the same --store postgresql://… (or PACELINE_STORE) for every worker. Or use another data directory for this one.',
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

/** Called when the worker of this host has ended. Another host may start immediately. */
export async function leaveHost(db: Database, { engineId }: ServingHost): Promise<void> {
  await transact(db, (trx) => trx.deleteFrom('servingHost').where('engineId', '=', engineId).execute());
}
