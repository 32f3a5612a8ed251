/** A run, from its start to its result. */
import type { Updateable } from 'kysely';
import { beginningOf, boundedProblem } from '../model/bounds.ts';
import { PacelineError, type Problem } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import { projectNameOf } from '../model/project-name.ts';
import type { ProjectFiles } from '../model/project-files.ts';
import type { RunResult, Verdict } from '../model/result.ts';
import { upgradeResult } from '../model/upgrade-result.ts';
import type { HostFacts, RunRef, SourceFacts, SourceSpec, StandIn } from '../model/run.ts';
import { type Database, query, transact, type Trx } from './database.ts';
import { fromJson, fromJsonOrNull, type Json, toJson } from './json.ts';
import type { RunKind, RunTable } from './schema.ts';

export interface NewRun {
  readonly run: RunRef;
  /** The data directory whose engine objects belong to this run. */
  readonly instance: string;
  readonly source: SourceSpec;
  /** ISO 8601. */
  readonly startedAt: string;
  /** @default 'benchmark' */
  readonly kind?: RunKind;
  /** For one side of a comparison: the run that it was made for. */
  readonly parent?: string | null;
}

export interface ResolvedPlan {
  readonly plan: Plan;
  /** null until the project is read, if the plan does not name it. */
  readonly service: string | null;
  readonly project: string;
  readonly standIns: readonly StandIn[];
}

