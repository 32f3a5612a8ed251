/** Publishing and notifying: one row per run and sink, so that a second attempt knows what the first one did. */
import type { RunRef } from '../model/run.ts';
import type { Database } from './database.ts';
import { inRun } from './runs.ts';

/**
 * `unfinished`: an earlier attempt began and was never heard of again, so the sink may have it already. Files are simply
 * written anew; a message that must not come twice is for the sink to recognise.
 */
export type SinkClaim = 'new' | 'unfinished' | 'done';

/** @param sink `report`, `github`, … */
export function claimSink(db: Database, run: RunRef, sink: string): Promise<SinkClaim> {
  return inRun(db, run, async (trx) => {
    const row = await trx
      .selectFrom('outbox')
      .select('doneAt')
      .where('runId', '=', run.runId)
      .where('sink', '=', sink)
      .executeTakeFirst();
    if (row !== undefined) return row.doneAt === null ? 'unfinished' : 'done';
    await trx
      .insertInto('outbox')
      .values({ runId: run.runId, sink, claimedAt: new Date().toISOString(), doneAt: null })
      .execute();
    return 'new';
  });
}

/** Says that a claimed sink has it. */
export async function sinkDone(db: Database, run: RunRef, sink: string): Promise<void> {
  await inRun(db, run, (trx) =>
    trx
      .updateTable('outbox')
      .set({ doneAt: new Date().toISOString() })
      .where('runId', '=', run.runId)
      .where('sink', '=', sink)
      .execute(),
  );
}
