/** What a run read of the project's own files; null for the runs before. */
import type { Kysely } from 'kysely';

export async function addProjectFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('run').addColumn('project_files', 'text').execute();
}