export interface RunConclusion {
  readonly result: RunResult;
  readonly verdict: Verdict;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** One line of `paceline history`. */
export interface RunSummary {
  readonly run: RunRef;
  readonly project: string;
  readonly startedAt: string;
  /** null while it runs, or if its worker stopped before writing a result. */
  readonly finishedAt: string | null;
  readonly verdict: Verdict | null;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly kind: RunKind;
  readonly parent: string | null;
}

export interface RunFilter {
  readonly project?: string;
  /** The run's id, or its first characters. Without it, sides of comparisons are not shown as runs. */
  readonly id?: string;
  /** Only finished runs. */
  readonly finished?: boolean;
  /** @default 50 */
  readonly limit?: number;
}

/** Idempotent. Until the plan is read, the project is named after its directory or repository. */
export async function openRun(db: Database, newRun: NewRun): Promise<void> {
  const { run, instance, source, startedAt, kind = 'benchmark', parent = null } = newRun;
  await transact(db, (trx) =>
    trx
      .insertInto('run')
      .values({
        ...run,
        instance,
        sourceSpec: toJson(source),
        startedAt,
        project: nameOf(source),
        standIns: toJson([]),
        kind,
        parent,
      })
      .onConflict((conflict) => conflict.column('runId').doNothing())
      .execute(),
  );
}

export async function setSource(db: Database, run: RunRef, facts: SourceFacts): Promise<void> {
  await update(db, run, {
    sourceOrigin: facts.origin,
    sourceDirectory: facts.directory,
    sourceCommit: facts.commit,
    sourceBranch: facts.branch,
    sourceDirty: facts.dirty === null ? null : Number(facts.dirty),
  });
}

export async function setPlan(db: Database, run: RunRef, resolved: ResolvedPlan): Promise<void> {
  const { plan, service, project, standIns } = resolved;
  await update(db, run, { plan: toJson(plan), service, project, standIns: toJson(standIns) });
}

/** A later attempt reads the same copy of the project, and stores the same. */
export async function setProjectFiles(db: Database, run: RunRef, files: ProjectFiles): Promise<void> {
  await update(db, run, { projectFiles: toJson(files) });
}

/** In the order in which they took the run; a host that comes back is still one. */
export async function addHost(db: Database, run: RunRef, { id, fingerprint }: HostFacts): Promise<void> {
  const { key, detail } = fingerprint;
  await inRun(db, run, async (trx) => {
    const known = await trx.selectFrom('runHost').select('hostId').where('runId', '=', run.runId).execute();
    if (known.some(({ hostId }) => hostId === id)) return;
    await trx
      .insertInto('runHost')
      .values({ runId: run.runId, position: known.length, hostId: id, ...key, detail: toJson(detail) })
      .execute();
  });
}

/** A project can cause any number of notes. */
const MOST_NOTES = 200;
const NOTES_LEFT_OUT = `Further notes were left out: a run keeps ${MOST_NOTES}.`;

/** Each note once, in order of arrival: a second attempt of an activity repeats its notes. */
export async function addNotes(db: Database, run: RunRef, notes: readonly string[]): Promise<void> {
  await inRun(db, run, async (trx) => {
    const rows = await trx.selectFrom('runNote').select('note').where('runId', '=', run.runId).execute();
    const known = new Set(rows.map(({ note }) => note));
    for (const note of new Set(notes.map((each) => beginningOf(each)))) {
      if (known.has(note) || known.size > MOST_NOTES) continue;
      if (known.size === MOST_NOTES) {
        await trx
          .insertInto('runNote')
          .values({ runId: run.runId, position: MOST_NOTES, note: NOTES_LEFT_OUT })
          .execute();
        return;
      }
      await trx.insertInto('runNote').values({ runId: run.runId, position: known.size, note }).execute();
      known.add(note);
    }
  });
}

/** Each once, as for notes. */
export async function addProblems(db: Database, run: RunRef, problems: readonly Problem[]): Promise<void> {
  await inRun(db, run, async (trx) => {
    const rows = await trx.selectFrom('runProblem').select('problem').where('runId', '=', run.runId).execute();
    const known = new Set<string>(rows.map(({ problem }) => problem));
    for (const given of problems) {
      const { type } = given;
      const problem = toJson<Problem>(boundedProblem(given));
      if (known.has(problem)) continue;
      await trx.insertInto('runProblem').values({ runId: run.runId, position: known.size, type, problem }).execute();
      known.add(problem);
    }
  });
}

/** The first result counts. @returns the stored one */
export async function finishRun(db: Database, run: RunRef, conclusion: RunConclusion): Promise<RunResult> {
  const { result, verdict, finishedAt } = conclusion;
  return inRun(db, run, async (trx) => {
    await trx
      .updateTable('run')
      .set({ result: toJson(result), verdict, finishedAt })
      .where('runId', '=', run.runId)
      .where('finishedAt', 'is', null)
      .execute();
    return (await storedResult(trx, run.runId))!;
  });
}

/** Adds notes to a stored result, each once: what happened after the run was judged. @throws if it has no result */
export function addResultNotes(db: Database, run: RunRef, notes: readonly string[]): Promise<RunResult> {
  return inRun(db, run, async (trx) => {
    const known = await storedResult(trx, run.runId);
    if (known === null) throw new Error(`run ${run.runId} has no result yet`);
    const added = notes.map((note) => beginningOf(note)).filter((note) => !known.notes.includes(note));
    if (added.length === 0) return known;
    const result = { ...known, notes: [...known.notes, ...new Set(added)] };
    await trx
      .updateTable('run')
      .set({ result: toJson(result) })
      .where('runId', '=', run.runId)
      .execute();
    return result;
  });
}

/** @returns null if the run is unknown or has no result yet */
export function result(db: Database, runId: string): Promise<RunResult | null> {
  return query(db, () => storedResult(db, runId));
}

/** @returns null if the run is unknown */
export async function runRef(db: Database, runId: string): Promise<RunRef | null> {
  const row = await query(db, () =>
    db.selectFrom('run').select(['runId', 'workflowId']).where('runId', '=', runId).executeTakeFirst(),
  );
  return row ?? null;
}

/** What the run was asked to measure. null if the run is unknown */
export async function sourceSpec(db: Database, runId: string): Promise<SourceSpec | null> {
  const row = await query(db, () =>
    db.selectFrom('run').select('sourceSpec').where('runId', '=', runId).executeTakeFirst(),
  );
  return row === undefined ? null : fromJson(row.sourceSpec);
}

/** Runs without a result. @param instance only of this data directory; null: of the whole store */
export function unfinishedRuns(db: Database, instance: string | null): Promise<RunRef[]> {
  return query(db, () =>
    db
      .selectFrom('run')
      .select(['runId', 'workflowId'])
      .where('finishedAt', 'is', null)
      .$if(instance !== null, (builder) => builder.where('instance', '=', instance!))
      .orderBy('startedAt')
      .execute(),
  );
}

/** Newest first. */
export function listRuns(db: Database, filter: RunFilter): Promise<RunSummary[]> {
  const { project, id, finished, limit = 50 } = filter;
  return query(db, async () => {
    const rows = await db
      .selectFrom('run')
      .select(['runId', 'workflowId', 'project', 'startedAt', 'finishedAt', 'verdict', 'kind', 'parent'])
      .select(['sourceCommit as commit', 'sourceBranch as branch'])
      .$if(project !== undefined, (builder) => builder.where('project', '=', project!))
      .$if(id === undefined, (builder) => builder.where('kind', '=', 'benchmark'))
      .$if(id !== undefined, (builder) => builder.where('runId', '>=', id!).where('runId', '<=', `${id!}\u{10ffff}`))
      .$if(finished === true, (builder) => builder.where('finishedAt', 'is not', null))
      .orderBy('startedAt', 'desc')
      .orderBy('runId')
      .limit(limit)
      .execute();
    return rows.map(({ runId, workflowId, ...row }) => ({ run: { workflowId, runId }, ...row }));
  });
}

/** The newest finished benchmarks of a project, newest first. */
export function recentResults(db: Database, project: string, limit: number): Promise<RunResult[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('run')
      .select('result')
      .where('project', '=', project)
      .where('kind', '=', 'benchmark')
      .where('result', 'is not', null)
      .orderBy('startedAt', 'desc')
      .limit(limit)
      .execute();
    return rows.flatMap(({ result }) => upgraded(result) ?? []);
  });
}

