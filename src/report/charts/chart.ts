/**
 * What each chart is drawn from: plain numbers in base units, and text. Text may come from outside (a test's name, a branch, a
 * command); the drawing escapes it. A value of null was not measured: it is a gap, never 0.
 */
import type { Unit } from '../../model/measurement.ts';

/** "count" is a number of things, such as processes. */
export type ChartUnit = Unit | 'count';

/** How a colour is meant. The page's style gives each one a colour in both schemes. */
export type Tone = 'accent' | 'good' | 'bad' | 'warn' | 'muted' | Series;

export const SERIES = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'] as const;
export type Series = (typeof SERIES)[number];

export interface ChartOptions {
  /** Starts every id, which must be unique on a page: letters, digits and "-". */
  readonly idPrefix: string;
  /** The width that the drawing is laid out for. It scales from there. NARROW_PIXELS and WIDE_PIXELS are what pages use. */
  readonly widthPixels?: number;
}

/** For a phone, and for everything wider. `drawBothWidths` draws the two, and the style shows one of them. */
export const NARROW_PIXELS = 360;
export const WIDE_PIXELS = 880;

interface Titled {
  /** The chart's name, for screen readers and as a tooltip: "Test execution, branch main". */
  readonly title: string;
}

export type Chart = TrendData | GanttData | PairsData | CurvesData | IntervalsData | BarsData | SparklineData;

// ── trend ──

export interface TrendPoint {
  /** Milliseconds since 1970 or the number of the run, as `TrendData.x` says. Points are in this order. */
  readonly at: number;
  readonly value: number | null;
  readonly runId: string;
  /** Shown in the tooltip: a commit's subject, a branch. */
  readonly label?: string;
  /** A page of the same site, a fragment, or an http(s) address. Anything else is not linked. */
  readonly link?: string | null;
  readonly failed?: boolean;
  readonly alerted?: boolean;
  readonly thisRun?: boolean;
}

/** Runs between two changes: their level, and the band in which noise moves them. */
export interface TrendSegment {
  readonly from: number;
  readonly to: number;
  readonly level: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface TrendChange {
  readonly at: number;
  /** 0.18 for 18 % more than before. */
  readonly change: number | null;
  readonly verdict: 'better' | 'worse' | 'changed';
  /** Whose change it was, for the tooltip: a commit. */
  readonly label?: string;
  readonly link?: string | null;
}

export interface TrendData extends Titled {
  readonly kind: 'trend';
  readonly x: 'time' | 'run';
  readonly unit: ChartUnit;
  readonly points: readonly TrendPoint[];
  readonly segments?: readonly TrendSegment[];
  readonly changes?: readonly TrendChange[];
  /** The value that must not be exceeded. */
  readonly target?: number | null;
}

// ── gantt ──

export interface GanttKind {
  readonly id: string;
  readonly label: string;
  readonly series: Series;
}

export interface GanttBar {
  /** Seconds on the chart's clock. */
  readonly from: number;
  readonly to: number;
  /** The `id` of a kind. */
  readonly kind: string;
  readonly label: string;
  /** On the critical path: the end would come sooner if this bar were shorter. */
  readonly critical?: boolean;
  readonly link?: string | null;
  /** Draws a dashed line from here to the bar's start. */
  readonly waited?: { since: number; for: string } | null;
  /** Adds a cross and the word. */
  readonly failed?: boolean;
}

export interface GanttLane {
  readonly label: string;
  readonly bars: readonly GanttBar[];
}

export interface Marker {
  readonly at: number;
  readonly label: string;
}

export interface GanttData extends Titled {
  readonly kind: 'gantt';
  readonly lanes: readonly GanttLane[];
  readonly kinds: readonly GanttKind[];
  readonly markers?: readonly Marker[];
  /** The clock's ends. The bars' own ends are used without them. */
  readonly from?: number;
  readonly to?: number;
}

export interface GanttDrawing {
  readonly svg: string;
  /** Bars that are drawn as part of a merged one, because there are more than can be drawn. */
  readonly mergedBars: number;
  /** Lanes that are not drawn, the last ones first. */
  readonly lanesLeftOut: number;
}

// ── pairs ──

export interface Pair {
  readonly base: number | null;
  readonly head: number | null;
  readonly label?: string;
  /** Not counted by the statistics, such as a pair on a busy host. */
  readonly excluded?: boolean;
}

export interface Interval {
  readonly point: number;
  readonly low: number;
  readonly high: number;
}

export interface PairsData extends Titled {
  readonly kind: 'pairs';
  readonly unit: ChartUnit;
  readonly baseLabel: string;
  readonly headLabel: string;
  readonly pairs: readonly Pair[];
  /** Head divided by base, over all pairs: below 1, head is lower. */
  readonly ratio: Interval | null;
}

// ── curves ──

export interface CurvePoint {
  /** Seconds on the clock that all panels share. */
  readonly at: number;
  readonly value: number | null;
}

export interface CurveLine {
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

export interface CurvePanel {
  readonly label: string;
  readonly unit: ChartUnit;
  /** For a rate: the values are "bytes per second". */
  readonly perSecond?: boolean;
  readonly lines: readonly CurveLine[];
  /** What cannot be exceeded: the memory limit, all CPUs. */
  readonly limit?: { value: number; label: string } | null;
}

export interface Phase {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

export interface CurvesData extends Titled {
  readonly kind: 'curves';
  readonly panels: readonly CurvePanel[];
  readonly phases: readonly Phase[];
}

// ── intervals ──

export interface IntervalRow {
  readonly label: string;
  readonly interval: Interval | null;
  readonly trials: readonly (number | null)[];
  readonly target?: number | null;
  readonly link?: string | null;
  /** Shown as a word and a mark, never as a colour alone. */
  readonly verdict?: 'met' | 'missed' | 'unclear' | null;
}

export interface IntervalsData extends Titled {
  readonly kind: 'intervals';
  readonly unit: ChartUnit;
  readonly rows: readonly IntervalRow[];
}

// ── bars ──

export interface BarPart {
  /** The `id` of a part's kind. */
  readonly kind: string;
  readonly value: number;
}

export interface BarRow {
  readonly label: string;
  /** One part is a plain bar; several are stacked. Null was not measured. */
  readonly parts: readonly BarPart[] | null;
  readonly link?: string | null;
}

export interface BarsData extends Titled {
  readonly kind: 'bars';
  readonly unit: ChartUnit;
  readonly rows: readonly BarRow[];
  readonly kinds: readonly GanttKind[];
}

// ── sparkline ──

export interface SparklineData extends Titled {
  readonly kind: 'sparkline';
  readonly unit: ChartUnit;
  readonly values: readonly (number | null)[];
  readonly target?: number | null;
}
