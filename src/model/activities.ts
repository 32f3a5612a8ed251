/**
 * The contract between workflows and activities, types only. Workflows call `proxyActivities<BenchmarkActivities>()`;
 * `createActivities(deps)` in src/activities/index.ts satisfies it. Inputs stay small: large data is in the
 * run's folder or the store on the host, and the activities of that host read it there.
 */
import type {
  FolderState,
  RemedyEvidence,
  RemedyOnTrial,
  Together,
  TogetherResult,
  Verification,
  VerificationStep,
  VerifyAdviceResult,
} from './advice.ts';
import type { HostClaim } from './host-claim.ts';
import type { ComparedPart, CompareInput, CompareResult, Taken } from './comparison.ts';
import type { Problem } from './failure.ts';
import type { BuildMode, Plan, TrialSpec } from './plan.ts';
import type { Candidate, ConfirmationStep, RegressionAlert, Suspect } from './regression.ts';
import type { RunResult } from './result.ts';
import type { BuildFacts, RunRef, SourceFacts, SourceSpec, StartupFacts, TrialOutcomeKind } from './run.ts';
import type { TestCounts } from './test-counts.ts';
import type { TunePlan, TuneResult, TuneStep, TuneTaken, Tried } from './tune.ts';
import type { Variant } from './variant.ts';

/** The workflow's one input. `plan` is a paceline.yml as JSON; without it the project's own file at that commit counts. */
export interface BenchmarkInput {
  readonly source: SourceSpec;
  readonly plan?: unknown;
  /** Maximum time to confirm what looks slower. @default 900 */
  readonly confirmSeconds?: number;
}

/** The queue that every worker serves; a host's own two queues are named by `claimHost`. */
export const SHARED_QUEUE = 'paceline';

/** What the workflow needs of the resolved plan; the whole plan is in the run's folder. */
export interface ResolvedRun {
  readonly plan: Plan;
  readonly service: string;
  /** The services that start next to the test service; without any, start-up is not applicable. */
  readonly services: readonly string[];
  /** Whether any image is built here at all. */
  readonly builds: boolean;
  /** How many trials run at the same time. */
  readonly lanes: number;
  /** In the order in which they are to run. */
  readonly trials: readonly TrialSpec[];
  /** How often a trial is started: the first time and the retries after it was lost. */
  readonly maxTries: number;
  /**
   * The plan names no scenarios: it has the default ones, or by now what `fitScenarios` made of them. Absent if it
   * names its own, and in histories from before this was known.
   */
  readonly scenarios?: 'byDefault' | 'fitted';
}