/** Names of projects with a benchmark. The project that was run last comes first. */
export function projects(db: Database): Promise<string[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('run')
      .select(['project', ({ fn }) => fn.max('startedAt').as('latest')])
      .where('kind', '=', 'benchmark')
      .groupBy('project')
      .orderBy('latest', 'desc')
      .execute();
    return rows.map(({ project }) => project);
  });
}

/** A transaction on an existing run. @throws PacelineError RunUnknown if there is none */
export function inRun<T>(db: Database, { runId }: RunRef, work: (trx: Trx) => Promise<T>): Promise<T> {
  return transact(db, async (trx) => {
    const row = await trx.selectFrom('run').select('runId').where('runId', '=', runId).executeTakeFirst();
    if (row === undefined) throw unknownRun(runId);
    return work(trx);
  });
}

export function unknownRun(runId: string): PacelineError {
  return new PacelineError({
    type: 'RunUnknown',
    what: `Run ${runId} is not in the store of this data directory.`,
    next: 'If the data directory was emptied or changed during the run, start the run again. `paceline history` lists the stored runs.',
  });
}

async function storedResult(db: Database | Trx, runId: string): Promise<RunResult | null> {
  const row = await db.selectFrom('run').select('result').where('runId', '=', runId).executeTakeFirst();
  return upgraded(row?.result ?? null);
}

/** A result of an older version, in the form of this one. */
function upgraded(stored: Json<RunResult> | null): RunResult | null {
  const result = fromJsonOrNull(stored);
  return result === null ? null : upgradeResult(result);
}

function update(db: Database, run: RunRef, values: Updateable<RunTable>) {
  return inRun(db, run, (trx) => trx.updateTable('run').set(values).where('runId', '=', run.runId).execute());
}

/** The name until the plan is read. */
function nameOf(source: SourceSpec): string {
  if ('git' in source) return projectNameOf({ remote: source.git, folder: '', subfolder: source.path ?? '' });
  return /^\/+$/.test(source.path) ? source.path : projectNameOf({ remote: null, folder: source.path, subfolder: '' });
}
