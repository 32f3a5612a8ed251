/** Which runs a store can delete, and deleting them. */
import { type Database, query, transact } from './database.ts';

export interface Retention {
  readonly project?: string;
  /** Number of newest runs to keep of each project. */
  readonly keep?: number;
  /** ISO 8601: runs that started later are kept. */
  readonly before?: string;
}

export interface PrunableRun {
  readonly runId: string;
  readonly project: string;
  readonly startedAt: string;
}

/** Every table with rows of a run. Tables that others refer to come last. */
const TABLES = [
  'verifiedAdvice',
  'adviceVerification',
  'acknowledgement',
  'alert',
  'seriesPoint',
  'fileDigest',
  'outbox',
  'measurement',
  'trial',
  'trialIntent',
  'stage',
  'runProblem',
  'runNote',
  'runHost',
  'run',
] as const;

/**
 * The runs that both limits allow to delete, oldest first. Running runs are kept. So are runs of an open alert: the run that
 * raised it, and the runs of its baseline.
 */
export function prunableRuns(db: Database, { project, keep = 0, before }: Retention): Promise<readonly PrunableRun[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('run')
      .select(['runId', 'project', 'startedAt', 'finishedAt'])
      .$if(project !== undefined, (builder) => builder.where('project', '=', project!))
      .orderBy('startedAt', 'desc')
      .orderBy('runId')
      .execute();
    const named = await namedByOpenAlerts(db);
    const seen = new Map<string, number>();
    const prunable = rows.filter((row) => {
      const place = seen.get(row.project) ?? 0;
      seen.set(row.project, place + 1);
      return (
        place >= keep &&
        row.finishedAt !== null &&
        !named.has(row.runId) &&
        (before === undefined || row.startedAt < before)
      );
    });
    return prunable.reverse().map(({ runId, project, startedAt }) => ({ runId, project, startedAt }));
  });
}

/** Deletes a run with all its rows in one transaction. Resets of a series are kept. */
export async function deleteRun(db: Database, runId: string): Promise<void> {
  await transact(db, async (trx) => {
    for (const table of TABLES) await trx.deleteFrom(table).where('runId', '=', runId).execute();
  });
}

async function namedByOpenAlerts(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('alert')
    .leftJoin('acknowledgement', 'acknowledgement.alertId', 'alert.alertId')
    .select(['alert.runId', 'alert.alert'])
    .where('alert.state', 'in', ['candidate', 'confirmed'])
    .where('acknowledgement.at', 'is', null)
    .execute();
  return new Set(
    rows.flatMap(({ runId, alert }) => {
      const { baseline } = JSON.parse(alert) as { readonly baseline: { readonly runIds?: readonly string[] } | null };
      return [runId, ...(baseline?.runIds ?? [])];
    }),
  );
}
