/** Adds series, alerts and decisions about them; the owner of a comparison run; digests of a run's files. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function addHistory(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('run')
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo('benchmark'))
    .execute();
  await schema.alterTable('run').addColumn('parent', 'text').execute();
  await schema.createIndex('run_by_time').on('run').columns(['started_at']).execute();

  await schema
    .createTable('series')
    .addColumn('series_id', 'text', (column) => column.primaryKey())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('metric', 'text', (column) => column.notNull())
    .addColumn('scenario', 'text')
    .addColumn('series_key', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('series_by_project').on('series').columns(['project', 'metric', 'scenario']).execute();
  await schema
    .createTable('series_point')
    .addColumn('series_id', 'text', (column) => column.notNull().references('series.series_id'))
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.run_id'))
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .addColumn('point', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('series_point_key', ['series_id', 'run_id'] as never[])
    .execute();
  await schema.createIndex('series_point_by_time').on('series_point').columns(['series_id', 'at']).execute();
  await schema.createIndex('series_point_by_run').on('series_point').columns(['run_id']).execute();

  await schema
    .createTable('alert')
    .addColumn('alert_id', 'text', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.run_id'))
    .addColumn('series_id', 'text', (column) => column.notNull())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('alert', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('decided_at', 'text')
    .execute();
  await schema.createIndex('alert_by_project').on('alert').columns(['project', 'created_at']).execute();
  await schema.createIndex('alert_by_run').on('alert').columns(['run_id']).execute();
  await schema.createIndex('alert_by_series').on('alert').columns(['series_id']).execute();
  await schema
    .createTable('acknowledgement')
    .addColumn('alert_id', 'text', (column) => column.primaryKey())
    .addColumn('series_id', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('reset')
    .addColumn('series_id', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('reset_key', ['series_id', 'at'] as never[])
    .execute();

  await schema
    .createTable('imported_point')
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('measure', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('commit_id', 'text', (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .addColumn('point', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('imported_point_key', ['origin', 'name', 'measure', 'at', 'commit_id'] as never[])
    .execute();
  await schema
    .createTable('file_digest')
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.run_id'))
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('bytes', 'double precision', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('file_digest_key', ['run_id', 'file'] as never[])
    .execute();
  await schema
    .createTable('serving_host')
    .addColumn('slot', 'integer', (column) => column.primaryKey().check(sql`slot = 1`))
    .addColumn('engine_id', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'text', (column) => column.notNull())
    .execute();
}
