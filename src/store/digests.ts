/** Digests of a run's files when it was published. They show whether a file was changed later. */
import type { RunRef } from '../model/run.ts';
import { batches, type Database, query } from './database.ts';
import { inRun } from './runs.ts';

export interface FileDigest {
  /** Relative to the run's directory. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Replaces the digests that were stored before. */
export async function saveDigests(db: Database, run: RunRef, digests: readonly FileDigest[]): Promise<void> {
  await inRun(db, run, async (trx) => {
    await trx.deleteFrom('fileDigest').where('runId', '=', run.runId).execute();
    for (const batch of batches(digests)) {
      const rows = batch.map((digest) => ({ runId: run.runId, ...digest }));
      await trx.insertInto('fileDigest').values(rows).execute();
    }
  });
}

/** Ordered by file. */
export function digests(db: Database, runId: string): Promise<readonly FileDigest[]> {
  return query(db, () =>
    db
      .selectFrom('fileDigest')
      .select(['file', 'bytes', 'sha256'])
      .where('runId', '=', runId)
      .orderBy('file')
      .execute(),
  );
}
