/** The stages that a run measures once: builds and start-up. The first commit counts. */
import type { Measurement } from '../model/measurement.ts';
import type { BuildMode } from '../model/plan.ts';
import type { BuildFacts, RunRef, StartupFacts } from '../model/run.ts';
import { type Database, query, type Trx } from './database.ts';
import { fromJson, toJson } from './json.ts';
import { insertMeasurements } from './measurements.ts';
import { inRun } from './runs.ts';
import type { StageName } from './schema.ts';

/** @returns what is stored: these facts, or those of an earlier attempt */
export function saveBuild(
  db: Database,
  run: RunRef,
  facts: BuildFacts,
  measurements: readonly Measurement[],
): Promise<BuildFacts> {
  return save(db, run, `build.${facts.mode}`, facts, measurements);
}

/** @returns what is stored: these facts, or those of an earlier attempt */
export function saveStartup(
  db: Database,
  run: RunRef,
  facts: StartupFacts,
  measurements: readonly Measurement[],
): Promise<StartupFacts> {
  return save(db, run, 'startup', facts, measurements);
}

/** What came after the start-up was stored; nothing if it is not. */
export function saveTearDown(
  db: Database,
  run: RunRef,
  { tearDown = null, times }: StartupFacts,
  measurements: readonly Measurement[],
): Promise<void> {
  return inRun(db, run, async (trx) => {
    const before = await stored<StartupFacts>(trx, run, 'startup');
    if (before === null || before.tearDown !== undefined) return;
    const facts: StartupFacts = { ...before, tearDown, ...(times === undefined ? {} : { times }) };
    await trx
      .updateTable('stage')
      .set({ facts: toJson(facts) })
      .where('runId', '=', run.runId)
      .where('stage', '=', 'startup')
      .execute();
    await insertMeasurements(trx, run, 'teardown', measurements);
  });
}

export function build(db: Database, run: RunRef, mode: BuildMode): Promise<BuildFacts | null> {
  return query(db, () => stored<BuildFacts>(db, run, `build.${mode}`));
}

export function startup(db: Database, run: RunRef): Promise<StartupFacts | null> {
  return query(db, () => stored<StartupFacts>(db, run, 'startup'));
}

function save<F extends BuildFacts | StartupFacts>(
  db: Database,
  run: RunRef,
  stage: StageName,
  facts: F,
  measurements: readonly Measurement[],
): Promise<F> {
  return inRun(db, run, async (trx) => {
    const before = await stored<F>(trx, run, stage);
    if (before !== null) return before;
    await trx
      .insertInto('stage')
      .values({ runId: run.runId, stage, facts: toJson(facts) })
      .execute();
    await insertMeasurements(trx, run, stage, measurements);
    return facts;
  });
}

async function stored<F extends BuildFacts | StartupFacts>(
  db: Database | Trx,
  { runId }: RunRef,
  stage: StageName,
): Promise<F | null> {
  const row = await db
    .selectFrom('stage')
    .select('facts')
    .where('runId', '=', runId)
    .where('stage', '=', stage)
    .executeTakeFirst();
  return row === undefined ? null : (fromJson(row.facts) as F);
}
