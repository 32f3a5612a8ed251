/**
 * The result of a run: what the workflow returns, `--json` prints and result.json holds. It is an API: docs/result.md
 * explains it, docs/result.schema.json checks it. Absent numbers are null, with a reason next to them.
 */
import type { MetricName, Unit } from './measurement.ts';
import type { Lack } from './plan.ts';
import type { HostProfile } from './profile/host-profile.ts';
import type { FixtureCost, PytestProfile, WorkerLoad } from './profile/pytest-profile.ts';
import type { TrialResources } from './profile/trial-resources.ts';
import type { ContainerTraffic, LogFinding, ServiceQueries, ServiceTiming } from './profile/services.ts';
import type { BuildFacts, Fingerprint, Lane, ServiceStartup, StandIn, TrialOutcomeKind } from './run.ts';
import type { TearDownFacts } from './stage-times.ts';
import type { TestCounts } from './test-counts.ts';

/** `upgradeResult` reads the older ones. */
export const RESULT_SCHEMA_VERSION = 2;

/** First that applies, in this order. */
export const VERDICTS = ['cancelled', 'error', 'failed', 'regressed', 'missed', 'inconclusive', 'pass'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How one part of a run did against its target. */
export type PartVerdict = 'pass' | 'missed' | 'failed' | 'error' | 'notApplicable' | 'notMeasured';

export interface PhaseResult {
  readonly seconds: number | null;
  /** Why `seconds` is null. */
  readonly reason: string | null;
  readonly target: number | null;
  readonly verdict: PartVerdict;
}

export interface TrialResult {
  readonly trial: number;
  readonly try: number;
  readonly kind: 'warmup' | 'measured';
  readonly seconds: number | null;
  readonly exitCode: number | null;
  readonly outcome: TrialOutcomeKind;
  readonly reason: string | null;
  readonly hostId: string;
  readonly lane: Lane;
  readonly tests: TestCounts | null;
  readonly testsReason: string | null;
  /** Which tests ran, by their number and a digest of their names; null if pytest was not instrumented. */
  readonly testSet: PytestProfile['testSet'] | null;
  /** The test that was running when the tests were killed or stopped; null if none was, or none is known. */
  readonly unfinishedTest: string | null;
  readonly reattached: boolean;
  /** What disturbed it, with figures; null if nothing was noticed. It is a sample only if no other trial is. */
  readonly disturbed: string | null;
  /** The trials of this run that ran at the same time, in lanes of their own. */
  readonly concurrentWith: readonly { readonly scenario: string; readonly trial: number }[];
}

/** Default scenarios that the image of the tests cannot run. */
export interface ScenariosLeftOut {
  /** One sentence: how many, why, and what enables them. */
  readonly message: string;
  readonly scenarios: readonly {
    readonly name: string;
    readonly lacks: readonly { readonly kind: Lack['kind']; readonly name: string }[];
  }[];
}

export interface ScenarioResult {
  readonly name: string;
  /** null: the test service's own command. */
  readonly command: readonly string[] | null;
  /** The median of its clean measured trials. */
  readonly seconds: number | null;
  readonly reason: string | null;
  readonly target: number | null;
  readonly verdict: PartVerdict;
  readonly primary: boolean;
  /** As one of its trials saw pytest from inside; null if none did. */
  readonly pytest: PytestSummary | null;
  /** How many clean trials `seconds` is the median of. */
  readonly samples: number;
  /** Of that median; null for a single sample. */
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null;
  /** Seconds by which two such medians must differ for the difference to be detected; null for fewer than three samples. */
  readonly minimumDetectableEffect: number | null;
  readonly trials: readonly TrialResult[];
}

/** The effective configuration of a scenario, and the parts of its wall time. */
export interface PytestSummary
  extends Pick<PytestProfile, 'configuration' | 'path' | 'testSet' | 'coverageReportSeconds'> {
  readonly trial: number;
  /** Its tests were red or broke off: the figures inform, and are never compared with those of another run. */
  readonly ofFailedTrial: boolean;
}

/** Where the time of the primary scenario's tests goes: the costliest rows of one trial. */
export interface PytestDetails
  extends Pick<
    PytestProfile,
    | 'slowestTests'
    | 'markers'
    | 'directories'
    | 'files'
    | 'failedTests'
    | 'unfinishedTest'
    | 'sleeps'
    | 'collectedFiles'
    | 'connections'
    | 'coverageSettings'
  > {
  readonly workers: readonly Pick<WorkerLoad, 'worker' | 'tests' | 'busySeconds'>[];
  readonly fixtures: readonly Omit<FixtureCost, 'definition' | 'value'>[];
  readonly scenario: string;
  readonly trial: number;
  /** Its tests were red or broke off: the figures inform, and are never compared with those of another run. */
  readonly ofFailedTrial: boolean;
}

/** The first tests that failed in one trial of a scenario. */
export interface FailedTests {
  readonly scenario: string;
  readonly trial: number;
  /** How many failed; `tests` has the first five. */
  readonly total: number;
  /** `message`: the first line of its error; null if the end of the output has none. */
  readonly tests: readonly { readonly id: string; readonly message: string | null }[];
}

export interface MetricResult {
  readonly metric: MetricName;
  readonly unit: Unit;
  readonly value: number | null;
  readonly reason: string | null;
  readonly source: string;
  readonly scenario: string | null;
  readonly trial: number | null;
  readonly service: string | null;
  /** Its tests were red or broke off: the figures inform, and are never compared with those of another run. */
  readonly ofFailedTrial: boolean;
  readonly target: number | null;
  readonly verdict: PartVerdict;
}

/** What one trial recorded of the services next to the tests. */
export interface ServicesResult {
  /** The primary scenario, and the trial in which it was recorded. */
  readonly scenario: string;
  readonly trial: number;
  /** Its tests were red or broke off: the figures inform, and are never compared with those of another run. */
  readonly ofFailedTrial: boolean;
  readonly timings: readonly ServiceTiming[];
  readonly queries: readonly ServiceQueries[];
  readonly traffic: readonly ContainerTraffic[];
}

/** Findings in logs, from the trial that probed the services and from those whose tests failed. */
export interface LogResult extends LogFinding {
  readonly scenario: string;
  readonly trial: number;
}

/** What one trial of a scenario used, and how busy its host was meanwhile; null if nothing was seen. */
export interface ResourcesResult {
  readonly scenario: string;
  readonly trial: number;
  /** Its tests were red or broke off: the figures inform, and are never compared with those of another run. */
  readonly ofFailedTrial: boolean;
  /** What was used over time is in the facts. */
  readonly resources: Omit<TrialResources, 'memory' | 'curves'> | null;
  readonly host: HostProfile | null;
}

export interface Alert {
  readonly kind: 'target' | 'regression' | 'change' | 'schedule' | 'failure';
  readonly state: 'raised' | 'candidate' | 'confirmed' | 'cleared' | 'inconclusive';
  readonly metric: MetricName | null;
  readonly scenario: string | null;
  readonly message: string;
  /** Whether it decides the verdict. */
  readonly gate: boolean;
}

export interface Advice {
  /** Of the audit that gave it. */
  readonly id: string;
  /** Something could be faster, or a failure is explained. */
  readonly kind: 'opportunity' | 'problem';
  readonly state: AdviceState;
  readonly message: string;
  readonly evidence: readonly string[];
  /** In a file of the project; null where no file is to blame, or the place is not known. */
  readonly where: { readonly file: string; readonly line: number } | null;
  readonly saves: Saving | null;
  readonly remedy: Remedy | null;
  /** What the remedy changes of the start-up: savings of several remedies overlap there. Absent for others, and from older versions. */
  readonly startup?: readonly StartupChange[];
  /** How the remedy was tried; absent until `advise --verify` has tried it. */
  readonly tried?: TriedAdvice;
}

export type StartupChange =
  /** So much less time between its start and its end. */
  | { readonly kind: 'earlier'; readonly service: string; readonly seconds: number }
  /** `from` no longer waits for `to`. */
  | { readonly kind: 'withoutEdge'; readonly from: string; readonly to: string }
  | { readonly kind: 'withoutService'; readonly service: string };

export type TriedReason =
  | 'gain'
  | 'noGain'
  | 'slower'
  | 'testsRed'
  | 'testsChanged'
  | 'broken'
  | 'doesNotApply'
  | 'testsUnstable'
  | 'baseRed'
  | 'notMeasured'
  | 'budget'
  | 'noise'
  | 'folderChanged';

/** The outcome of a verification, in short: `advise --verify` stores all of it. */
export interface TriedAdvice {
  /** ISO 8601. */
  readonly at: string;
  /** The run whose advice was tried: this one, or an earlier one with the same advice. */
  readonly ofRun: string;
  readonly reason: TriedReason;
  /** What the engine or the tests said; null where the reason says it all. */
  readonly detail: string | null;
  /** The figure with the remedy over the figure without it; null where it was not measured. */
  readonly ratio: { readonly value: number; readonly low: number; readonly high: number } | null;
}

export type AdviceState = 'predicted' | 'verified' | 'rejected' | 'inconclusive';

/** What a remedy takes away from one figure. */
export interface Saving {
  readonly figure: MetricName;
  /** The scenario's name where the figure belongs to one; null or absent if it does not. */
  readonly scenario?: string | null;
  readonly unit: Unit;
  /** `low` and `high` are null where the prediction has no interval. null: nothing can be predicted. */
  readonly predicted: { readonly value: number; readonly low: number | null; readonly high: number | null } | null;
  /** Measured in pairs on one host; null until `advise --verify` has measured it. */
  readonly verified: VerifiedSaving | null;
}

export interface VerifiedSaving {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

export type Remedy =
  | { readonly kind: 'patch'; readonly patch: string }
  /** Keys of the plan with their new values. */
  | { readonly kind: 'planOverride'; readonly set: Readonly<Record<string, string>> }
  | { readonly kind: 'steps'; readonly steps: readonly string[] };

/** What one check on the facts of the run came to. */
export interface CheckResult {
  readonly id: string;
  /** The state that it looks for. */
  readonly title: string;
  readonly outcome: 'found' | 'ok' | 'notApplicable' | 'inconclusive' | 'failed';
  /** A sentence; null for `found`, which `advice` explains. For `failed` what was thrown. */
  readonly reason: string | null;
}

export interface ErrorResult {
  readonly type: string;
  readonly what: string;
  readonly next: string;
  readonly detail: string | null;
}

export interface RunResult {
  readonly schemaVersion: typeof RESULT_SCHEMA_VERSION;
  readonly runId: string;
  readonly workflowId: string;
  readonly project: string;
  readonly startedAt: string;
  readonly source: {
    /** null when the run ended before its source was read. */
    readonly origin: string | null;
    readonly commit: string | null;
    readonly branch: string | null;
    readonly dirty: boolean | null;
  };
  readonly hosts: readonly {
    readonly id: string;
    readonly fingerprint: Fingerprint;
    readonly standIns: readonly StandIn[];
  }[];
  readonly verdict: Verdict;
  /** One sentence that explains the verdict. */
  readonly summary: string;
  readonly phases: {
    readonly build: PhaseResult;
    readonly startup: PhaseResult;
    readonly test: PhaseResult;
    readonly total: PhaseResult;
  };
  readonly scenarios: readonly ScenarioResult[];
  /** null if the plan names its scenarios, or the image can run all default ones. */
  readonly scenariosLeftOut: ScenariosLeftOut | null;
  /** Absent if no test failed, or none is known by name. */
  readonly failedTests?: readonly FailedTests[];
  readonly metrics: readonly MetricResult[];
  /** Step by step, in the order in which they were made. */
  readonly builds: readonly BuildFacts[];
  /** Of the start-up that is judged: when each service was made, started, ready and healthy. */
  readonly startup: readonly ServiceStartup[];
  /** How the services ended when they were asked to stop; null if that was not measured. Results of older versions have none. */
  readonly tearDown?: TearDownFacts | null;
  /** null if no trial came to look. */
  readonly pytest: PytestDetails | null;
  readonly services: ServicesResult | null;
  /** One row a scenario, of the clean trial nearest to its median. */
  readonly resources: readonly ResourcesResult[];
  /** What matters most first. */
  readonly logs: readonly LogResult[];
  readonly alerts: readonly Alert[];
  readonly advice: readonly Advice[];
  /** Every check that was made, found or not. Results that older versions stored have none. */
  readonly checks?: readonly CheckResult[];
  readonly errors: readonly ErrorResult[];
  readonly notes: readonly string[];
}
