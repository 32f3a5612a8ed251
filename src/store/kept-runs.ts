/** Finished benchmarks as a history file keeps them, out of the store and into another one. */
import { KEPT_RUN_VERSION, type KeptRun } from '../model/kept-run.ts';
import { seriesId } from '../model/series-id.ts';
import { type Database, query, transact, type Trx } from './database.ts';
import { fromJson, toJson } from './json.ts';
import { insertEntries } from './series.ts';

/** The newest finished benchmarks of a project, oldest first. Never a cancelled run, a run of a proposed change, or a side. */
export function keptRuns(
  db: Database,
  { project, limit }: { readonly project: string; readonly limit: number },
): Promise<KeptRun[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('run')
      .select(['runId', 'workflowId', 'startedAt', 'finishedAt', 'sourceCommit', 'sourceBranch', 'verdict'])
      .where('project', '=', project)
      .where('kind', '=', 'benchmark')
      .where('finishedAt', 'is not', null)
      .where('verdict', 'not in', ['cancelled', 'error'])
      .orderBy('startedAt', 'desc')
      .orderBy('runId', 'desc')
      .limit(limit)
      .execute();
    const runs: KeptRun[] = [];
    for (const { runId, workflowId, startedAt, finishedAt, sourceCommit, sourceBranch, verdict } of rows.reverse()) {
      if (finishedAt === null || verdict === null) continue;
      const about = { project, startedAt, finishedAt, commit: sourceCommit, branch: sourceBranch, verdict };
      runs.push({
        keptRunVersion: KEPT_RUN_VERSION,
        run: { runId, workflowId },
        ...about,
        ...(await rowsOf(db, runId)),
      });
    }
    return runs;
  });
}

/** Adds what is not stored yet; what is stored does not change. @returns the number of new runs */
export function addKeptRuns(db: Database, runs: readonly KeptRun[]): Promise<number> {
  return transact(db, async (trx) => {
    let added = 0;
    for (const kept of runs) {
      if (await addRun(trx, kept)) added += 1;
    }
    return added;
  });
}

async function rowsOf(db: Database, runId: string): Promise<Pick<KeptRun, 'entries' | 'alerts' | 'acknowledged'>> {
  const points = await db
    .selectFrom('seriesPoint')
    .innerJoin('series', 'series.seriesId', 'seriesPoint.seriesId')
    .select(['seriesPoint.point', 'series.seriesKey'])
    .where('seriesPoint.runId', '=', runId)
    .orderBy('series.seriesId')
    .execute();
  const alerts = await db
    .selectFrom('alert')
    .select('alert')
    .where('runId', '=', runId)
    .where('state', '!=', 'candidate')
    .orderBy('alertId')
    .execute();
  const acknowledged = await db
    .selectFrom('acknowledgement')
    .select(['alertId', 'seriesId', 'reason', 'at'])
    .where('runId', '=', runId)
    .orderBy('alertId')
    .execute();
  return {
    entries: points.map(({ point, seriesKey }) => ({ key: fromJson(seriesKey), point: fromJson(point) })),
    // What moved is for the reader of the alert's run, whose result has it.
    alerts: alerts.map(({ alert }) => ({ ...fromJson(alert), moved: [] })),
    acknowledged,
  };
}

/** An acknowledgement may be newer than the run: it is added to a run that is there already. */
async function addRun(trx: Trx, kept: KeptRun): Promise<boolean> {
  const { run, project, startedAt, finishedAt, commit, branch, verdict, entries, alerts, acknowledged } = kept;
  const known = await trx.selectFrom('run').select('runId').where('runId', '=', run.runId).executeTakeFirst();
  if (known === undefined) {
    const source = { path: '/', ...(commit === null ? {} : { ref: commit }) };
    await trx
      .insertInto('run')
      .values({
        ...run,
        instance: 'history',
        sourceSpec: toJson(source),
        startedAt,
        finishedAt,
        project,
        standIns: toJson([]),
        sourceCommit: commit,
        sourceBranch: branch,
        verdict,
      })
      .execute();
    if (entries.length > 0) await insertEntries(trx, run, entries);
    for (const alert of alerts) {
      const { id, key, state } = alert;
      const times = { createdAt: finishedAt, decidedAt: finishedAt };
      const place = { alertId: id, runId: run.runId, seriesId: seriesId(key), project: key.project };
      await trx
        .insertInto('alert')
        .values({ ...place, state, alert: toJson(alert), ...times })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }
  for (const each of acknowledged) {
    await trx
      .insertInto('acknowledgement')
      .values({ ...each, runId: run.runId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return known === undefined;
}
