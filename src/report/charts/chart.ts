/**
 * What a chart shows: plain figures and words, before anything is drawn. Times and values are in base units. Everything that is
 * text may come from outside: the drawing escapes it.
 */
import type { Unit } from '../../model/measurement.ts';

export type Chart = Trend | Gantt | Pairs | Curves | Intervals | Bars | Sparkline;

/** One figure over many runs. */
export interface Trend {
  readonly kind: 'trend';
  readonly unit: Unit;
  /** In order of time. */
  readonly points: readonly TrendPoint[];
  /** Levels, each with the band in which single runs are expected. */
  readonly segments: readonly {
    readonly first: number;
    readonly last: number;
    readonly level: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly target: number | null;
}

export interface TrendPoint {
  /** ISO 8601. */
  readonly at: string;
  readonly value: number;
  /** What a tooltip says first: "1a2b3c4, 2026-11-29". */
  readonly label: string;
  /** Relative to the page; null where there is none. */
  readonly href: string | null;
  readonly mark: 'plain' | 'disturbed' | 'slower' | 'faster' | 'current';
}

/** Bars in lanes on one clock. */
export interface Gantt {
  readonly kind: 'gantt';
  readonly unit: Unit;
  /** For the legend, in this order. Bars of one kind look alike. */
  readonly kinds: readonly string[];
  readonly lanes: readonly GanttLane[];
}

export interface GanttLane {
  readonly title: string;
  readonly bars: readonly GanttBar[];
}

export interface GanttBar {
  readonly from: number;
  readonly to: number;
  /** One of the chart's kinds. */
  readonly kind: string;
  readonly label: string;
  /** It decided how long the whole took. */
  readonly critical?: boolean;
  readonly href?: string;
}

/** Base and head, measured in pairs. */
export interface Pairs {
  readonly kind: 'pairs';
  readonly unit: Unit;
  readonly baseTitle: string;
  readonly headTitle: string;
  readonly pairs: readonly { readonly base: number; readonly head: number; readonly disturbed: boolean }[];
  /** Head over base; null where it was not judged. */
  readonly ratio: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/** Panels of curves on one clock in seconds. */
export interface Curves {
  readonly kind: 'curves';
  readonly panels: readonly CurvePanel[];
  /** Shaded stretches, such as the phases of pytest. */
  readonly phases: readonly { readonly title: string; readonly from: number; readonly to: number }[];
}

export interface CurvePanel {
  readonly title: string;
  readonly unit: Unit | 'bytePerSecond' | 'cpus';
  readonly curves: readonly {
    readonly title: string;
    readonly at: readonly number[];
    readonly values: readonly (number | null)[];
  }[];
}

/** Rows with a figure, its interval, and the single measurements. */
export interface Intervals {
  readonly kind: 'intervals';
  readonly unit: Unit;
  readonly rows: readonly IntervalRow[];
}

export interface IntervalRow {
  readonly title: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly single: readonly { readonly value: number; readonly label: string; readonly disturbed: boolean }[];
  readonly target: number | null;
}

/** Rows of parts that add up. */
export interface Bars {
  readonly kind: 'bars';
  readonly unit: Unit;
  /** For the legend; parts are in this order in each row. */
  readonly parts: readonly string[];
  readonly rows: readonly {
    readonly title: string;
    readonly values: readonly (number | null)[];
    readonly href?: string;
  }[];
}

/** A small line in a row of a table. */
export interface Sparkline {
  readonly kind: 'sparkline';
  readonly unit: Unit;
  readonly values: readonly number[];
}
