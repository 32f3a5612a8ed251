/** Series: one figure of each run, as measured. Later judgements never change it. */
import type { ExpressionBuilder } from 'kysely';
import type {
  AlertState,
  SeriesEntry,
  SeriesEvent,
  SeriesHistory,
  SeriesKey,
  SeriesPoint,
} from '../model/regression.ts';
import type { RunRef } from '../model/run.ts';
import { seriesId } from '../model/series-id.ts';
import { alertsOfSeries } from './alerts.ts';
import { batches, type Database, query, transact, type Trx } from './database.ts';
import { fromJson, toJson } from './json.ts';
import { inRun } from './runs.ts';
import type { Tables } from './schema.ts';

/** Decisions use the newest thousand clean points. */
const MOST_POINTS = 2_500;

/** One line of `paceline history series`. */
export interface SeriesSummary {
  readonly id: string;
  readonly key: SeriesKey;
  readonly points: number;
  /** Times of its first and its newest point, ISO 8601. */
  readonly from: string;
  readonly until: string;
}

export interface SeriesFilter {
  readonly project?: string;
}

export interface HistoryRange {
  /** ISO 8601: only runs that started before this. Without it, all runs. */
  readonly before?: string;
  /** The run to judge, which is left out. */
  readonly exceptRun?: string;
  /** Maximum number of newest points. @default 2500 */
  readonly limit?: number;
}

/** Idempotent: the first commit of a point counts. */
export async function savePoints(db: Database, run: RunRef, entries: readonly SeriesEntry[]): Promise<void> {
  await inRun(db, run, async (trx) => {
    for (const batch of batches(entries)) await insertEntries(trx, run, batch);
  });
}

/** Points, events and alerts of each series, ordered by time, in the order of `keys`. Never includes the sides of comparisons. */
export function seriesHistories(
  db: Database,
  keys: readonly SeriesKey[],
  range: HistoryRange = {},
): Promise<readonly SeriesHistory[]> {
  return query(db, async () => {
    const histories: SeriesHistory[] = [];
    for (const key of keys) histories.push(await historyOf(db, seriesId(key), range));
    return histories;
  });
}

/** Ordered by project, metric and scenario. */
export function listSeries(db: Database, { project }: SeriesFilter = {}): Promise<readonly SeriesSummary[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('series')
      .innerJoin('seriesPoint', 'seriesPoint.seriesId', 'series.seriesId')
      .select(({ fn }) => [
        'series.seriesId',
        'series.seriesKey',
        fn.countAll<number>().as('points'),
        fn.min('seriesPoint.at').as('since'),
        fn.max('seriesPoint.at').as('until'),
      ])
      .$if(project !== undefined, (builder) => builder.where('series.project', '=', project!))
      .groupBy(['series.seriesId', 'series.seriesKey', 'series.project', 'series.metric', 'series.scenario'])
      .orderBy('series.project')
      .orderBy('series.metric')
      .orderBy('series.scenario')
      .orderBy('series.seriesId')
      .execute();
    return rows.map(({ seriesId, seriesKey, points, since, until }) => ({
      id: seriesId,
      key: fromJson(seriesKey),
      points,
      from: since,
      until,
    }));
  });
}

/** Finished benchmarks without points in any series, newest first. They were stored before series existed. */
export function runsWithoutPoints(db: Database, limit: number): Promise<readonly RunRef[]> {
  return query(db, () =>
    db
      .selectFrom('run')
      .select(['run.runId', 'run.workflowId'])
      .where('finishedAt', 'is not', null)
      .where('kind', '=', 'benchmark')
      .where((is) => is.not(is.exists(pointsOf(is))))
      .orderBy('startedAt', 'desc')
      .limit(limit)
      .execute(),
  );
}

/** Starts a new segment. Older points are kept but no longer compared. @returns whether the series exists */
export function resetSeries(
  db: Database,
  id: string,
  { at, reason, runId }: { readonly at: string; readonly reason: string; readonly runId: string | null },
): Promise<boolean> {
  return transact(db, async (trx) => {
    const known = await trx.selectFrom('series').select('seriesId').where('seriesId', '=', id).executeTakeFirst();
    if (known === undefined) return false;
    await trx
      .insertInto('reset')
      .values({ seriesId: id, at, runId, reason })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return true;
  });
}

function pointsOf(is: ExpressionBuilder<Tables, 'run'>) {
  return is.selectFrom('seriesPoint').select('seriesPoint.runId').whereRef('seriesPoint.runId', '=', 'run.runId');
}

/** @param entries at least one, and no more than a batch */
export async function insertEntries(trx: Trx, { runId }: RunRef, entries: readonly SeriesEntry[]): Promise<void> {
  await trx
    .insertInto('series')
    .values(
      entries.map(({ key }) => {
        const { project, metric, scenario } = key;
        return { seriesId: seriesId(key), project, metric, scenario, seriesKey: toJson(key) };
      }),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx
    .insertInto('seriesPoint')
    .values(
      entries.map(({ key, point }) => ({
        seriesId: seriesId(key),
        runId,
        at: point.at,
        value: point.value,
        // The state of an alert is stored with the alert. The row of a run stays as it was measured.
        point: toJson<SeriesPoint>({ ...point, runId, alertState: null }),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function historyOf(db: Database, id: string, range: HistoryRange): Promise<SeriesHistory> {
  const { before, exceptRun, limit = MOST_POINTS } = range;
  const rows = await db
    .selectFrom('seriesPoint')
    .innerJoin('run', 'run.runId', 'seriesPoint.runId')
    .select(['seriesPoint.runId', 'seriesPoint.point'])
    .where('seriesPoint.seriesId', '=', id)
    .where('run.kind', '=', 'benchmark')
    .$if(before !== undefined, (builder) => builder.where('seriesPoint.at', '<', before!))
    .$if(exceptRun !== undefined, (builder) => builder.where('seriesPoint.runId', '!=', exceptRun!))
    .orderBy('seriesPoint.at', 'desc')
    .orderBy('seriesPoint.runId', 'desc')
    .limit(limit)
    .execute();
  const alerts = (await alertsOfSeries(db, id)).filter(({ runId }) => runId !== exceptRun);
  const states = new Map<string, AlertState>(alerts.map(({ runId, state }) => [runId, state]));
  const points = rows.reverse().map(({ runId, point }): SeriesPoint => {
    return { ...fromJson(point), alertState: states.get(runId) ?? null };
  });
  return { points, events: await eventsOf(db, id), alerts };
}

async function eventsOf(db: Database, id: string): Promise<SeriesEvent[]> {
  const acknowledged = await db.selectFrom('acknowledgement').selectAll().where('seriesId', '=', id).execute();
  const resets = await db.selectFrom('reset').selectAll().where('seriesId', '=', id).execute();
  const events: SeriesEvent[] = [
    ...acknowledged.map(({ alertId, runId, at, reason }) => ({
      kind: 'acknowledged' as const,
      alertId,
      runId,
      at,
      reason,
    })),
    ...resets.map(({ at, reason }) => ({ kind: 'reset' as const, at, reason })),
  ];
  return events.sort((a, b) => (a.at < b.at ? -1 : 1));
}
