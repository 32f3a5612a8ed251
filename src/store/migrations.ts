/** All changes of the schema, in order. Never edit a published one: existing stores were created by it. */
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { PacelineError } from '../model/failure.ts';
import { addAdvice } from './migrations/advice.ts';
import { addHistory } from './migrations/history.ts';
import { addProjectFiles } from './migrations/project-files.ts';
import { addRunIndexes } from './migrations/run-indexes.ts';
import { unifySeriesIds } from './migrations/series-ids.ts';
import { nodeSqliteDialect } from './node-sqlite.ts';
import type { Tables } from './schema.ts';

/** Sorted by name in the order in which they apply. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-runs-trials-measurements': { up: createTables },
  '0002-history': { up: addHistory },
  '0003-series-ids': { up: unifySeriesIds },
  '0004-project-files': { up: addProjectFiles },
  '0005-trial-hint': { up: addTrialHint },
  '0006-verified-advice': { up: addAdvice },
  '0007-trial-times': { up: addTrialTimes },
  '0008-run-indexes': { up: addRunIndexes },
};

/**
 * Updates the schema in one transaction: if the process dies, the store is unchanged, and of two processes that start
 * together the second one waits.
 * @throws PacelineError StoreUnavailable if a newer Paceline changed the schema, or the existing tables cannot be migrated
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const migrator = new Migrator({ db: trx, provider: { getMigrations: async () => MIGRATIONS } });
    const { applied, isEmpty } = await stateOf(trx);
    refuseNewer(applied);
    if (!isEmpty) refuseForeign(applied);
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    if (!isEmpty) await refuseIncomplete(trx);
  });
}

interface State {
  /** The migrations that were applied to this store. */
  readonly applied: readonly string[];
  /** True if none of the tables of the first migration exists. */
  readonly isEmpty: boolean;
}

/** Only the current schema of PostgreSQL counts: the one that unqualified names refer to. */
async function stateOf(db: Kysely<Tables>): Promise<State> {
  const all = await db.introspection.getTables({ withInternalKyselyTables: true });
  const own = all.some(({ schema }) => schema !== undefined) ? await currentSchema(db) : undefined;
  const names = new Set(all.filter(({ schema }) => schema === own).map(({ name }) => name));
  const isEmpty = !names.has('run') && !names.has('trial');
  if (!names.has('kysely_migration')) return { applied: [], isEmpty };
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return { applied: rows.map(({ name }) => name), isEmpty };
}

async function currentSchema(db: Kysely<Tables>): Promise<string | undefined> {
  const { rows } = await sql<{ own: string | null }>`select current_schema() as own`.execute(db);
  return rows[0]?.own ?? undefined;
}

function refuseNewer(applied: readonly string[]): void {
  const unknown = applied.find((name) => !(name in MIGRATIONS));
  if (unknown === undefined) return;
  throw new PacelineError({
    type: 'StoreUnavailable',
    what: `The store was written by a newer Paceline (its schema contains "${unknown}", which this version does not know).`,
    next: 'Use that version or a later one, or use another data directory with --data-dir.',
  });
}

/** Tables with our names that our migrations did not create: from a version before migrations, or from another program. */
function refuseForeign(applied: readonly string[]): void {
  const missing = Object.keys(MIGRATIONS)
    .slice(0, Math.max(1, applied.length))
    .find((name) => !applied.includes(name));
  if (missing === undefined) return;
  throw new PacelineError({
    type: 'StoreUnavailable',
    what: `The store was created by an older Paceline that cannot be migrated, or by another program (it has tables, but no record of "${missing}").`,
    next: MOVE_ASIDE,
  });
}

/** A version before the first release may have created the same tables with fewer columns. */
async function refuseIncomplete(db: Kysely<Tables>): Promise<void> {
  const [found, wanted] = [await columnsOf(db), await columnsWanted()];
  const missing = [...wanted].find((column) => !found.has(column));
  if (missing === undefined) return;
  throw new PacelineError({
    type: 'StoreUnavailable',
    what: `The store was created by an older Paceline that cannot be migrated (${missing} does not exist).`,
    next: MOVE_ASIDE,
  });
}

