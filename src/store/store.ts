/**
 * Everything that outlives a run: in `store.sqlite` of the data directory, or in a PostgreSQL that hosts share. What an activity's attempt stores is stored
 * once: a later attempt is given what the first one committed.
 */
import type { Problem } from '../model/failure.ts';
import type { Measurement } from '../model/measurement.ts';
import type { BuildMode } from '../model/plan.ts';
import type { ProjectFiles } from '../model/project-files.ts';
import type { RunResult } from '../model/result.ts';
import type { BuildFacts, HostFacts, RunFacts, RunRef, SourceFacts, StartupFacts, TrialRecord } from '../model/run.ts';
import type { ExternalPoint } from '../model/external-point.ts';
import type { RegressionAlert, SeriesEntry, SeriesHistory, SeriesKey } from '../model/regression.ts';
import * as alerts from './alerts.ts';
import type { Acknowledgement, AlertFilter, StoredAlert } from './alerts.ts';
import { type Database, openDatabase, query } from './database.ts';
import * as digests from './digests.ts';
import type { FileDigest } from './digests.ts';
import { loadFacts } from './facts.ts';
import { instanceId, instanceIdIn } from './instance.ts';
import { type StoreLocation, storeLocation, type StoreOptions } from './location.ts';
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
export type { Acknowledgement, AlertFilter, FileDigest, HistoryRange, ImportedFilter, ImportedSeries, PrunableRun };
export type { Retention, ServingHost, SeriesFilter, SeriesSummary, StoredAlert };
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
  setProjectFiles(run: RunRef, files: ProjectFiles): Promise<void>;
  addHost(run: RunRef, host: HostFacts): Promise<void>;
  addNotes(run: RunRef, notes: readonly string[]): Promise<void>;
  addProblems(run: RunRef, problems: readonly Problem[]): Promise<void>;
  /** The first conclusion counts. @returns the one that is stored */
  finishRun(run: RunRef, conclusion: RunConclusion): Promise<RunResult>;
  loadFacts(run: RunRef): Promise<RunFacts>;
  /** null for a run that is not known or has no result yet. */
  result(runId: string): Promise<RunResult | null>;
  /** null for a run that is not known. */
  runRef(runId: string): Promise<RunRef | null>;
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
  /** Of each scenario of the project, by its id, as its tests took when they last passed. */
  lastSeconds(project: string): Promise<Readonly<Record<string, number>>>;
  /** null while it is not committed. */
  trial(key: TrialKey): Promise<TrialRecord | null>;

  /** What a run says of each series; the first commit counts. */
  savePoints(run: RunRef, entries: readonly SeriesEntry[]): Promise<void>;
  /** Points of benchmarks, events and alerts, in order of time; each by its key's place. */
  seriesHistories(keys: readonly SeriesKey[], range?: HistoryRange): Promise<readonly SeriesHistory[]>;
  listSeries(filter?: SeriesFilter): Promise<readonly SeriesSummary[]>;
  /** Concluded benchmarks from before there were series, the newest first. */
  runsWithoutPoints(limit: number): Promise<readonly RunRef[]>;
  /** A new segment from `at` on. @returns whether there is such a series */
  resetSeries(id: string, reset: { at: string; reason: string; runId: string | null }): Promise<boolean>;

  /** States only move forward. @returns what is stored, which may have been decided before */
  saveAlerts(run: RunRef, alerts: readonly RegressionAlert[]): Promise<readonly RegressionAlert[]>;
  /** The newest first. */
  alerts(filter?: AlertFilter): Promise<readonly StoredAlert[]>;
  /** @throws PacelineError WrongUsage where no alert begins so, several do, or it is not decided */
  acknowledge(id: string, acknowledgement: Acknowledgement): Promise<StoredAlert>;

  /** The newest concluded benchmarks, the newest first. */
  recentResults(project: string, limit: number): Promise<readonly RunResult[]>;
  /** The one that was run last first. */
  projects(): Promise<readonly string[]>;
  /** The oldest first; never one under way, nor one that an open alert names. */
  prunableRuns(retention: Retention): Promise<readonly PrunableRun[]>;
  deleteRun(runId: string): Promise<void>;

  /** All or none; those that are there already stay. @returns how many are new */
  importPoints(origin: string, points: readonly ExternalPoint[]): Promise<number>;
  keptInstead(origin: string, points: readonly ExternalPoint[]): Promise<readonly KeptInstead[]>;
  importedPoints(filter?: ImportedFilter): Promise<readonly ExternalPoint[]>;
  importedSeries(): Promise<readonly ImportedSeries[]>;

  saveDigests(run: RunRef, digests: readonly FileDigest[]): Promise<void>;
  digests(runId: string): Promise<readonly FileDigest[]>;
  /** Says that this host's worker writes here. @throws PacelineError StoreUnavailable where it is SQLite and another host's does */
  serveHost(host: ServingHost): Promise<void>;
  leaveHost(host: ServingHost): Promise<void>;

  claimSink(run: RunRef, sink: string): Promise<SinkClaim>;
  sinkDone(run: RunRef, sink: string): Promise<void>;

  close(): Promise<void>;
}

/**
 * Opens the store of a data directory, or the PostgreSQL that is named for it, creating it or bringing its schema up to
 * date.
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
    runRef: (runId) => runs.runRef(db, runId),
    unfinishedRuns: async () =>
      runs.unfinishedRuns(db, location.kind === 'sqlite' ? null : await instanceIdIn(dataDirectory)),
    listRuns: (filter = {}) => runs.listRuns(db, filter),
    saveBuild: (run, facts, measurements) => stages.saveBuild(db, run, facts, measurements),
    saveStartup: (run, facts, measurements) => stages.saveStartup(db, run, facts, measurements),
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
    recentResults: (project, limit) => runs.recentResults(db, project, limit),
    projects: () => runs.projects(db),
    prunableRuns: (keeping) => retention.prunableRuns(db, keeping),
    deleteRun: (runId) => retention.deleteRun(db, runId),
    importPoints: (origin, points) => imported.importPoints(db, origin, points),
    keptInstead: (origin, points) => imported.keptInstead(db, origin, points),
    importedPoints: (filter) => imported.importedPoints(db, filter),
    importedSeries: () => imported.importedSeries(db),
    saveDigests: (run, files) => digests.saveDigests(db, run, files),
    digests: (runId) => digests.digests(db, runId),
    serveHost: async (host) => (location.kind === 'sqlite' ? serveHost(db, host, new Date()) : undefined),
    leaveHost: async (host) => (location.kind === 'sqlite' ? leaveHost(db, host) : undefined),
    claimSink: (run, sink) => outbox.claimSink(db, run, sink),
    sinkDone: (run, sink) => outbox.sinkDone(db, run, sink),
    close: () => db.destroy(),
  };
}
