/** Alerts, and what users decided about them. A state only moves forward: a decision is final. */
import type { Selectable } from 'kysely';
import { wrongUsage } from '../model/failure.ts';
import type { AlertState, RegressionAlert } from '../model/regression.ts';
import type { RunRef } from '../model/run.ts';
import { seriesId } from '../model/series-id.ts';
import { type Database, query, transact, type Trx } from './database.ts';
import { fromJson, toJson } from './json.ts';
import { inRun } from './runs.ts';
import type { AlertTable } from './schema.ts';

export interface Acknowledgement {
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface StoredAlert {
  readonly alert: RegressionAlert;
  readonly seriesId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** null while it is a candidate. */
  readonly decidedAt: string | null;
  readonly acknowledged: Acknowledgement | null;
}

export interface AlertFilter {
  readonly project?: string;
  readonly runId?: string;
  readonly states?: readonly AlertState[];
  /** Its id, or the first characters of it. */
  readonly id?: string;
  /** Undecided, or confirmed and neither it nor a later one of its series is acknowledged. */
  readonly open?: boolean;
  /** @default 100 */
  readonly limit?: number;
}

/**
 * Stores a suspicion, and later its outcome. Storing it twice is harmless.
 * @returns what is stored: these alerts, or the earlier decision for those that have one
 */
export function saveAlerts(
  db: Database,
  run: RunRef,
  alerts: readonly RegressionAlert[],
): Promise<readonly RegressionAlert[]> {
  return inRun(db, run, async (trx) => {
    const stored: RegressionAlert[] = [];
    for (const alert of alerts) stored.push(await saveAlert(trx, run, alert));
    return stored;
  });
}

/** Newest first. */
export function listAlerts(db: Database, filter: AlertFilter = {}): Promise<readonly StoredAlert[]> {
  return query(db, () => select(db, filter));
}

/**
 * Acknowledges an alert. The first reason is kept.
 * @throws PacelineError WrongUsage if no alert or several begin with this id, or if it is not decided yet
 */
export function acknowledge(db: Database, id: string, { reason, at }: Acknowledgement): Promise<StoredAlert> {
  return transact(db, async (trx) => {
    const found = await theOne(trx, id);
    const { alert } = found;
    if (alert.state === 'candidate') {
      throw wrongUsage(`Alert ${alert.id} is not decided yet.`, 'Wait until its confirmation has ended.');
    }
    if (alert.state === 'cleared') {
      throw wrongUsage(
        `Alert ${alert.id} was cleared, so there is nothing to accept.`,
        'Use `paceline reset SERIES` to start a new baseline.',
      );
    }
    await trx
      .insertInto('acknowledgement')
      .values({ alertId: alert.id, seriesId: found.seriesId, runId: alert.runId, reason, at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return theOne(trx, alert.id);
  });
}

/** Of one series, ordered by time. */
export async function alertsOfSeries(db: Database, id: string): Promise<RegressionAlert[]> {
  const rows = await db
    .selectFrom('alert')
    .select('alert')
    .where('seriesId', '=', id)
    .orderBy('createdAt')
    .orderBy('alertId')
    .execute();
  return rows.map(({ alert }) => fromJson(alert)).sort((a, b) => (a.at < b.at ? -1 : 1));
}

async function saveAlert(trx: Trx, { runId }: RunRef, given: RegressionAlert): Promise<RegressionAlert> {
  const alert = { ...given, runId };
  const now = new Date().toISOString();
  const decidedAt = alert.state === 'candidate' ? null : now;
  const before = await trx.selectFrom('alert').selectAll().where('alertId', '=', alert.id).executeTakeFirst();
  if (before === undefined) {
    await trx
      .insertInto('alert')
      .values({
        alertId: alert.id,
        runId,
        seriesId: seriesId(alert.key),
        project: alert.key.project,
        state: alert.state,
        alert: toJson(alert),
        createdAt: now,
        decidedAt,
      })
      .execute();
    return alert;
  }
  if (before.state !== 'candidate' || alert.state === 'candidate') return fromJson(before.alert);
  await trx
    .updateTable('alert')
    .set({ state: alert.state, alert: toJson(alert), decidedAt })
    .where('alertId', '=', alert.id)
    .execute();
  return alert;
}

async function theOne(trx: Trx, id: string): Promise<StoredAlert> {
  const [found, second] = await select(trx, { id });
  if (found === undefined) {
    throw wrongUsage(`No alert begins with \`${id}\`.`, '`paceline history regressions` lists the alerts.');
  }
  if (second !== undefined) throw wrongUsage(`Several alerts begin with \`${id}\`.`, 'Specify more characters.');
  return found;
}

async function select(db: Database | Trx, filter: AlertFilter): Promise<StoredAlert[]> {
  const { project, runId, states, id, open, limit = 100 } = filter;
  const rows = await db
    .selectFrom('alert')
    .leftJoin('acknowledgement', 'acknowledgement.alertId', 'alert.alertId')
    .selectAll('alert')
    .select(['acknowledgement.reason as ackReason', 'acknowledgement.at as ackAt'])
    .$if(project !== undefined, (builder) => builder.where('alert.project', '=', project!))
    .$if(runId !== undefined, (builder) => builder.where('alert.runId', '=', runId!))
    .$if(states !== undefined, (builder) => builder.where('alert.state', 'in', [...states!]))
    .$if(id !== undefined, (builder) =>
      builder.where('alert.alertId', '>=', id!).where('alert.alertId', '<=', `${id!}\u{10ffff}`),
    )
    .$if(open === true, (builder) =>
      builder.where('alert.state', 'in', ['candidate', 'confirmed']).where((is) =>
        is.not(
          is.exists(
            is
              .selectFrom('acknowledgement as later')
              .select('later.alertId')
              .whereRef('later.seriesId', '=', 'alert.seriesId')
              .where((or) =>
                or.or([
                  or('later.alertId', '=', or.ref('alert.alertId')),
                  or('later.at', '>=', or.ref('alert.createdAt')),
                ]),
              ),
          ),
        ),
      ),
    )
    .orderBy('alert.createdAt', 'desc')
    .orderBy('alert.alertId')
    .limit(limit)
    .execute();
  return rows.map(storedAlert);
}

function storedAlert(
  row: Selectable<AlertTable> & { readonly ackReason: string | null; readonly ackAt: string | null },
): StoredAlert {
  const { alert, seriesId, createdAt, decidedAt, ackReason, ackAt } = row;
  return {
    alert: fromJson(alert),
    seriesId,
    createdAt,
    decidedAt,
    acknowledged: ackReason === null || ackAt === null ? null : { reason: ackReason, at: ackAt },
  };
}
