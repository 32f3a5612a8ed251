/** Verified advice: how each remedy of a run ended, and each verification as a whole. */
import type { StoredVerification, VerifyAdviceResult } from '../model/advice.ts';
import { type Database, query } from './database.ts';
import { fromJson, toJson } from './json.ts';
import { inRun } from './runs.ts';

export interface AdviceFilter {
  readonly project?: string;
  readonly runId?: string;
}

/** The newest verification of a remedy in a run replaces an earlier one. Storing it twice is harmless. */
export function saveVerification(
  db: Database,
  result: VerifyAdviceResult,
  remedies: readonly StoredVerification[],
): Promise<void> {
  const run = { runId: result.ofRun, workflowId: '' };
  return inRun(db, run, async (trx) => {
    await trx.deleteFrom('adviceVerification').where('verifiedBy', '=', result.runId).execute();
    await trx
      .insertInto('adviceVerification')
      .values({ verifiedBy: result.runId, runId: result.ofRun, at: result.finishedAt, result: toJson(result) })
      .execute();
    for (const remedy of remedies) {
      const { runId, audit, fingerprint, project, verifiedBy, at, verification } = remedy;
      await trx
        .deleteFrom('verifiedAdvice')
        .where('runId', '=', runId)
        .where('audit', '=', audit)
        .where('fingerprint', '=', fingerprint)
        .execute();
      await trx
        .insertInto('verifiedAdvice')
        .values({
          runId,
          audit,
          fingerprint,
          project,
          verifiedBy,
          at,
          state: verification.state,
          verified: toJson(remedy),
        })
        .execute();
    }
  });
}

/** Oldest first. */
export function verifications(db: Database, { project, runId }: AdviceFilter): Promise<readonly StoredVerification[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('verifiedAdvice')
      .select('verified')
      .$if(project !== undefined, (builder) => builder.where('project', '=', project!))
      .$if(runId !== undefined, (builder) => builder.where('runId', '=', runId!))
      .orderBy('at')
      .orderBy('audit')
      .orderBy('fingerprint')
      .execute();
    return rows.map(({ verified }) => fromJson(verified));
  });
}

/** A verification by its own run id. null if it is unknown. */
export function verification(db: Database, verifiedBy: string): Promise<VerifyAdviceResult | null> {
  return query(db, async () => {
    const row = await db
      .selectFrom('adviceVerification')
      .select('result')
      .where('verifiedBy', '=', verifiedBy)
      .executeTakeFirst();
    return row === undefined ? null : fromJson(row.result);
  });
}

/** Of the advice of a run. null without one. */
export function newestVerification(db: Database, runId: string): Promise<VerifyAdviceResult | null> {
  return query(db, async () => {
    const row = await db
      .selectFrom('adviceVerification')
      .select('result')
      .where('runId', '=', runId)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : fromJson(row.result);
  });
}
