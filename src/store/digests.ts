/** What the files of a run were when it was published: whether one was changed since can be told. */
import type { RunRef } from '../model/run.ts';
import { type Database, query } from './database.ts';
import { inRun } from './runs.ts';

export interface FileDigest {
  /** Relative to the run's folder. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** In place of those that were stored before. */
export async function saveDigests(db: Database, run: RunRef, digests: readonly FileDigest[]): Promise<void> {
  await inRun(db, run, async (trx) => {
    await trx.deleteFrom('fileDigest').where('runId', '=', run.runId).execute();
    for (const digest of digests)
      await trx
        .insertInto('fileDigest')
        .values({ runId: run.runId, ...digest })
        .execute();
  });
}

/** By file. */
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
