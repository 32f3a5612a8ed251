import type { Kysely } from 'kysely';

/**
 * Lists of runs and series read no row of a run: a row holds the whole result, and SQLite has to walk through it to the columns
 * behind it.
 */
export async function addRunIndexes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('run_summary')
    .ifNotExists()
    .on('run')
    .columns([
      'project',
      'kind',
      'started_at',
      'run_id',
      'workflow_id',
      'finished_at',
      'verdict',
      'source_commit',
      'source_branch',
      'parent',
    ])
    .execute();
  await db.schema.createIndex('run_by_kind').ifNotExists().on('run').columns(['run_id', 'kind']).execute();
}
