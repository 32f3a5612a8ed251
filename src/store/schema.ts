/**
 * The tables as the queries see them (Kysely's CamelCasePlugin maps the names to snake_case). Only types that SQLite and
 * PostgreSQL share: text, integer (0 and 1 for booleans), double precision, and JSON as text.
 */
import type { Generated } from 'kysely';
import type { StoredVerification, VerifyAdviceResult } from '../model/advice.ts';
import type { MeasuredValue, MetricName, Unit } from '../model/measurement.ts';
import type { ExternalPoint } from '../model/external-point.ts';
import type { AlertState, RegressionAlert, SeriesKey, SeriesPoint } from '../model/regression.ts';
import type { TrialProfile } from '../model/profile/trial-profile.ts';
import type { OutputHint } from '../model/output-hint.ts';
import type { StageTimes } from '../model/stage-times.ts';
import type { FailureType, Problem } from '../model/failure.ts';
import type { Plan, TrialSpec } from '../model/plan.ts';
import type { ProjectFiles } from '../model/project-files.ts';
import type { RunResult, Verdict } from '../model/result.ts';
import type {
  BuildFacts,
  Disturbance,
  Fingerprint,
  Lane,
  SourceSpec,
  StandIn,
  StartupFacts,
  TrialOutcomeKind,
} from '../model/run.ts';
import type { Json } from './json.ts';

export interface Tables {
  instance: InstanceTable;
  run: RunTable;
  runHost: RunHostTable;
  runNote: RunNoteTable;
  runProblem: RunProblemTable;
  stage: StageTable;
  trialIntent: TrialIntentTable;
  trial: TrialTable;
  measurement: MeasurementTable;
  outbox: OutboxTable;
  series: SeriesTable;
  seriesPoint: SeriesPointTable;
  alert: AlertTable;
  acknowledgement: AcknowledgementTable;
  reset: ResetTable;
  importedPoint: ImportedPointTable;
  fileDigest: FileDigestTable;
  servingHost: ServingHostTable;
  verifiedAdvice: VerifiedAdviceTable;
  adviceVerification: AdviceVerificationTable;
}

/** One row: the id of this store for its engine objects. */
interface InstanceTable {
  slot: 1;
  id: string;
}

export interface RunTable {
  runId: string;
  workflowId: string;
  instance: string;
  sourceSpec: Json<SourceSpec>;
  startedAt: string;
  finishedAt: string | null;
  project: string;
  service: string | null;
  plan: Json<Plan> | null;
  standIns: Json<readonly StandIn[]>;
  /** null until the source is prepared. */
  sourceOrigin: string | null;
  sourceDirectory: string | null;
  sourceCommit: string | null;
  sourceBranch: string | null;
  sourceDirty: number | null;
  verdict: Verdict | null;
  result: Json<RunResult> | null;
  kind: Generated<RunKind>;
  /** For one side of a comparison: the run that it was made for. */
  parent: string | null;
  /** null until the project is resolved. */
  projectFiles: Json<ProjectFiles> | null;
}

/** Only benchmarks are used as a baseline. `check`: a benchmark of a proposed change. `comparison`: a side of a comparison. */
export type RunKind = 'benchmark' | 'comparison' | 'check';

/** The main part of the fingerprint has its own columns, because baselines are grouped by it. */
interface RunHostTable {
  runId: string;
  position: number;
  hostId: string;
  cpuModel: string;
  cores: number;
  memoryGib: number;
  engineMajor: string;
  detail: Json<Fingerprint['detail']>;
}

interface RunNoteTable {
  runId: string;
  position: number;
  note: string;
}

interface RunProblemTable {
  runId: string;
  position: number;
  type: FailureType;
  problem: Json<Problem>;
}

/** `build.cold`, `build.warm`, `build.source-change` and those of the other modes, `startup`. */
export type StageName = `build.${BuildFacts['mode']}` | 'startup';

interface StageTable {
  runId: string;
  stage: StageName;
  facts: Json<BuildFacts | StartupFacts>;
}

interface TrialIntentTable {
  runId: string;
  scenarioId: string;
  trial: number;
  try: number;
  intendedAt: string;
}

export interface TrialTable {
  runId: string;
  scenarioId: string;
  trial: number;
  try: number;
  kind: TrialSpec['kind'];
  scenarioName: string;
  command: Json<readonly string[]> | null;
  outcome: TrialOutcomeKind;
  reason: string | null;
  hint: Json<OutputHint> | null;
  times: Json<StageTimes> | null;
  seconds: number | null;
  exitCode: number | null;
  /** All four are null if the tests were not counted. */
  testsPassed: number | null;
  testsFailed: number | null;
  testsSkipped: number | null;
  testsErrors: number | null;
  testsReason: string | null;
  hostId: string;
  lane: Json<Lane>;
  reattached: number;
  disturbed: Json<Disturbance> | null;
  problem: Json<Problem> | null;
  profile: Json<TrialProfile> | null;
  logTail: string | null;
  logFile: string | null;
  startedAt: string | null;
  finishedAt: string | null;
}

/** One measurement. Has a `value` or a `reason`, depending on its kind. */
export interface MeasurementTable {
  runId: string;
  /** What it was committed with: a stage, or `<scenario>/<trial>/<try>`. */
  owner: string;
  position: number;
  scenarioId: string | null;
  trial: number | null;
  try: number | null;
  service: string | null;
  metric: MetricName;
  unit: Unit;
  kind: MeasuredValue['kind'];
  value: number | null;
  reason: string | null;
  source: string;
}

interface OutboxTable {
  runId: string;
  sink: string;
  claimedAt: string;
  doneAt: string | null;
}

/** A series: the parts that are searched as columns, the rest of its key as JSON. */
interface SeriesTable {
  seriesId: string;
  project: string;
  metric: string;
  scenario: string | null;
  seriesKey: Json<SeriesKey>;
}

interface SeriesPointTable {
  seriesId: string;
  runId: string;
  at: string;
  value: number;
  point: Json<SeriesPoint>;
}

export interface AlertTable {
  alertId: string;
  runId: string;
  seriesId: string;
  project: string;
  state: AlertState;
  alert: Json<RegressionAlert>;
  createdAt: string;
  decidedAt: string | null;
}

interface AcknowledgementTable {
  alertId: string;
  seriesId: string;
  runId: string;
  reason: string;
  at: string;
}

interface ResetTable {
  seriesId: string;
  at: string;
  runId: string | null;
  reason: string;
}

/** A figure of another tool. Never used as a baseline. */
interface ImportedPointTable {
  origin: string;
  name: string;
  measure: string;
  at: string;
  /** Empty if the tool does not report it. */
  commitId: string;
  value: number;
  point: Json<ExternalPoint>;
}

interface FileDigestTable {
  runId: string;
  /** Relative to the run's directory. */
  file: string;
  bytes: number;
  sha256: string;
}

/** One row: the host whose worker writes to a SQLite file, and when it last reported. */
interface ServingHostTable {
  slot: 1;
  engineId: string;
  host: string;
  seenAt: string;
}

/** How a remedy of a run ended when it was tried last. */
interface VerifiedAdviceTable {
  /** The benchmark that gave the advice. */
  runId: string;
  audit: string;
  fingerprint: string;
  project: string;
  verifiedBy: string;
  at: string;
  state: StoredVerification['verification']['state'];
  verified: Json<StoredVerification>;
}

interface AdviceVerificationTable {
  /** Temporal's run id. */
  verifiedBy: string;
  runId: string;
  at: string;
  result: Json<VerifyAdviceResult>;
}
