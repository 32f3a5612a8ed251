/**
 * The tables, as the queries see them (Kysely's CamelCasePlugin gives them their snake_case names). Only types that
 * SQLite and PostgreSQL share: text, integer (also for booleans: 0 and 1), double precision, and JSON as text.
 */
import type { MeasuredValue, MetricName, Unit } from '../model/measurement.ts';
import type { TrialProfile } from '../model/profile.ts';
import type { FailureType, Problem } from '../model/failure.ts';
import type { Plan, TrialSpec } from '../model/plan.ts';
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
}

/** One row: whose objects at the engine are ours. */
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
}

/** The key part of the fingerprint stands in columns, for it parts baselines. */
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

/** `build.cold`, `build.warm`, `build.source-change`, `startup`. */
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
  seconds: number | null;
  exitCode: number | null;
  /** All four are null where the tests were not counted. */
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

/** One measurement; `value` or `reason`, as its kind has it. */
export interface MeasurementTable {
  runId: string;
  /** With what it was committed: a stage, or `<scenario>/<trial>/<try>`. */
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
