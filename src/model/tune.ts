/** Input and result of the workflow `tune`. Plain JSON. */
import type { Problem } from './failure.ts';
import type { Comparison } from './regression.ts';
import type { Remedy } from './result.ts';
import type { SourceSpec } from './run.ts';
import type { Variant } from './variant.ts';

/** Values above the upper limit are mistakes. */
export const TUNE_LIMITS = { budgetSeconds: { least: 1, most: 31 * 86_400 } } as const;

export interface TuneInput {
  /** Its ref is what is measured. @default HEAD */
  readonly source: SourceSpec;
  /** In place of the project's own paceline.yml. */
  readonly plan?: unknown;
  /** By name or id. @default the primary one */
  readonly scenario?: string;
  /** @default none */
  readonly budgetSeconds?: number;
}

/** Another number of workers, or another distribution. */
export interface TuneCandidate {
  /** From 1; 0 is the scenario as it is. */
  readonly number: number;
  /** 0: within pytest's own process. */
  readonly workers: number;
  /** xdist's `--dist`; null without workers. */
  readonly distribution: string | null;
  /** The keys of the plan that it changes. */
  readonly set: NonNullable<Variant['set']>;
  /** null: nothing could be predicted. */
  readonly predictedSeconds: number | null;
}

/** What is tried, from what was recorded of the scenario as it is. */
export interface TunePlan {
  /** Its id. */
  readonly scenario: string;
  readonly title: string;
  /** As it ran; null if pytest was not instrumented. */
  readonly workers: number | null;
  readonly distribution: string | null;
  /** The most promising first. */
  readonly candidates: readonly TuneCandidate[];
  /** Number of ways that were simulated. */
  readonly simulated: number;
  /** Why nothing was simulated, as a sentence; null if it was. */
  readonly reason: string | null;
  /** Id of the stored run that was simulated from; absent where it was a trial of the tuning itself. */
  readonly from?: string;
  /** A patch of the project's addopts for each candidate's number, where they name the workers. */
  readonly patches: Readonly<Record<number, string>>;
}

/** One measurement of a candidate, or of the scenario as it is (0). */
export interface TuneTaken {
  readonly candidate: number;
  /** From 1. 0 is the trial that the simulation starts from, where no stored run fits; it is not counted. */
  readonly round: number;
  readonly sample: number;
}

export interface TuneStep {
  /** The candidates that are measured in the next round; none: it is over. */
  readonly open: readonly number[];
  readonly tried: readonly Tried[];
}

/** What became of a candidate. */
export interface Tried extends TuneCandidate {
  /** Median of its trials; null if none was clean. */
  readonly seconds: number | null;
  readonly samples: number;
  /** `left`: not measured before the budget was over. */
  readonly state: 'open' | 'slower' | 'failed' | 'left';
  /** Of `failed`, as a sentence. */
  readonly reason: string | null;
  /** With the scenario as it is, in pairs of the same round; null for fewer than two. */
  readonly comparison: Comparison | null;
}

export const TUNE_VERDICTS = ['cancelled', 'error', 'improved', 'inconclusive', 'noChange'] as const;
export type TuneVerdict = (typeof TUNE_VERDICTS)[number];

export interface TuneResult {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly workflowId: string;
  readonly project: string | null;
  readonly startedAt: string;
  readonly verdict: TuneVerdict;
  readonly summary: string;
  readonly scenario: string | null;
  /** The scenario as it is. */
  readonly now: {
    readonly workers: number | null;
    readonly distribution: string | null;
    readonly seconds: number | null;
  };
  readonly tried: readonly Tried[];
  /** How many ways were simulated; 0: none could be. */
  readonly simulated: number;
  /** Id of the stored run that they were simulated from; null or absent where it was a trial of the tuning itself. */
  readonly from?: string | null;
  /** What to change, and by how many seconds the scenario is faster; null unless improved. */
  readonly best: {
    readonly candidate: number;
    readonly savesSeconds: {
      readonly value: number;
      readonly low: number;
      readonly high: number;
      readonly pairs: number;
    };
    readonly remedy: Remedy;
  } | null;
  readonly errors: readonly Problem[];
  readonly notes: readonly string[];
}
