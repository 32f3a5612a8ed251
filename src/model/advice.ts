/** Verification of advice: what the workflow `verifyAdvice` is asked for, how each remedy ended, and what is stored of it. Plain JSON. */
import type { Taken } from './comparison.ts';
import type { Problem } from './failure.ts';
import type { MetricName, Unit } from './measurement.ts';
import type { Pair, Suspect } from './regression.ts';
import type { AdviceState, Remedy, Saving, VerifiedSaving } from './result.ts';
import type { RunRef, SourceSpec, TrialOutcomeKind } from './run.ts';
import type { Side } from './side.ts';
import type { Variant } from './variant.ts';

export const VERIFY_LIMITS = { budgetSeconds: { least: 1, most: 31 * 86_400 } } as const;

export interface VerifyAdviceInput {
  /** Of both sides. With a `ref` it is a commit, else a folder as it is. */
  readonly source: SourceSpec;
  /** The benchmark whose advice is verified. */
  readonly ofRun: string;
  /** By name, as `paceline advise` shows them. @default all that can be measured */
  readonly advice?: readonly string[];
  /** @default none */
  readonly budgetSeconds?: number;
}

/** A remedy that can be put onto a copy of the project. */
export type AppliedRemedy = Exclude<Remedy, { readonly kind: 'steps' }>;

/** The one figure that a remedy is said to change. */
export interface FigureOfSide {
  readonly figure: MetricName;
  /** Its id, where the figure belongs to one. */
  readonly scenario: string | null;
  /** Which part of a benchmark is run again for it. */
  readonly suspect: Suspect;
}

/** One piece of advice that is tried. */
export interface RemedyToVerify extends AdviceKey {
  /** Unique in its run: the audit's id, with a number where it gave several pieces of advice. */
  readonly name: string;
  readonly message: string;
  readonly remedy: AppliedRemedy;
  readonly saves: Saving;
  readonly measures: FigureOfSide;
}

/** What the workflow needs of a remedy. */
export interface RemedyOnTrial extends Pick<RemedyToVerify, 'name' | 'measures'> {
  readonly predicted: Saving['predicted'];
  readonly variant: Omit<Variant, 'ref'>;
}

/** What names a piece of advice in its run, and again in later ones. */
export interface AdviceKey {
  /** Id of the audit. */
  readonly audit: string;
  /** Of place and remedy. */
  readonly fingerprint: string;
}

/** Why a verification ended as it did. Code reads the kind; report/advice-words.ts has the words. */
export type VerificationReason =
  | { readonly kind: 'gain' }
  | { readonly kind: 'noGain' }
  | { readonly kind: 'slower' }
  /** The tests passed without the remedy. `reason` is the trial's. */
  | { readonly kind: 'testsRed'; readonly outcome: TrialOutcomeKind; readonly reason: string | null }
  | { readonly kind: 'testsChanged'; readonly base: number; readonly head: number }
  /** The project cannot be built, or its services do not start, with the remedy. */
  | { readonly kind: 'broken'; readonly problem: Problem }
  | { readonly kind: 'doesNotApply'; readonly problem: Problem }
  /** Of two trials with the remedy one was red. */
  | { readonly kind: 'testsUnstable' }
  /** Without the remedy the tests do not run to their end, so whether the remedy keeps them green is not known. */
  | { readonly kind: 'baseRed'; readonly reason: string | null }
  | { readonly kind: 'notMeasured'; readonly reason: string }
  | { readonly kind: 'budget' }
  /** The pairs vary too much to distinguish a gain from none. */
  | { readonly kind: 'noise' }
  /** The folder that is measured as it is was edited meanwhile. */
  | { readonly kind: 'folderChanged' };

export interface Ratio {
  /** The figure with the remedy over the figure without it. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}

/** How it ended for one figure. */
export interface Verification {
  readonly state: Exclude<AdviceState, 'predicted'>;
  readonly reason: VerificationReason;
  readonly figure: MetricName;
  readonly scenario: string | null;
  readonly unit: Unit;
  /** null where no pairs were measured; of a figure that does not vary, without a spread. */
  readonly ratio: Ratio | null;
  readonly saving: VerifiedSaving | null;
  readonly baseValue: number | null;
  readonly headValue: number | null;
  readonly pairs: readonly Pair[];
  /** The tests were red without the remedy too, and stayed the same. */
  readonly testsWereRed: boolean;
}

export interface TriedRemedy extends RemedyToVerify {
  readonly verification: Verification;
}

/** All winners at once: what they save together is less than their sum where savings overlap. */
export interface TogetherResult {
  /** Names of advice. */
  readonly members: readonly string[];
  /** Winners whose patches do not fit the others. */
  readonly leftOut: readonly LeftOutPatch[];
  /** One for each figure. */
  readonly verifications: readonly Verification[];
}

export interface LeftOutPatch {
  readonly name: string;
  readonly reason: LeftOutReason;
}

export type LeftOutReason =
  /** It changes the same lines as the patch of `other`. */
  | { readonly kind: 'conflict'; readonly other: string; readonly file: string; readonly line: number | null }
  /** It sets a key of the plan that `other` sets to another value. */
  | { readonly kind: 'samePlanKey'; readonly other: string; readonly key: string }
  /** Renames and binary files. */
  | { readonly kind: 'unsupported'; readonly file: string | null };

export interface VerifyAdviceResult {
  readonly schemaVersion: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly ofRun: string;
  readonly project: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly cancelled: boolean;
  readonly tried: readonly TriedRemedy[];
  /** null where fewer than two remedies won, or nothing more could be measured. */
  readonly together: TogetherResult | null;
  readonly errors: readonly Problem[];
  readonly notes: readonly string[];
}

/** A verification as it is stored, next to what was predicted. */
export interface StoredVerification extends AdviceKey {
  readonly project: string;
  /** The benchmark that gave the advice. */
  readonly runId: string;
  /** Temporal's run id of the verification. */
  readonly verifiedBy: string;
  /** ISO 8601. */
  readonly at: string;
  readonly predicted: Saving['predicted'];
  readonly verification: Verification;
}

/** What was taken so far for one remedy: the figures are in the store under the sides and the numbers. */
export interface RemedyEvidence {
  readonly base: RunRef;
  readonly head: RunRef;
  readonly taken: readonly Taken[];
  /** Numbers of the trials that show whether the tests are green, where the figure itself does not. */
  readonly baseTests: readonly number[];
  readonly headTests: readonly number[];
  /** What could not be made or measured; nothing more is measured then. */
  readonly failed: SideFailure | null;
  readonly budgetIsOver: boolean;
  /** As it was when the base was copied; null for a commit. */
  readonly folder: FolderState | null;
}

export interface SideFailure {
  readonly side: Side;
  /** The activity that failed. */
  readonly activity: string | null;
  readonly problem: Problem;
}

/** Of a folder that is measured as it is; both are null outside git. */
export interface FolderState {
  readonly commit: string | null;
  /** Of what is not committed. */
  readonly digest: string | null;
}

/** What a verification measures next, or how it ended. */
export type VerificationStep =
  /** One trial of the primary scenario. */
  | { readonly kind: 'tests'; readonly side: Side; readonly scenario: string }
  | { readonly kind: 'pair' }
  | { readonly kind: 'decided'; readonly verification: Verification };

/** The winners as one side of a comparison. */
export interface Together {
  readonly variant: Omit<Variant, 'ref'>;
  readonly members: readonly string[];
  readonly leftOut: readonly LeftOutPatch[];
  readonly measures: readonly FigureOfSide[];
}
