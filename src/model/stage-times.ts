/** When the parts of a stage happened, for the span tree of a run. By the worker's clock, which one host's stages share. */
export interface StageTimes {
  /** ISO 8601: when the activity started to work on it, waiting included. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** In the order of time; they do not overlap. */
  readonly parts: readonly StagePart[];
}

export interface StagePart {
  readonly kind: StagePartKind;
  /** What was waited for or done, such as the name of a build; null if `kind` says it all. */
  readonly name: string | null;
  /** Since `startedAt`. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export type StagePartKind =
  /** For a lane: other trials have the CPUs. */
  | 'waitForLane'
  /** For the host to be quiet. */
  | 'waitForQuiet'
  | 'waitForNetworks'
  | 'copySource'
  | 'build'
  | 'startServices'
  | 'prepareTests'
  | 'tests'
  /** Reading what the tests left. */
  | 'collect'
  | 'tearDown';

/** How the services of the start-up ended when they were asked to stop, as `docker compose down` asks. */
export interface TearDownFacts {
  /** From the first signal until all had stopped. */
  readonly seconds: number;
  readonly services: readonly ServiceTearDown[];
}

export interface ServiceTearDown {
  readonly service: string;
  /** When it was sent its signal, since the first one: after those that depend on it. Absent if unknown. */
  readonly fromSeconds?: number;
  /** From the signal until it had stopped. */
  readonly seconds: number;
  /** It ignored the signal, and the engine killed it when its grace period was over. */
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly signal: string;
  readonly graceSeconds: number;
}
