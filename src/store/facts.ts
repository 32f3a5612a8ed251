/** Collects everything that is stored about a run, for the analysis. */
import { BUILD_MODES } from '../model/plan.ts';
import type { RunFacts, SourceFacts, SourceSpec } from '../model/run.ts';
import { type Database, query } from './database.ts';
import { fromJson, fromJsonOrNull } from './json.ts';
import { measurementsOf } from './measurements.ts';
import { unknownRun } from './runs.ts';
import { build, startup } from './stages.ts';
import { trialsOf } from './trials.ts';

/** @throws PacelineError RunUnknown if the run is not stored */
export function loadFacts(db: Database, runId: string): Promise<RunFacts> {
  return query(db, async () => {
    const row = await db.selectFrom('run').selectAll().where('runId', '=', runId).executeTakeFirst();
    if (row === undefined) throw unknownRun(runId);
    const run = { workflowId: row.workflowId, runId };
    const builds = await Promise.all(BUILD_MODES.map((mode) => build(db, run, mode)));
    const hosts = await db.selectFrom('runHost').selectAll().where('runId', '=', runId).orderBy('position').execute();
    const notes = await db
      .selectFrom('runNote')
      .select('note')
      .where('runId', '=', runId)
      .orderBy('position')
      .execute();
    const problems = await db
      .selectFrom('runProblem')
      .select('problem')
      .where('runId', '=', runId)
      .orderBy('position')
      .execute();
    return {
      run,
      startedAt: row.startedAt,
      finishedAt: row.finishedAt,
      project: row.project,
      plan: fromJsonOrNull(row.plan),
      service: row.service,
      source: sourceOf(row),
      hosts: hosts.map(({ hostId, cpuModel, cores, memoryGib, engineMajor, detail }) => ({
        id: hostId,
        fingerprint: { key: { cpuModel, cores, memoryGib, engineMajor }, detail: fromJson(detail) },
      })),
      standIns: fromJson(row.standIns),
      builds: builds.filter((facts) => facts !== null),
      startup: await startup(db, run),
      trials: await trialsOf(db, runId),
      measurements: await measurementsOf(db, runId),
      problems: problems.map(({ problem }) => fromJson(problem)),
      notes: notes.map(({ note }) => note),
      cancelled: row.verdict === 'cancelled',
      projectFiles: fromJsonOrNull(row.projectFiles),
      ...baseOf(fromJson(row.sourceSpec)),
    };
  });
}

function baseOf(source: SourceSpec): Pick<RunFacts, 'base'> {
  return 'base' in source && source.base !== undefined ? { base: source.base } : {};
}

interface SourceColumns {
  readonly sourceOrigin: string | null;
  readonly sourceDirectory: string | null;
  readonly sourceCommit: string | null;
  readonly sourceBranch: string | null;
  readonly sourceDirty: number | null;
}

function sourceOf(row: SourceColumns): SourceFacts | null {
  if (row.sourceOrigin === null || row.sourceDirectory === null) return null;
  return {
    origin: row.sourceOrigin,
    directory: row.sourceDirectory,
    commit: row.sourceCommit,
    branch: row.sourceBranch,
    dirty: row.sourceDirty === null ? null : row.sourceDirty === 1,
  };
}
