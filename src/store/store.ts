/**
 * Everything that outlives a run: in `store.sqlite` of the data directory, or in a PostgreSQL that hosts share. What an attempt of
 * an activity stores is stored once: a later attempt gets what the first one committed.
 */
import type { Problem } from '../model/failure.ts';
import type { Measurement } from '../model/measurement.ts';
import type { BuildMode } from '../model/plan.ts';
import type { ProjectFiles } from '../model/project-files.ts';
import type { RunResult } from '../model/result.ts';
import type {
  BuildFacts,
  HostFacts,
  RunFacts,
  RunRef,
  SourceFacts,
  SourceSpec,
  StartupFacts,
  TrialRecord,
} from '../model/run.ts';
import type { KeptRun } from '../model/kept-run.ts';
import type { ExternalPoint } from '../model/external-point.ts';
import type { RegressionAlert, SeriesEntry, SeriesHistory, SeriesKey } from '../model/regression.ts';
import type { StoredVerification, VerifyAdviceResult } from '../model/advice.ts';
import * as advice from './advice.ts';
import type { AdviceFilter } from './advice.ts';
import * as alerts from './alerts.ts';
import type { Acknowledgement, AlertFilter, StoredAlert } from './alerts.ts';
import { type Database, openDatabase, query } from './database.ts';
import * as digests from './digests.ts';
import type { FileDigest } from './digests.ts';
import { loadFacts } from './facts.ts';
import { instanceId, instanceIdIn } from './instance.ts';
import { type StoreLocation, storeLocation, type StoreOptions } from './location.ts';
import * as keptRuns from './kept-runs.ts';
import * as imported from './imported.ts';
import type { ImportedFilter, ImportedSeries, KeptInstead } from './imported.ts';
import { migrate } from './migrations.ts';
import * as outbox from './outbox.ts';
import type { SinkClaim } from './outbox.ts';
import * as retention from './retention.ts';
import type { PrunableRun, Retention } from './retention.ts';
import * as runs from './runs.ts';
import type { NewRun, ResolvedPlan, RunConclusion, RunFilter, RunSummary } from './runs.ts';
import * as series from './series.ts';
import type { HistoryRange, SeriesFilter, SeriesSummary } from './series.ts';
import { leaveHost, serveHost, type ServingHost } from './serving-host.ts';
import * as stages from './stages.ts';
import * as trials from './trials.ts';
import type { Intent, TrialKey } from './trials.ts';

export type { StoreOptions } from './location.ts';
export type { RunKind } from './schema.ts';
export type { AdviceFilter };
export type { Acknowledgement, AlertFilter, FileDigest, HistoryRange, ImportedFilter, ImportedSeries, PrunableRun };
export type { Retention, ServingHost, SeriesFilter, SeriesSummary, StoredAlert };
export type { Intent, NewRun, ResolvedPlan, RunConclusion, RunFilter, RunSummary, SinkClaim, TrialKey };

/**
 * All methods reject with PacelineError StoreUnavailable or DiskFull if the store cannot be used. Methods that take a run
 * reject with RunUnknown if the run is not stored (call `openRun` first).
 */
export interface Store {
  /** The random id of this data directory, for labels at the engine. */
  instanceId(): Promise<string>;

  openRun(run: NewRun): Promise<void>;
  setSource(run: RunRef, facts: SourceFacts): Promise<void>;
  setPlan(run: RunRef, resolved: ResolvedPlan): Promise<void>;
  setProjectFiles(run: RunRef, files: ProjectFiles): Promise<void>;
  addHost(run: RunRef, host: HostFacts): Promise<void>;
  addNotes(run: RunRef, notes: readonly string[]): Promise<void>;
  addProblems(run: RunRef, problems: readonly Problem[]): Promise<void>;
  /** The first result counts. @returns the stored one */
  finishRun(run: RunRef, conclusion: RunConclusion): Promise<RunResult>;
  loadFacts(run: RunRef): Promise<RunFacts>;
  /** null if the run is unknown or has no result yet. */
  result(runId: string): Promise<RunResult | null>;
  /** null if the run is unknown. */
  runRef(runId: string): Promise<RunRef | null>;
  /** What the run was asked to measure. null if the run is unknown. */
  sourceSpec(runId: string): Promise<SourceSpec | null>;
  /** Runs of this data directory without a result: running, or given up without a report. */
  unfinishedRuns(): Promise<readonly RunRef[]>;
  /** Newest first. */
  listRuns(filter?: RunFilter): Promise<readonly RunSummary[]>;

