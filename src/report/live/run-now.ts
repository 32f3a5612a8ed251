/** What is known of a run at this moment: from Temporal, from the store, and from the files that it writes. */
import type { Step } from '../../model/progress.ts';
import type { ContainerUsage } from './usage.ts';

/** How a run stands that has no result yet. */
export type Standing =
  | { readonly kind: 'running' }
  /** It is open, and no worker answers for it. */
  | { readonly kind: 'waitsForWorker' }
  /** The Temporal server did not answer. */
  | { readonly kind: 'serverSilent' }
  /** Its workflow is closed. */
  | { readonly kind: 'closed'; readonly how: ClosedHow };

export type ClosedHow = 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timedOut' | 'unknown';

export interface RunNow {
  readonly workflowId: string;
  readonly runId: string;
  /** null until it is known. */
  readonly project: string | null;
  readonly commit: string | null;
  readonly branch: string | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly standing: Standing;
  /** Empty until the plan is known. */
  readonly steps: readonly Step[];
  /** Whether the steps are what the worker said last, and not what it says now. */
  readonly stepsAreOld: boolean;
  readonly notes: readonly string[];
  /** What fails and is retried, and what is waited for: a sentence each. */
  readonly troubles: readonly string[];
  readonly usage: readonly TrialUsage[];
  readonly outputs: readonly TrialOutput[];
  /** Of its workflow in the Temporal UI; null where no UI is known. */
  readonly uiUrl: string | null;
  /** ms since the epoch: when all of this was looked up. */
  readonly seenAtMs: number;
}

export interface TrialUsage {
  /** Name of the trial's folder: scenario, trial and try. */
  readonly trial: string;
  readonly containers: readonly ContainerUsage[];
}

export interface TrialOutput {
  readonly trial: string;
  /** The last lines, oldest first. */
  readonly lines: readonly string[];
  /** Whether there were lines before them. */
  readonly isCut: boolean;
}
