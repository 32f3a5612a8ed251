/** The facts of a run as they are stored, before they are judged. Plain JSON: this crosses Temporal and the store. */
import type { StageTimes, TearDownFacts } from './stage-times.ts';
import type { TestCounts } from './test-counts.ts';
import type { BuildProfile } from './profile/build-profile.ts';
import type { Problem } from './failure.ts';
import type { Measurement } from './measurement.ts';
import type { MissedRuns } from './missed-runs.ts';
import type { OutputHint } from './output-hint.ts';
import type { ProjectFiles } from './project-files.ts';
import type { TrialProfile } from './profile/trial-profile.ts';
import type { BuildMode, Plan, TrialSpec } from './plan.ts';

/** A run is one execution of the benchmark workflow; Temporal's run id names it for good. */
export interface RunRef {
  readonly workflowId: string;
  readonly runId: string;
}

/** Where the project comes from. A path is on a host and therefore names it; a git URL is fetched by whichever host takes the run. */
export type SourceSpec =
  /**
   * `base`: the commit that a proposed change starts from. Such a run is judged against it alone, and is never part of a baseline.
   */
  | { readonly path: string; readonly ref?: string; readonly host?: string; readonly base?: string }
  /** `path` is the project's folder in the repository; without it the project is the whole of it. */
  | { readonly git: string; readonly ref?: string; readonly path?: string };

/** A folder that is measured as it is, with what is not committed. */
export type FolderSource = Extract<SourceSpec, { readonly host?: string }>;

export interface SourceFacts {
  /** As the user gave it: a path or a git URL. */
  readonly origin: string;
  /** The copy on the host that this run works in. */
  readonly directory: string;
  /** null outside git. */
  readonly commit: string | null;
  readonly branch: string | null;
  /** Uncommitted changes were there; null outside git. */
  readonly dirty: boolean | null;
}

/** The description of a host. `key` separates baselines; the rest is recorded and offered as a cause. */
export interface Fingerprint {
  readonly key: {
    readonly cpuModel: string;
    readonly cores: number;
    readonly memoryGib: number;
    readonly engineMajor: string;
  };
  readonly detail: Readonly<Record<string, string>>;
}

export interface StandIn {
  /** The image that the project asks for. */
  readonly image: string;
  /** What was used in its place. */
  readonly standIn: string;
}

export interface HostFacts {
  readonly id: string;
  readonly fingerprint: Fingerprint;
}

/** The CPUs and memory that one trial has to itself. */
export interface Lane {
  /** CPU numbers of the engine's machine, e.g. [0, 1]; empty if CPUs cannot be pinned. */
  readonly cpus: readonly number[];
  readonly memoryBytes: number | null;
}

export interface BuildFacts {
  readonly mode: BuildMode;
  /** None if the project builds none, or where the change of the mode could not be made. */
  readonly images: readonly ImageBuild[];
  /** What was changed before a build of the modes that are named after a change; null in the other modes. */
  readonly change: SourceChange | null;
  /** What other work was there when it started; null if the machine was quiet. Older versions stored none, nor `times`. */
  readonly disturbed?: Disturbance | null;
  readonly times?: StageTimes;
}

export type SourceChange =
  /** `file` is relative to the build context. */
  | { readonly kind: 'changed'; readonly file: string }
  /** As the Dockerfile names it. */
  | { readonly kind: 'changedBase'; readonly image: string }
  | { readonly kind: 'none'; readonly reason: string }
  /** The build after it failed, which the run survives: what it tests was built before. `file` may be a base image. */
  | { readonly kind: 'failed'; readonly file: string; readonly reason: string };

export interface ImageBuild {
  /** The services that run on this image. */
  readonly services: readonly string[];
  readonly tag: string;
  readonly seconds: number;
  /** Steps of the Dockerfile that do work (RUN, COPY, ADD) and how many of them came from the cache. */
  readonly steps: { readonly total: number; readonly cached: number };
  readonly imageBytes: number | null;
  readonly profile: BuildProfile | null;
}

export interface ServiceStartup {
  readonly service: string;
  /** From the first `up` until the service was healthy, or ready where it has no healthcheck; null for one-shots that ended. */
  readonly seconds: number | null;
  readonly state: 'healthy' | 'ready' | 'running' | 'completed';
  readonly timeline: StartupTimeline | null;
}