export interface TrialSummary {
  readonly outcome: TrialOutcomeKind;
  readonly seconds: number | null;
  readonly exitCode: number | null;
  readonly tests: TestCounts | null;
  readonly reason: string | null;
  /** Decided by the activity: retry the trial (it was lost), or not. */
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
  /** `patch` is put onto the copy; `name` is how a message calls it. Absent in histories from before there was one. */
  readonly prepareSource: (input: {
    readonly run: RunRef;
    readonly source: SourceSpec;
    readonly patch?: { readonly text: string; readonly name: string };
  }) => Promise<SourceFacts>;
  /** `side`: of a comparison, whose base takes plan and lane shape from its head (`like`); `set` are its plan overrides. */
  readonly resolvePlan: (input: {
    readonly run: RunRef;
    readonly plan?: unknown;
    readonly side?: { readonly like: RunRef | null; readonly set?: Variant['set'] };
  }) => Promise<ResolvedRun>;
  readonly buildImages: (input: { readonly run: RunRef; readonly mode: BuildMode }) => Promise<BuildFacts>;
  /**
   * Asks the image of the tests what it has, once it is built. Default scenarios that it cannot run are left out, and the
   * test service's own command becomes the primary scenario. Only for a plan that names no scenarios.
   */
  readonly fitScenarios: (input: { readonly run: RunRef }) => Promise<ResolvedRun>;
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
    /** Final alerts of this run's suspicions; absent in histories from before there were any. */
    readonly decided?: readonly RegressionAlert[];
  }) => Promise<RunResult>;
  /**
   * Writes the report files. @returns their folder on the host
   * @param input.notes what happened since the run was judged; added to its result. Absent at the first time.
   */
  readonly publish: (input: { readonly run: RunRef; readonly notes?: readonly string[] }) => Promise<string>;
  /** Who has to learn something about the run. @returns names; their addresses stay on the host */
  readonly receivers: (input: { readonly run: RunRef }) => Promise<readonly string[]>;
  /** Tells one receiver what it has not been told yet. */
  readonly notify: (input: { readonly run: RunRef; readonly receiver: string }) => Promise<void>;
  /** Takes down everything of this run that is still there. */
  readonly cleanUpRun: (input: { readonly run: RunRef }) => Promise<void>;

  /** Compares the run with earlier ones and stores its point in each series. @returns what has to be confirmed */
  readonly suspicions: (input: { readonly run: RunRef }) => Promise<readonly Candidate[]>;
  /**
   * Makes the side of a comparison, or one sample of it, known to the store. `from` gives it source, plan and images of
   * another run; without it the source is yet to be prepared.
   */
  readonly openSide: (input: {
    readonly run: RunRef;
    readonly parent: RunRef;
    readonly source: SourceSpec;
    readonly startedAt: string;
    readonly from?: { readonly run: RunRef; readonly modes?: readonly BuildMode[] };
  }) => Promise<void>;
  /** What to measure next to decide about a suspicion, or how it ended. */
  readonly nextMeasurement: (input: {
    readonly candidate: Candidate;
    readonly head: RunRef;
    readonly base: RunRef;
    readonly taken: readonly Taken[];
    readonly baseUnavailable: string | null;
    readonly stopped: string | null;
  }) => Promise<ConfirmationStep>;
  /** The phases and scenarios that are asked for, as far as the project has them. */
  readonly comparedParts: (
    input: { readonly run: RunRef } & Pick<CompareInput, 'phases' | 'scenarios'>,
  ) => Promise<readonly Suspect[]>;
  /** What the pairs so far say, and how many more are needed. */
  readonly comparePairs: (input: {
    readonly suspect: Suspect;
    readonly head: RunRef;
    readonly base: RunRef;
    readonly taken: readonly Taken[];
    readonly pairs?: number;
  }) => Promise<{ readonly more: number; readonly part: ComparedPart }>;
  /** Puts the comparison together and writes its files. */
  readonly concludeComparison: (input: {
    readonly run: RunRef;
    readonly input: CompareInput;
    readonly startedAt: string;
    readonly parts: readonly ComparedPart[];
    readonly problems: readonly Problem[];
    readonly notes: readonly string[];
    readonly cancelled: boolean;
  }) => Promise<CompareResult>;
  /** Which advice of the run is tried, with the plan of that run as paceline.yml has it. */
  readonly adviceToVerify: (input: {
    readonly run: RunRef;
    readonly source: SourceSpec;
    readonly ofRun: string;
    readonly advice?: readonly string[];
  }) => Promise<{
    readonly plan: unknown;
    readonly remedies: readonly RemedyOnTrial[];
    readonly folder: FolderState | null;
    readonly notes: readonly string[];
  }>;
  /** What to measure next to decide about a remedy, or how it ended. */
  readonly nextVerification: (
    input: RemedyEvidence & {
      readonly source: SourceSpec;
      readonly measures: RemedyOnTrial['measures'];
      readonly predicted: RemedyOnTrial['predicted'];
    },
  ) => Promise<VerificationStep>;
  /** The winners as one variant; the ones that save most come first. */
  readonly adviceTogether: (input: {
    readonly run: RunRef;
    readonly ofRun: string;
    readonly winners: readonly { readonly name: string; readonly verification: Verification }[];
  }) => Promise<Together>;
  /** Stores how each remedy ended and writes the verification's files. */
  readonly concludeAdvice: (input: {
    readonly run: RunRef;
    readonly ofRun: string;
    readonly startedAt: string;
    readonly tried: readonly { readonly name: string; readonly verification: Verification }[];
    readonly together: TogetherResult | null;
    readonly problems: readonly Problem[];
    readonly notes: readonly string[];
    readonly cancelled: boolean;
  }) => Promise<VerifyAdviceResult>;
  /** Takes everything of a side down and concludes its row. */
  readonly closeSide: (input: { readonly run: RunRef; readonly cancelled: boolean }) => Promise<void>;

  /** The scenario that `tune` is about; the primary one unless another is named. */
  readonly tunedScenario: (input: {
    readonly run: RunRef;
    readonly scenario?: string;
  }) => Promise<{ readonly id: string; readonly title: string }>;
  /** What to try, from the newest stored run of the same commit, settings and hardware; null if none fits. */
  readonly storedTuning: (input: { readonly run: RunRef; readonly scenario: string }) => Promise<TunePlan | null>;
  /** What to try, from the first trial of the scenario as it is. */
  readonly planTuning: (input: { readonly run: RunRef; readonly scenario: string }) => Promise<TunePlan>;
  /** What the rounds so far say. `stopped`: why the scenario as it is has no figure. */
  readonly nextTuning: (input: {
    readonly run: RunRef;
    readonly plan: TunePlan;
    readonly taken: readonly TuneTaken[];
  }) => Promise<TuneStep & { readonly nowSeconds: number | null; readonly stopped: string | null }>;
  /** Puts the result together and writes its files. */
  readonly concludeTuning: (input: {
    readonly run: RunRef;
    readonly startedAt: string;
    readonly plan: TunePlan | null;
    readonly nowSeconds: number | null;
    readonly tried: readonly Tried[];
    readonly errors: readonly Problem[];
    readonly notes: readonly string[];
    readonly cancelled: boolean;
  }) => Promise<TuneResult>;
}

/** What heartbeats carry, so that the UI's pending activities and the live progress show what is running. */
export interface Heartbeat {
  readonly phase: 'waiting' | 'preparing' | 'building' | 'starting' | 'testing' | 'collecting' | 'stopping';
  readonly note?: string;
}
