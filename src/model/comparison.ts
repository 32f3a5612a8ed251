/** Inputs and results of the workflows `confirm` and `compare`. Plain JSON. */
import type { HostClaim } from './host-claim.ts';
import type { Problem } from './failure.ts';
import type { Attribution, Candidate, Comparison, Pair, RegressionAlert, Suspect, TestsChange } from './regression.ts';
import type { RunRef, SourceSpec } from './run.ts';
import type { Side } from './side.ts';
import type { Variant } from './variant.ts';

/** What was measured, in order: the figures are in the store under the sides and this number. */
export interface Taken {
  readonly kind: 'rerun' | 'pair';
  readonly first: Side;
  readonly sample: number;
}

export interface ConfirmInput {
  /** The run that is suspected: its source and images are the head. */
  readonly parent: RunRef;
  /** The parent's: what was measured there is compared with what is measured there. */
  readonly host: HostClaim;
  readonly source: SourceSpec;
  readonly candidates: readonly Candidate[];
  /** @default 900 */
  readonly budgetSeconds?: number;
}

export interface ConfirmResult {
  /** One for each candidate, final. */
  readonly alerts: readonly RegressionAlert[];
}

export const COMPARED_PHASES = [
  'build.cold',
  'build.warm',
  'build.source-change',
  'build.dependency-change',
  'build.base-change',
  'startup',
  'teardown',
  'test',
] as const;
export type ComparedPhase = (typeof COMPARED_PHASES)[number];

/** What is compared if nothing is asked for. The builds after a change are further builds of each side. */
export const DEFAULT_PHASES: readonly ComparedPhase[] = ['build.cold', 'build.warm', 'startup', 'test'];

/** Fewer pairs decide nothing. Values above the upper limits are mistakes: more pairs than a user would wait for, or a month. */
export const COMPARE_LIMITS = {
  pairs: { least: 5, most: 100 },
  budgetSeconds: { least: 1, most: 31 * 86_400 },
} as const;

export interface CompareInput {
  readonly source: SourceSpec;
  /** A text is a branch, tag or commit as it is. */
  readonly base: string | Variant;
  readonly head: string | Variant;
  /** For both sides; without it the head's own file counts for both. */
  readonly plan?: unknown;
  /** @default all that the project has, or the tests alone where scenarios are named */
  readonly phases?: readonly ComparedPhase[];
  /** By name or id. @default all of the plan */
  readonly scenarios?: readonly string[];
  /** Pairs to begin with; five at least. @default 5 */
  readonly pairs?: number;
  /** @default none */
  readonly budgetSeconds?: number;
}

/** One phase or scenario of a comparison. */
export interface ComparedPart {
  readonly suspect: Suspect;
  readonly title: string;
  readonly comparison: Comparison;
  /** Medians of the sides in seconds; null if nothing was measured. */
  readonly baseSeconds: number | null;
  readonly headSeconds: number | null;
  readonly pairs: readonly Pair[];
  /** Of a scenario whose sides ran other tests, where they can be named. */
  readonly tests?: Extract<TestsChange, { kind: 'changed' }>;
  /** Of a part that is slower or faster: where the difference is, the largest share first. Absent where it is not known. */
  readonly moved?: readonly Attribution[];
}

/** What was compared: the variant as it was asked for, and the commit of its ref. */
export interface ComparedSide extends Variant {
  readonly commit: string | null;
}

export const COMPARE_VERDICTS = ['cancelled', 'error', 'regressed', 'inconclusive', 'improved', 'noChange'] as const;
export type CompareVerdict = (typeof COMPARE_VERDICTS)[number];

/** Counted up when a key changes its meaning or goes away. */
export const COMPARISON_SCHEMA_VERSION = 2;

export interface CompareResult {
  readonly verdict: CompareVerdict;
  readonly summary: string;
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly runId: string;
  readonly workflowId: string;
  readonly project: string | null;
  readonly startedAt: string;
  readonly base: ComparedSide;
  readonly head: ComparedSide;
  readonly parts: readonly ComparedPart[];
  readonly errors: readonly Problem[];
  readonly notes: readonly string[];
}
