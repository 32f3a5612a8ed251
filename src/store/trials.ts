/** Trials: an intent before anything is created at the engine, then one transaction with all measurements. */
import type { Insertable, Selectable } from 'kysely';
import type { Measurement } from '../model/measurement.ts';
import type { RunRef, TrialRecord } from '../model/run.ts';
import type { StageTimes } from '../model/stage-times.ts';
import type { TestCounts } from '../model/test-counts.ts';
import { type Database, query, type Trx } from './database.ts';
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from './json.ts';
import { insertMeasurements } from './measurements.ts';
import { inRun } from './runs.ts';
import type { TrialTable } from './schema.ts';

/** One try of one trial. */
export interface TrialKey {
  readonly run: RunRef;
  readonly scenarioId: string;
  readonly trial: number;
  readonly try: number;
}

/** `known`: an earlier attempt recorded the same intent. If its container is gone, its outcome is unknown. */
export type Intent = 'new' | 'known';

/** Records that this try will be created at the engine. @returns whether it was recorded before */
export function intend(db: Database, key: TrialKey): Promise<Intent> {
  return inRun(db, key.run, async (trx) => {
    const inserted = await trx
      .insertInto('trialIntent')
      .values({ ...columnsOf(key), intendedAt: new Date().toISOString() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return inserted.numInsertedOrUpdatedRows === 1n ? 'new' : 'known';
  });
}

/**
 * Stores the try and all its measurements, or nothing. The measurements belong to this try, whatever their subjects are.
 * The first commit counts.
 * @returns what is stored: this record, or that of an earlier attempt
 */
export function commitTrial(
  db: Database,
  key: TrialKey,
  record: TrialRecord,
  measurements: readonly Measurement[],
): Promise<TrialRecord> {
  const { run, scenarioId, trial, try: attempt } = key;
  return inRun(db, run, async (trx) => {
    const before = await stored(trx, key);
    if (before !== null) return before;
    const committed = { ...record, scenarioId, trial, try: attempt };
    const subject = { scenario: scenarioId, trial, try: attempt };
    await trx.insertInto('trial').values(toRow(run, committed)).execute();
    await insertMeasurements(
      trx,
      run,
      `${scenarioId}/${trial}/${attempt}`,
      measurements.map((measurement) => ({ ...measurement, subject: { ...measurement.subject, ...subject } })),
    );
    return committed;
  });
}

/** @returns null until it is committed */
export function trial(db: Database, key: TrialKey): Promise<TrialRecord | null> {
  return query(db, () => stored(db, key));
}

/** How long each scenario's tests took when they last passed, in any run of the project; seconds by scenario id. */
export async function lastSeconds(db: Database, project: string): Promise<Readonly<Record<string, number>>> {
  const rows = await query(db, () =>
    db
      .selectFrom('trial')
      .innerJoin('run', 'run.runId', 'trial.runId')
      .select(['trial.scenarioId', 'trial.seconds'])
      .where('run.project', '=', project)
      .where('trial.outcome', '=', 'passed')
      .where('trial.seconds', 'is not', null)
      .orderBy('trial.startedAt', 'desc')
      .limit(LOOKED_THROUGH)
      .execute(),
  );
  return Object.fromEntries(rows.toReversed().map(({ scenarioId, seconds }) => [scenarioId, seconds!]));
}

/** The last runs of any plan: older times say little about the next trial. */
const LOOKED_THROUGH = 1_000;

/** All tries of a run, ordered by scenario, trial and try. */
export async function trialsOf(db: Database, runId: string): Promise<TrialRecord[]> {
  const rows = await db
    .selectFrom('trial')
    .selectAll()
    .where('runId', '=', runId)
    .orderBy('scenarioId')
    .orderBy('trial')
    .orderBy('try')
    .execute();
  return rows.map(fromRow);
}

async function stored(db: Database | Trx, key: TrialKey): Promise<TrialRecord | null> {
  const { runId, scenarioId, trial, try: attempt } = columnsOf(key);
  const row = await db
    .selectFrom('trial')
    .selectAll()
    .where('runId', '=', runId)
    .where('scenarioId', '=', scenarioId)
    .where('trial', '=', trial)
    .where('try', '=', attempt)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function columnsOf({ run, scenarioId, trial, try: attempt }: TrialKey) {
  return { runId: run.runId, scenarioId, trial, try: attempt };
}

function toRow({ runId }: RunRef, record: TrialRecord): Insertable<TrialTable> {
  const { command, hint, times, tests, lane, problem, profile, reattached, disturbed, ...scalars } = record;
  return {
    runId,
    ...scalars,
    command: toJsonOrNull(command),
    hint: toJsonOrNull(hint ?? null),
    times: toJsonOrNull(times ?? null),
    testsPassed: tests?.passed ?? null,
    testsFailed: tests?.failed ?? null,
    testsSkipped: tests?.skipped ?? null,
    testsErrors: tests?.errors ?? null,
    lane: toJson(lane),
    reattached: Number(reattached),
    disturbed: toJsonOrNull(disturbed),
    problem: toJsonOrNull(problem),
    profile: toJsonOrNull(profile),
  };
}

function fromRow(row: Selectable<TrialTable>): TrialRecord {
  const { runId: _, testsPassed, testsFailed, testsSkipped, testsErrors, times, ...scalars } = row;
  const tests: TestCounts | null =
    testsPassed === null
      ? null
      : { passed: testsPassed, failed: testsFailed ?? 0, skipped: testsSkipped ?? 0, errors: testsErrors ?? 0 };
  return {
    ...scalars,
    command: fromJsonOrNull(row.command),
    hint: fromJsonOrNull(row.hint),
    tests,
    lane: fromJson(row.lane),
    reattached: row.reattached === 1,
    disturbed: fromJsonOrNull(row.disturbed),
    problem: fromJsonOrNull(row.problem),
    profile: fromJsonOrNull(row.profile),
    ...(times === null ? {} : { times: fromJson<StageTimes>(times) }),
  };
}