  saveBuild(run: RunRef, facts: BuildFacts, measurements: readonly Measurement[]): Promise<BuildFacts>;
  saveStartup(run: RunRef, facts: StartupFacts, measurements: readonly Measurement[]): Promise<StartupFacts>;
  /** Adds the tear-down to the stored start-up, and the times of both. The first one counts. */
  saveTearDown(run: RunRef, facts: StartupFacts, measurements: readonly Measurement[]): Promise<void>;
  /** null until it is committed. */
  build(run: RunRef, mode: BuildMode): Promise<BuildFacts | null>;
  /** null until it is committed. */
  startup(run: RunRef): Promise<StartupFacts | null>;

  /** Called before anything is created at the engine. */
  intend(key: TrialKey): Promise<Intent>;
  /** Stores the try and all its measurements, or nothing. The first commit counts. @returns the stored record */
  commitTrial(key: TrialKey, record: TrialRecord, measurements: readonly Measurement[]): Promise<TrialRecord>;
  /** By scenario id: how long the tests of each scenario of the project took when they last passed. */
  lastSeconds(project: string): Promise<Readonly<Record<string, number>>>;
  /** null until it is committed. */
  trial(key: TrialKey): Promise<TrialRecord | null>;

  /** The points of a run in all series. The first commit counts. */
  savePoints(run: RunRef, entries: readonly SeriesEntry[]): Promise<void>;
  /** Points of benchmarks, events and alerts, ordered by time, in the order of the keys. */
  seriesHistories(keys: readonly SeriesKey[], range?: HistoryRange): Promise<readonly SeriesHistory[]>;
  listSeries(filter?: SeriesFilter): Promise<readonly SeriesSummary[]>;
  /** Finished benchmarks from before series existed, newest first. */
  runsWithoutPoints(limit: number): Promise<readonly RunRef[]>;
  /** Starts a new segment at `at`. @returns whether the series exists */
  resetSeries(id: string, reset: { at: string; reason: string; runId: string | null }): Promise<boolean>;

  /** States only move forward. @returns what is stored, which may be an earlier decision */
  saveAlerts(run: RunRef, alerts: readonly RegressionAlert[]): Promise<readonly RegressionAlert[]>;
  /** Newest first. */
  alerts(filter?: AlertFilter): Promise<readonly StoredAlert[]>;
  /** @throws PacelineError WrongUsage if no alert or several begin with this id, or if it is not decided */
  acknowledge(id: string, acknowledgement: Acknowledgement): Promise<StoredAlert>;

  /** Of each remedy in a run the newest verification is kept. */
  saveVerification(result: VerifyAdviceResult, remedies: readonly StoredVerification[]): Promise<void>;
  /** How remedies ended, oldest first. */
  verifications(filter?: AdviceFilter): Promise<readonly StoredVerification[]>;
  /** By its own run id. null if it is unknown. */
  verification(verifiedBy: string): Promise<VerifyAdviceResult | null>;
  /** Of the advice of a run. null if none has finished. */
  newestVerification(runId: string): Promise<VerifyAdviceResult | null>;

  /** The newest finished benchmarks, newest first. */
  recentResults(project: string, limit: number): Promise<readonly RunResult[]>;
  /** The project that was run last comes first. */
  projects(): Promise<readonly string[]>;
  /** Oldest first. Never a running run, and never a run of an open alert. */
  prunableRuns(retention: Retention): Promise<readonly PrunableRun[]>;
  deleteRun(runId: string): Promise<void>;

  /** The newest finished benchmarks of a project, oldest first, as a history file keeps them. */
  keptRuns(filter: { readonly project: string; readonly limit: number }): Promise<readonly KeptRun[]>;
  /** Adds runs of a history file. What is stored does not change. @returns the number of new runs */
  addKeptRuns(runs: readonly KeptRun[]): Promise<number>;

  /** Stores all or none. Points that exist are not changed. @returns the number of new points */
  importPoints(origin: string, points: readonly ExternalPoint[]): Promise<number>;
  keptInstead(origin: string, points: readonly ExternalPoint[]): Promise<readonly KeptInstead[]>;
  importedPoints(filter?: ImportedFilter): Promise<readonly ExternalPoint[]>;
  importedSeries(): Promise<readonly ImportedSeries[]>;

  saveDigests(run: RunRef, digests: readonly FileDigest[]): Promise<void>;
  digests(runId: string): Promise<readonly FileDigest[]>;
  /** Records that this host's worker writes here. @throws PacelineError StoreUnavailable if it is SQLite and another host writes */
  serveHost(host: ServingHost): Promise<void>;
  leaveHost(host: ServingHost): Promise<void>;

  addResultNotes(run: RunRef, notes: readonly string[]): Promise<RunResult>;
  claimSink(run: RunRef, sink: string): Promise<SinkClaim>;
  sinkDone(run: RunRef, sink: string): Promise<void>;