/** `table.column`, for the tables in the current schema. */
async function columnsOf(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const tables = await db.introspection.getTables();
  const own = tables.some(({ schema }) => schema !== undefined) ? await currentSchema(db) : undefined;
  return new Set(
    tables
      .filter(({ schema }) => schema === own)
      .flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`)),
  );
}

/** The columns that the migrations create in an empty database. */
async function columnsWanted(): Promise<ReadonlySet<string>> {
  const fresh = new Kysely<Tables>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:')) });
  try {
    for (const migration of Object.values(MIGRATIONS)) await migration.up(fresh);
    return await columnsOf(fresh);
  } finally {
    await fresh.destroy();
  }
}

const MOVE_ASIDE =
  'Move store.sqlite out of the data directory to start with a new store, or use another database with --store.';

async function createTables(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('instance')
    .addColumn('slot', 'integer', (column) => column.primaryKey().check(sql`slot = 1`))
    .addColumn('id', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('run')
    .addColumn('run_id', 'text', (column) => column.primaryKey())
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('instance', 'text', (column) => column.notNull())
    .addColumn('source_spec', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('finished_at', 'text')
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('service', 'text')
    .addColumn('plan', 'text')
    .addColumn('stand_ins', 'text', (column) => column.notNull())
    .addColumn('source_origin', 'text')
    .addColumn('source_directory', 'text')
    .addColumn('source_commit', 'text')
    .addColumn('source_branch', 'text')
    .addColumn('source_dirty', 'integer')
    .addColumn('verdict', 'text')
    .addColumn('result', 'text')
    .execute();
  await schema.createIndex('run_by_project').on('run').columns(['project', 'started_at']).execute();

  await ofRun(db, 'run_host', ['position'])
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('host_id', 'text', (column) => column.notNull())
    .addColumn('cpu_model', 'text', (column) => column.notNull())
    .addColumn('cores', 'integer', (column) => column.notNull())
    .addColumn('memory_gib', 'double precision', (column) => column.notNull())
    .addColumn('engine_major', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addUniqueConstraint('run_host_once', ['run_id', 'host_id'])
    .execute();
  await ofRun(db, 'run_note', ['position'])
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .execute();
  await ofRun(db, 'run_problem', ['position'])
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('problem', 'text', (column) => column.notNull())
    .execute();
  await ofRun(db, 'stage', ['stage'])
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .execute();
  await ofTrial(db, 'trial_intent')
    .addColumn('intended_at', 'text', (column) => column.notNull())
    .execute();
  await ofTrial(db, 'trial')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('scenario_name', 'text', (column) => column.notNull())
    .addColumn('command', 'text')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('seconds', 'double precision')
    .addColumn('exit_code', 'integer')
    .addColumn('tests_passed', 'integer')
    .addColumn('tests_failed', 'integer')
    .addColumn('tests_skipped', 'integer')
    .addColumn('tests_errors', 'integer')
    .addColumn('tests_reason', 'text')
    .addColumn('host_id', 'text', (column) => column.notNull())
    .addColumn('lane', 'text', (column) => column.notNull())
    .addColumn('reattached', 'integer', (column) => column.notNull())
    .addColumn('disturbed', 'text')
    .addColumn('problem', 'text')
    .addColumn('profile', 'text')
    .addColumn('log_tail', 'text')
    .addColumn('log_file', 'text')
    .addColumn('started_at', 'text')
    .addColumn('finished_at', 'text')
    .execute();

  await ofRun(db, 'measurement', ['owner', 'position'])
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('scenario_id', 'text')
    .addColumn('trial', 'integer')
    .addColumn('try', 'integer')
    .addColumn('service', 'text')
    .addColumn('metric', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('value', 'double precision')
    .addColumn('reason', 'text')
    .addColumn('source', 'text', (column) => column.notNull())
    .addCheckConstraint(
      'a_value_or_a_reason',
      sql`(kind = 'measured') = (value is not null) and (value is null) = (reason is not null)`,
    )
    .execute();
  await schema.createIndex('measurement_by_metric').on('measurement').columns(['metric', 'scenario_id']).execute();
  await ofRun(db, 'outbox', ['sink'])
    .addColumn('sink', 'text', (column) => column.notNull())
    .addColumn('claimed_at', 'text', (column) => column.notNull())
    .addColumn('done_at', 'text')
    .execute();
}

/** Trials of older versions have none. */
async function addTrialHint(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('trial').addColumn('hint', 'text').execute();
}

/** When the parts of a trial were. Trials of older versions have none. */
async function addTrialTimes(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('trial').addColumn('times', 'text').execute();
}

function ofRun(db: Kysely<unknown>, table: string, key: readonly string[]) {
  return db.schema
    .createTable(table)
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.run_id'))
    .addPrimaryKeyConstraint(`${table}_key`, ['run_id', ...key] as never[]);
}

function ofTrial(db: Kysely<unknown>, table: string) {
  return ofRun(db, table, ['scenario_id', 'trial', 'try'])
    .addColumn('scenario_id', 'text', (column) => column.notNull())
    .addColumn('trial', 'integer', (column) => column.notNull())
    .addColumn('try', 'integer', (column) => column.notNull());
}
