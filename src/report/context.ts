/** What a report may know next to the result. All of it is optional: a section shows less without it, and never fails. */
import type { RunFacts } from '../model/run.ts';
import type { Trend } from '../model/trend.ts';

export interface ReportContext {
  /** What the result was made from; null where facts.json is gone, or was never written. */
  readonly facts: RunFacts | null;
  /** The history of the run's figures up to this run; empty where no store is at hand. */
  readonly trends: readonly Trend[];
}

export const RESULT_ALONE: ReportContext = { facts: null, trends: [] };