  close(): Promise<void>;
}

/**
 * Opens the store of a data directory, or the PostgreSQL that is configured for it. Creates it or migrates its schema if needed.
 * @throws PacelineError StoreUnavailable (also: written by a newer Paceline, or too old) | DiskFull | WrongUsage
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const location = storeLocation(options);
  const db = await openDatabase(location);
  try {
    await query(db, migrate);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storeOver(db, location, options.dataDirectory);
}

function storeOver(db: Database, location: StoreLocation, dataDirectory: string): Store {
  return {
    instanceId: () => (location.kind === 'sqlite' ? instanceId(db) : instanceIdIn(dataDirectory)),
    openRun: (run) => runs.openRun(db, run),
    setSource: (run, facts) => runs.setSource(db, run, facts),
    setPlan: (run, resolved) => runs.setPlan(db, run, resolved),
    setProjectFiles: (run, files) => runs.setProjectFiles(db, run, files),
    addHost: (run, host) => runs.addHost(db, run, host),
    addNotes: (run, notes) => runs.addNotes(db, run, notes),
    addProblems: (run, problems) => runs.addProblems(db, run, problems),
    finishRun: (run, conclusion) => runs.finishRun(db, run, conclusion),
    loadFacts: ({ runId }) => loadFacts(db, runId),
    result: (runId) => runs.result(db, runId),
    sourceSpec: (runId) => runs.sourceSpec(db, runId),
    runRef: (runId) => runs.runRef(db, runId),
    unfinishedRuns: async () =>
      runs.unfinishedRuns(db, location.kind === 'sqlite' ? null : await instanceIdIn(dataDirectory)),
    listRuns: (filter = {}) => runs.listRuns(db, filter),
    saveBuild: (run, facts, measurements) => stages.saveBuild(db, run, facts, measurements),
    saveStartup: (run, facts, measurements) => stages.saveStartup(db, run, facts, measurements),
    saveTearDown: (run, facts, measurements) => stages.saveTearDown(db, run, facts, measurements),
    build: (run, mode) => stages.build(db, run, mode),
    startup: (run) => stages.startup(db, run),
    intend: (key) => trials.intend(db, key),
    commitTrial: (key, record, measurements) => trials.commitTrial(db, key, record, measurements),
    lastSeconds: (project) => trials.lastSeconds(db, project),
    trial: (key) => trials.trial(db, key),
    savePoints: (run, entries) => series.savePoints(db, run, entries),
    seriesHistories: (keys, range) => series.seriesHistories(db, keys, range),
    listSeries: (filter) => series.listSeries(db, filter),
    runsWithoutPoints: (limit) => series.runsWithoutPoints(db, limit),
    resetSeries: (id, reset) => series.resetSeries(db, id, reset),
    saveAlerts: (run, judged) => alerts.saveAlerts(db, run, judged),
    alerts: (filter) => alerts.listAlerts(db, filter),
    acknowledge: (id, acknowledgement) => alerts.acknowledge(db, id, acknowledgement),
    saveVerification: (result, remedies) => advice.saveVerification(db, result, remedies),
    verifications: (filter = {}) => advice.verifications(db, filter),
    verification: (verifiedBy) => advice.verification(db, verifiedBy),
    newestVerification: (runId) => advice.newestVerification(db, runId),
    recentResults: (project, limit) => runs.recentResults(db, project, limit),
    projects: () => runs.projects(db),
    prunableRuns: (keeping) => retention.prunableRuns(db, keeping),
    deleteRun: (runId) => retention.deleteRun(db, runId),
    keptRuns: (filter) => keptRuns.keptRuns(db, filter),
    addKeptRuns: (runs) => keptRuns.addKeptRuns(db, runs),
    importPoints: (origin, points) => imported.importPoints(db, origin, points),
    keptInstead: (origin, points) => imported.keptInstead(db, origin, points),
    importedPoints: (filter) => imported.importedPoints(db, filter),
    importedSeries: () => imported.importedSeries(db),
    saveDigests: (run, files) => digests.saveDigests(db, run, files),
    digests: (runId) => digests.digests(db, runId),
    serveHost: async (host) => (location.kind === 'sqlite' ? serveHost(db, host, new Date()) : undefined),
    leaveHost: async (host) => (location.kind === 'sqlite' ? leaveHost(db, host) : undefined),
    addResultNotes: (run, notes) => runs.addResultNotes(db, run, notes),
    claimSink: (run, sink) => outbox.claimSink(db, run, sink),
    sinkDone: (run, sink) => outbox.sinkDone(db, run, sink),
    close: () => db.destroy(),
  };
}
