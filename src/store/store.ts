/**
 * Everything that outlives a run, in `store.sqlite` of the data directory. What an activity's attempt stores is stored
 * once: a later attempt is given what the first one committed.
 */
import { join } from 'node:path';
import type { Problem } from '../model/failure.ts';
import type { Measurement } from '../model/measurement.ts';
import type { BuildMode } from '../model/plan.ts';
import type { RunResult } from '../model/result.ts';
import type { BuildFacts, HostFacts, RunFacts, RunRef, SourceFacts, StartupFacts, TrialRecord } from '../model/run.ts';
import { type Database, openDatabase, query } from './database.ts';
import { loadFacts } from './facts.ts';
import { instanceId } from './instance.ts';
import { migrate } from './migrations.ts';
import * as outbox from './outbox.ts';
import type { SinkClaim } from './outbox.ts';
import * as runs from './runs.ts';
import type { NewRun, ResolvedPlan, RunConclusion, RunFilter, RunSummary } from './runs.ts';
import * as stages from './stages.ts';
import * as trials from './trials.ts';
import type { Intent, TrialKey } from './trials.ts';

export type { Intent, NewRun, ResolvedPlan, RunConclusion, RunFilter, RunSummary, SinkClaim, TrialKey };

/**
 * All methods reject with PacelineError StoreUnavailable or DiskFull where the file cannot be used, and those that take a
 * run with RunUnknown where it is not known (`openRun` comes first).
 */
export interface Store {
  /** The random id of this data directory, for labels at the engine. */
  instanceId(): Promise<string>;

  openRun(run: NewRun): Promise<void>;
  setSource(run: RunRef, facts: SourceFacts): Promise<void>;
  setPlan(run: RunRef, resolved: ResolvedPlan): Promise<void>;
  addHost(run: RunRef, host: HostFacts): Promise<void>;
  addNotes(run: RunRef, notes: readonly string[]): Promise<void>;
  addProblems(run: RunRef, problems: readonly Problem[]): Promise<void>;
  /** The first conclusion counts. @returns the one that is stored */
  finishRun(run: RunRef, conclusion: RunConclusion): Promise<RunResult>;
  loadFacts(run: RunRef): Promise<RunFacts>;
  /** null for a run that is not known or has no result yet. */
  result(runId: string): Promise<RunResult | null>;
  /** Runs of this data directory that nobody has concluded: at work, or given up without a word. */
  unfinishedRuns(): Promise<readonly RunRef[]>;
  /** The newest first. */
  listRuns(filter?: RunFilter): Promise<readonly RunSummary[]>;

  saveBuild(run: RunRef, facts: BuildFacts, measurements: readonly Measurement[]): Promise<BuildFacts>;
  saveStartup(run: RunRef, facts: StartupFacts, measurements: readonly Measurement[]): Promise<StartupFacts>;
  /** null while it is not committed. */
  build(run: RunRef, mode: BuildMode): Promise<BuildFacts | null>;
  /** null while it is not committed. */
  startup(run: RunRef): Promise<StartupFacts | null>;

  /** Comes before anything is made at the engine. */
  intend(key: TrialKey): Promise<Intent>;
  /** The try and all its measurements, or nothing. The first commit counts. @returns the record that is stored */
  commitTrial(key: TrialKey, record: TrialRecord, measurements: readonly Measurement[]): Promise<TrialRecord>;
  /** null while it is not committed. */
  trial(key: TrialKey): Promise<TrialRecord | null>;

  claimSink(run: RunRef, sink: string): Promise<SinkClaim>;
  sinkDone(run: RunRef, sink: string): Promise<void>;

  close(): Promise<void>;
}

/**
 * Opens the store of a data directory, creating it or bringing its schema up to date.
 * @throws PacelineError StoreUnavailable (also: written by a newer Paceline) | DiskFull
 */
export async function openStore({ dataDirectory }: { readonly dataDirectory: string }): Promise<Store> {
  const db = await openDatabase(join(dataDirectory, 'store.sqlite'));
  try {
    await query(db, migrate);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storeOver(db);
}

function storeOver(db: Database): Store {
  return {
    instanceId: () => instanceId(db),
    openRun: (run) => runs.openRun(db, run),
    setSource: (run, facts) => runs.setSource(db, run, facts),
    setPlan: (run, resolved) => runs.setPlan(db, run, resolved),
    addHost: (run, host) => runs.addHost(db, run, host),
    addNotes: (run, notes) => runs.addNotes(db, run, notes),
    addProblems: (run, problems) => runs.addProblems(db, run, problems),
    finishRun: (run, conclusion) => runs.finishRun(db, run, conclusion),
    loadFacts: ({ runId }) => loadFacts(db, runId),
    result: (runId) => runs.result(db, runId),
    unfinishedRuns: () => runs.unfinishedRuns(db),
    listRuns: (filter = {}) => runs.listRuns(db, filter),
    saveBuild: (run, facts, measurements) => stages.saveBuild(db, run, facts, measurements),
    saveStartup: (run, facts, measurements) => stages.saveStartup(db, run, facts, measurements),
    build: (run, mode) => stages.build(db, run, mode),
    startup: (run) => stages.startup(db, run),
    intend: (key) => trials.intend(db, key),
    commitTrial: (key, record, measurements) => trials.commitTrial(db, key, record, measurements),
    trial: (key) => trials.trial(db, key),
    claimSink: (run, sink) => outbox.claimSink(db, run, sink),
    sinkDone: (run, sink) => outbox.sinkDone(db, run, sink),
    close: () => db.destroy(),
  };
}
