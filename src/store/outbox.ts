/** Publishing and notifying: one row per run and sink. A second attempt can see what the first one did. */
import type { RunRef } from '../model/run.ts';
import type { Database } from './database.ts';
import { inRun } from './runs.ts';

/**
 * `unfinished`: an earlier attempt started and did not report its end, so the sink may have the result already. Files are
 * written again. A sink for messages must recognise duplicates.
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

/** Records that a claimed sink is done. */
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
