/**
 * The vocabulary of judging a run against those before it: series, baselines, candidates, comparisons and alerts. Plain
 * JSON: it crosses Temporal and the store. What decides is in src/analysis/regression/.
 */
import type { Cause } from './cause.ts';
import type { LaneShape } from './lanes.ts';
import type { MetricName } from './measurement.ts';
import type { BuildMode } from './plan.ts';
import type { PytestProfile } from './profile/pytest-profile.ts';
import type { Fingerprint } from './run.ts';

/**
 * What makes two figures comparable at all. Cache state and phase are in the metric's name (`build.cold.duration`,
 * `build.warm.duration`, `startup.duration`). Each point has its own set of tests: a growing suite stays one
 * series, and a comparison subtracts the added tests or is refused.
 */
export interface SeriesKey {
  readonly project: string;
  readonly metric: MetricName;
  /** The scenario's id; null for what belongs to the whole run. */
  readonly scenario: string | null;
  /** What each trial had to itself; null if the whole host was used (builds, start-up) or CPUs cannot be pinned. */
  readonly lane: LaneShape | null;
  readonly fingerprint: Fingerprint['key'];
  /** Where the figure comes from, e.g. `buildkit`, `engine`; `import:…` for what another tool has measured. */
  readonly source: string;
}

/** Which tests a figure is of. */
export interface TestsRun {
  readonly count: number;
  /** Of their names; if pytest could not be instrumented, of the counts of outcomes. */
  readonly digest: string;
}

/** The point of one run in one series. Failed, broken and lost trials have no point. */
export interface SeriesPoint {
  readonly runId: string;
  /** null outside git. */
  readonly commit: string | null;
  /** Uncommitted changes were there: the commit is not what was measured, and cannot be built again. */
  readonly dirty: boolean;
  /** When the run began, ISO 8601: points are in this order. */
  readonly at: string;
  /** In the metric's base unit; of several trials their median. */
  readonly value: number;
  /** How many trials `value` is the median of. */
  readonly samples: number;
  /** null: clean. Else why no baseline is made of it, e.g. "other work took 31 % of its CPU time". It may still raise a suspicion. */
  readonly disturbed: string | null;
  /** null if the figure is of no tests. */
  readonly tests: TestsRun | null;
  /** How the alert ended that this run raised on this series; null if it raised none. */
  readonly alertState: AlertState | null;
}

/** A point with the series that it belongs to: what `seriesOf` makes of a run and the store keeps. */
export interface SeriesEntry {
  readonly key: SeriesKey;
  readonly point: SeriesPoint;
}

/** A user's acknowledgement or reset of a series. */
export type SeriesEvent =
  /** The alert is known and accepted; from its run on the new level is the baseline. */
  | {
      readonly kind: 'acknowledged';
      readonly alertId: string;
      readonly runId: string;
      readonly at: string;
      readonly reason: string;
    }
  /** A new segment begins at this time. Earlier points are kept but no longer compared with. */
  | { readonly kind: 'reset'; readonly at: string; readonly reason: string };

/** A series as it is judged: everything before this run. In order of time. */
export interface SeriesHistory {
  readonly points: readonly SeriesPoint[];
  readonly events: readonly SeriesEvent[];
  /** Those of this series, in order of time. */
  readonly alerts: readonly RegressionAlert[];
}

export type Baseline =
  | {
      readonly kind: 'baseline';
      /** How many runs it is made of. */
      readonly n: number;
      /** How many of the newest it may at most be made of. */
      readonly window: number;
      readonly median: number;
      /** Noise of a single run as a standard deviation of logarithms: 0.1 is about 10 %. */
      readonly sigma: number;
      /** `history`: measured; `assumed`: there are too few runs to measure it. */
      readonly sigmaFrom: 'history' | 'assumed';
      /** When the first run of the current segment began. */
      readonly segmentStart: string;
      /** The newest commit in it that can be built again, on the better side of the median; null if there is none. */
      readonly commit: string | null;
      /** Its newest run, whose profile is what attribution compares with. */
      readonly newestRunId: string;
      /** Oldest first. */
      readonly runIds: readonly string[];
      readonly tests: TestsChange;
    }
  | { readonly kind: 'insufficient'; readonly n: number; readonly needed: number }
  /** Like is not compared with unlike: one sentence for each difference. */
  | { readonly kind: 'different'; readonly what: readonly string[] };

/** How the tests of this run differ from those of the baseline. */
export type TestsChange =
  | { readonly kind: 'same' }
  /** Named at most ten each; seconds of all of them together, one after the other. */
  | {
      readonly kind: 'changed';
      readonly added: readonly string[];
      readonly addedCount: number;
      readonly addedSeconds: number;
      readonly removed: readonly string[];
      readonly removedCount: number;
      readonly removedSeconds: number;
    };

export type AlertState = 'candidate' | 'confirmed' | 'cleared' | 'inconclusive';
export type Direction = 'slower' | 'faster';

/** A condition that a suspicion has to meet, with its figures in one sentence. */
export interface Gate {
  readonly name: 'threshold' | 'floor' | 'noise' | 'metrics' | 'pairs' | 'reruns';
  readonly passed: boolean;
  readonly message: string;
}

