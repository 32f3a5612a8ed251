/** Gives series the id that is part of their alerts' ids. Before, the store used a second id. */
import { type Kysely, sql } from 'kysely';
import type { RegressionAlert, SeriesKey } from '../../model/regression.ts';
import { seriesId } from '../../model/series-id.ts';

export async function unifySeriesIds(db: Kysely<unknown>): Promise<void> {
  const series = await sql<{ id: string; key: string }>`select series_id as id, series_key as key from series`.execute(
    db,
  );
  for (const { id, key } of series.rows) await rename(db, id, seriesId(JSON.parse(key) as SeriesKey));
  // The series of an alert may have no point in the store.
  const alerts = await sql<{ id: string; alert: string }>`select alert_id as id, alert from alert`.execute(db);
  for (const { id, alert } of alerts.rows) {
    const now = seriesId((JSON.parse(alert) as RegressionAlert).key);
    await sql`update alert set series_id = ${now} where alert_id = ${id}`.execute(db);
    await sql`update acknowledgement set series_id = ${now} where alert_id = ${id}`.execute(db);
  }
}

/** Points refer to their series: the new row is inserted before they move, and the old row is deleted after that. */
async function rename(db: Kysely<unknown>, was: string, now: string): Promise<void> {
  if (was === now) return;
  await sql`insert into series (series_id, project, metric, scenario, series_key)
    select ${now}, project, metric, scenario, series_key from series where series_id = ${was}`.execute(db);
  await sql`update series_point set series_id = ${now} where series_id = ${was}`.execute(db);
  await sql`update reset set series_id = ${now} where series_id = ${was}`.execute(db);
  await sql`delete from series where series_id = ${was}`.execute(db);
}
