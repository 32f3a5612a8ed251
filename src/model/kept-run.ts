/** A run as a history outside the data directory keeps it: what later runs are compared with, and nothing else. */
import type { RegressionAlert, SeriesEntry } from './regression.ts';
import type { Verdict } from './result.ts';
import type { RunRef } from './run.ts';

/** Goes up when an older version can no longer read a line. */
export const KEPT_RUN_VERSION = 1;

/** A user's acceptance of an alert of the run. */
export interface KeptAcknowledgement {
  readonly alertId: string;
  readonly seriesId: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** One line of a history file. Plain JSON. */
export interface KeptRun {
  readonly keptRunVersion: typeof KEPT_RUN_VERSION;
  readonly run: RunRef;
  readonly project: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly verdict: Verdict;
  /** Its point in each series. */
  readonly entries: readonly SeriesEntry[];
  readonly alerts: readonly RegressionAlert[];
  readonly acknowledged: readonly KeptAcknowledgement[];
}