/** Which part of a benchmark has to be run again to decide: nothing else is. */
export type Suspect =
  | { readonly phase: 'build'; readonly mode: BuildMode }
  | { readonly phase: 'startup' }
  /** Of the services after a start-up of their own. */
  | { readonly phase: 'teardown' }
  | { readonly phase: 'test'; readonly scenario: string };

/** A suspicion, which is reported only after it is decided. */
export interface Candidate {
  readonly alertId: string;
  readonly key: SeriesKey;
  readonly point: SeriesPoint;
  readonly baseline: Extract<Baseline, { kind: 'baseline' }>;
  readonly direction: Direction;
  /** This run over the baseline's median, what added tests took taken out: 1.25 is 25 % slower. */
  readonly ratio: number;
  /** Of the logarithms, in standard deviations of a single run. */
  readonly z: number;
  readonly threshold: number;
  readonly floor: number;
  readonly gates: readonly Gate[];
  readonly suspect: Suspect;
  /** Only pairs may confirm it: the history is of other machines of this hardware, and this one may be slower. */
  readonly onlyPairs?: true;
}

/** One side of a pair, or a re-run. */
export interface Measured {
  readonly value: number;
  readonly hostId: string;
  /** ISO 8601 from the engine; null if it is not known. */
  readonly startedAt: string | null;
  readonly disturbed: string | null;
  readonly tests: TestsRun | null;
}

/** Base and head measured one right after the other on one host in equal lanes, in the order ABBA over the pairs. */
export interface Pair {
  readonly base: Measured;
  readonly head: Measured;
  readonly first: 'base' | 'head';
}

export type ComparisonVerdict = 'regressed' | 'improved' | 'noChange' | 'inconclusive';

export type Comparison =
  | {
      readonly kind: 'judged';
      readonly verdict: ComparisonVerdict;
      /** Head over base: the best estimate. */
      readonly ratio: number;
      /** Of the ratio, with the coverage that it truly has. */
      readonly interval: { readonly low: number; readonly high: number; readonly coverage: number };
      /** Pairs. */
      readonly n: number;
      /** The ratio − 1 that this number of pairs with this noise detects four times in five; null if the noise is unknown. */
      readonly minimumDetectableEffect: number | null;
      /** The relative change that counts, e.g. 0.2. */
      readonly threshold: number;
      /** One sentence with all of it. */
      readonly message: string;
    }
  /** Figures that must not be compared: too few pairs, another host, other tests. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What a confirmation measures next, or how it ended. */
export type ConfirmationStep =
  /** The head's suspect part once more. */
  | { readonly kind: 'rerun' }
  /** Base and head once more, this side first. */
  | { readonly kind: 'pair'; readonly first: 'base' | 'head' }
  | { readonly kind: 'decided'; readonly alert: RegressionAlert };

/** What a confirmation has measured so far. */
export interface Evidence {
  /** Of this commit, after the run that raised the suspicion: that one is never among them. */
  readonly reruns: readonly Measured[];
  readonly pairs: readonly Pair[];
  /** null: pairs can be measured. Else why the base cannot be built or run, as one sentence. */
  readonly baseUnavailable: string | null;
  /** null while there is time; else why no more is measured. */
  readonly stopped: string | null;
}

/** Final but for `candidate`; the whole story of a suspicion, as `explain` shows it. */
export interface RegressionAlert {
  /** Of series and run: the same suspicion has the same id however often it is judged. */
  readonly id: string;
  /** `change`: found over several runs by the change points of the series, without a suspicion in a single run. */
  readonly kind: 'regression' | 'change';
  readonly state: AlertState;
  readonly direction: Direction;
  readonly key: SeriesKey;
  readonly runId: string;
  readonly commit: string | null;
  readonly at: string;
  /** Of this run, in the metric's base unit. */
  readonly value: number;
  /** What it was compared with; null for what compares two segments. */
  readonly baseline: Extract<Baseline, { kind: 'baseline' }> | null;
  readonly threshold: number;
  readonly floor: number;
  /** The best estimate: of the pairs or re-runs where there are any, else of this run against the baseline. */
  readonly ratio: number;
  /** Of `ratio`; null if nothing was repeated. */
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null;
  /** How many measurements `ratio` rests on: pairs, re-runs, or runs of the new level. */
  readonly n: number;
  readonly gates: readonly Gate[];
  /** What decided. */
  readonly decidedBy: 'pairs' | 'reruns' | 'changePoint' | 'known' | null;
  /** What was compared with what and why, with n, window, threshold and interval, in full sentences. */
  readonly message: string;
  /** Which part changed. For confirmed alerts, if the profiles of both runs show it. */
  readonly moved?: readonly Attribution[];
}

/** Which part explains a difference between two runs. */
export interface Attribution {
  readonly kind: 'step' | 'service' | 'test' | 'fixture' | 'phase';
  /** The Dockerfile's step, the service, the test's node id, the fixture's name, or the phase of a test container. */
  readonly name: string;
  readonly baseSeconds: number;
  readonly headSeconds: number;
  /** Of the whole difference, 1 being all of it; shares need not sum to 1, because parts run at the same time. */
  readonly share: number;
  /** Why it moved, with the evidence. Older versions stored none. */
  readonly cause?: Cause;
}

/** Which tests ran, with their times if pytest was instrumented. A change of the set is computed from these. */
export type KnownTests = Pick<PytestProfile, 'testSet' | 'slowestTests' | 'configuration' | 'table'>;
