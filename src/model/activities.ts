/**
 * The contract between workflows and activities, types only. Workflows call `proxyActivities<BenchmarkActivities>()`;
 * `createActivities(deps)` in src/activities/index.ts satisfies it. Inputs stay small: whatever is large lies in the
 * run's folder or the store on the host, and the activities of that host read it there.
 */
import type { Problem } from './failure.ts';
import type { BuildMode, Plan, TrialSpec } from './plan.ts';
import type { RunResult } from './result.ts';
import type { BuildFacts, RunRef, SourceFacts, SourceSpec, StartupFacts, TestCounts, TrialOutcomeKind } from './run.ts';

/** The workflow's one input. `plan` is a paceline.yml as JSON; without it the project's own file at that commit counts. */
export interface BenchmarkInput {
  readonly source: SourceSpec;
  readonly plan?: unknown;
}

/** The queue that every worker serves; a host's own two queues are named by `claimHost`. */
export const SHARED_QUEUE = 'paceline';

export interface HostClaim {
  readonly hostId: string;
  /** Build, start-up and trials. */
  readonly measureQueue: string;
  /** Everything else: never behind a trial. */
  readonly controlQueue: string;
  /** Those of Paceline's search attributes that the server knows: setting another would block the workflow for ever. */
  readonly searchAttributes: readonly string[];
}

/** What the workflow needs of the resolved plan; the whole lies in the run's folder. */
export interface ResolvedRun {
  readonly plan: Plan;
  readonly service: string;
  /** The services that are started beside the test service; none makes start-up not applicable. */
  readonly services: readonly string[];
  /** Whether any image is built here at all. */
  readonly builds: boolean;
  /** How many trials run beside each other. */
  readonly lanes: number;
  /** In the order in which they are to run. */
  readonly trials: readonly TrialSpec[];
  /** How often a trial is begun anew after it was lost, the first time included. */
  readonly maxTries: number;
}

export interface TrialSummary {
  readonly outcome: TrialOutcomeKind;
  readonly seconds: number | null;
  readonly exitCode: number | null;
  readonly tests: TestCounts | null;
  readonly reason: string | null;
  /** Decided by the activity: begin it anew (it was lost), or not. */
  readonly again: boolean;
}

export interface BenchmarkActivities {
  /** A host and its queues: the one that the source names, or whichever takes the task. `exclude` are hosts found dead. */
  readonly claimHost: (input: {
    readonly source: SourceSpec;
    readonly exclude: readonly string[];
  }) => Promise<HostClaim>;
  /** Answers as long as the host's worker is alive. */
  readonly ping: () => Promise<void>;
  /** Makes the run known to the store before anything else happens. */
  readonly openRun: (input: {
    readonly run: RunRef;
    readonly source: SourceSpec;
    readonly startedAt: string;
  }) => Promise<void>;
  /** Takes down what closed runs of this instance left. @returns what was removed, in words */
  readonly reap: (input: { readonly run: RunRef | null }) => Promise<readonly string[]>;
  /** Whether the host is fit, clean and quiet. @returns warnings; throws what makes a benchmark impossible */
  readonly preflight: (input: { readonly run: RunRef }) => Promise<readonly string[]>;
  readonly prepareSource: (input: { readonly run: RunRef; readonly source: SourceSpec }) => Promise<SourceFacts>;
  readonly resolvePlan: (input: { readonly run: RunRef; readonly plan?: unknown }) => Promise<ResolvedRun>;
  readonly buildImages: (input: { readonly run: RunRef; readonly mode: BuildMode }) => Promise<BuildFacts>;
  readonly startServices: (input: { readonly run: RunRef }) => Promise<StartupFacts>;
  readonly runTrial: (input: {
    readonly run: RunRef;
    readonly spec: TrialSpec;
    readonly try: number;
  }) => Promise<TrialSummary>;
  /** The trials of a further round, while more could settle a verdict and the plan allows them. @returns none when it is time to judge */
  readonly nextTrials: (input: { readonly run: RunRef }) => Promise<readonly TrialSpec[]>;
  /** Judges what is stored; stores the result. Pure but for reading and writing the store. */
  readonly analyze: (input: {
    readonly run: RunRef;
    readonly problems: readonly Problem[];
    readonly notes: readonly string[];
    readonly cancelled: boolean;
  }) => Promise<RunResult>;
  /** Writes the report files. @returns their folder on the host */
  readonly publish: (input: { readonly run: RunRef }) => Promise<string>;
  /** Takes down everything of this run that is still there. */
  readonly cleanUpRun: (input: { readonly run: RunRef }) => Promise<void>;
}

/** What heartbeats carry, so that the UI's pending activities and the live progress can tell what goes on. */
export interface Heartbeat {
  readonly phase: 'waiting' | 'preparing' | 'building' | 'starting' | 'testing' | 'collecting' | 'stopping';
  readonly note?: string;
}
