import type { Kysely } from 'kysely';

/** What `advise --verify` has found: each remedy, and each verification as a whole. */
export async function addAdvice(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('verified_advice')
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.run_id'))
    .addColumn('audit', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('verified_by', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('verified', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('verified_advice_key', ['run_id', 'audit', 'fingerprint'] as never[])
    .execute();
  await db.schema.createIndex('verified_advice_by_project').on('verified_advice').column('project').execute();
  await db.schema
    .createTable('advice_verification')
    .addColumn('verified_by', 'text', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.run_id'))
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .execute();
}