/** Seconds since the first `up`, all by one clock; null if it did not happen or was not seen. Of replicas the last counts. */
export interface StartupTimeline {
  readonly createdSeconds: number | null;
  readonly startedSeconds: number | null;
  /** When its healthcheck would first have passed, or it could first be used where it has none. */
  readonly readySeconds: number | null;
  /** How that was seen, or why not. */
  readonly ready: string;
  readonly healthySeconds: number | null;
  /** When a one-shot whose end another service waits for had done its work; null for others. Older versions stored none. */
  readonly endedSeconds?: number | null;
  readonly healthcheck: HealthcheckTimes | null;
  /** The dependency that let it start last, with what passed from there to its own start: compose looks every half second. */
  readonly waitedFor: { readonly service: string; readonly condition: string; readonly seconds: number | null } | null;
}

export interface HealthcheckTimes {
  readonly intervalSeconds: number;
  /** 0: none. */
  readonly startPeriodSeconds: number;
  /** How often it runs within the start period. Where none is written, older versions stored 5, though engines up to 26.1.5 take the interval. */
  readonly startIntervalSeconds: number;
}

export interface StartupFacts {
  /** From the first `up` to every service healthy; null if the project has no services. */
  readonly seconds: number | null;
  readonly services: readonly ServiceStartup[];
  /** null if the services could not be stopped one by one. Older versions stored none, nor `times`. */
  readonly tearDown?: TearDownFacts | null;
  /** What other work was there when it started; null if the machine was quiet. Older versions stored none. */
  readonly disturbed?: Disturbance | null;
  readonly times?: StageTimes;
}

/** How a trial's tests ended. Only `passed` is ever a sample. */
export type TrialOutcomeKind =
  | 'passed'
  | 'testsFailed'
  | 'testsBroken'
  | 'noTests'
  | 'outOfMemory'
  | 'killed'
  | 'timedOut'
  | 'commandNotFound'
  /** The tests never came to run, for a reason that is not theirs. */
  | 'infrastructure'
  /** It started, but how it ended is unknown; the workflow schedules another attempt. */
  | 'lost';

/** One try of one trial, as it is stored in one transaction with its measurements. */
export interface TrialRecord extends TrialSpec {
  readonly try: number;
  readonly scenarioName: string;
  readonly command: readonly string[] | null;
  readonly outcome: TrialOutcomeKind;
  /** One sentence for every outcome but `passed`. */
  readonly reason: string | null;
  /** What its output says about the end; null for `passed`, and where nothing was recognised. Older versions stored none. */
  readonly hint?: OutputHint | null;
  /** The container's own running time by the engine's clock; null where the tests did not run. */
  readonly seconds: number | null;
  readonly exitCode: number | null;
  readonly tests: TestCounts | null;
  /** Why `tests` is null. */
  readonly testsReason: string | null;
  readonly hostId: string;
  readonly lane: Lane;
  /** A later attempt of the activity took this trial over from a worker that stopped. */
  readonly reattached: boolean;
  /** What disturbed it while its tests ran; null if nothing was noticed. */
  readonly disturbed: Disturbance | null;
  readonly problem: Problem | null;
  /** Where its time went; null if the tests did not run. */
  readonly profile: TrialProfile | null;
  /** Last lines of the output, for outcomes other than `passed`. */
  readonly logTail: string | null;
  /** Relative to the run's folder. */
  readonly logFile: string | null;
  /** ISO 8601 from the engine; null if the tests did not run. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** From before its services started to after its results were read; the tear-down comes later. Older versions stored none. */
  readonly times?: StageTimes;
}

export interface Disturbance {
  /** With figures, e.g. "other work took 31 % of its CPUs". */
  readonly reason: string;
}

/** All that is known of a run: what `analyze` and `report` work from, with neither Docker nor Temporal. */
export interface RunFacts {
  readonly run: RunRef;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly project: string;
  /** null when the run ended before it had one. */
  readonly plan: Plan | null;
  readonly service: string | null;
  readonly source: SourceFacts | null;
  readonly hosts: readonly HostFacts[];
  readonly standIns: readonly StandIn[];
  readonly builds: readonly BuildFacts[];
  readonly startup: StartupFacts | null;
  readonly trials: readonly TrialRecord[];
  readonly measurements: readonly Measurement[];
  readonly problems: readonly Problem[];
  /** What happened on the way and is worth a line: another host was claimed, a lane had to be shared … */
  readonly notes: readonly string[];
  readonly cancelled: boolean;
  /** Known only with access to the server: it is not stored. */
  readonly missedRuns?: MissedRuns | null;
  /** null, or absent in an older facts.json, where the run ended before its project was resolved or an older version made it. */
  readonly projectFiles?: ProjectFiles | null;
  /** The commit that the measured change starts from; null or absent for a run that later runs are compared with. */
  readonly base?: string | null;
}
