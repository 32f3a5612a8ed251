/** The history of one figure as a page shows it: made by analysis/history/trend.ts from a stored series, in the metric's base unit. */
import type { RegressionAlert, SeriesEvent, SeriesKey, SeriesPoint } from './regression.ts';

export interface Trend {
  readonly id: string;
  readonly key: SeriesKey;
  /** What people call it: "Build (cold)", "Tests: fast". */
  readonly title: string;
  /** In order of time. */
  readonly points: readonly SeriesPoint[];
  /** Stretches of one level, in order of time; together they hold all points that count. */
  readonly segments: readonly TrendSegment[];
  readonly alerts: readonly RegressionAlert[];
  /** What users said about it: acknowledged alerts, and resets. Absent: nothing. */
  readonly events?: readonly SeriesEvent[];
  readonly target: number | null;
}

export interface TrendSegment {
  /** Indexes into `points`; both ends belong to it. */
  readonly first: number;
  readonly last: number;
  readonly level: number;
  /** Where nine of ten single runs are expected. */
  readonly low: number;
  readonly high: number;
}
