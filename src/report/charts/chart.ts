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
  idPrefix: string;
  /** The width that the drawing is laid out for. It scales from there. NARROW_PIXELS and WIDE_PIXELS are what pages use. */
  widthPixels?: number;
}

/** For a phone, and for everything wider. `bothWidths` draws the two, and the style shows one of them. */
export const NARROW_PIXELS = 360;
export const WIDE_PIXELS = 780;

interface Chart {
  /** The chart's name, for screen readers and as a tooltip: "Test execution, branch main". */
  title: string;
}

// ── trend ──

export interface TrendPoint {
  /** Milliseconds since 1970 or the number of the run, as `TrendData.x` says. Points are in this order. */
  at: number;
  value: number | null;
  runId: string;
  /** Shown in the tooltip: a commit's subject, a branch. */
  label?: string;
  /** A page of the same site, a fragment, or an http(s) address. Anything else is not linked. */
  link?: string | null;
  failed?: boolean;
  alerted?: boolean;
  thisRun?: boolean;
}

/** Runs between two changes: their level, and the band in which noise moves them. */
export interface TrendSegment {
  from: number;
  to: number;
  level: number;
  low: number | null;
  high: number | null;
}

export interface TrendChange {
  at: number;
  /** 0.18 for 18 % more than before. */
  change: number | null;
  verdict: 'better' | 'worse' | 'changed';
  /** Whose change it was, for the tooltip: a commit. */
  label?: string;
  link?: string | null;
}

export interface TrendData extends Chart {
  x: 'time' | 'run';
  unit: ChartUnit;
  points: readonly TrendPoint[];
  segments?: readonly TrendSegment[];
  changes?: readonly TrendChange[];
  /** The value that must not be exceeded. */
  target?: number | null;
}

// ── gantt ──

export interface GanttKind {
  id: string;
  label: string;
  series: Series;
}

export interface GanttBar {
  /** Seconds on the chart's clock. */
  from: number;
  to: number;
  /** The `id` of a kind. */
  kind: string;
  label: string;
  /** On the critical path: the end would come sooner if this bar were shorter. */
  critical?: boolean;
  link?: string | null;
  /** Draws a dashed line from here to the bar's start. */
  waited?: { since: number; for: string } | null;
  /** Adds a cross and the word. */
  failed?: boolean;
}

export interface GanttLane {
  label: string;
  bars: readonly GanttBar[];
}

export interface Marker {
  at: number;
  label: string;
}

export interface GanttData extends Chart {
  lanes: readonly GanttLane[];
  kinds: readonly GanttKind[];
  markers?: readonly Marker[];
  /** The clock's ends. The bars' own ends are used without them. */
  from?: number;
  to?: number;
}

export interface GanttDrawing {
  svg: string;
  /** Bars that are drawn as part of a merged one, because there are more than can be drawn. */
  mergedBars: number;
  /** Lanes that are not drawn, the last ones first. */
  lanesLeftOut: number;
}

// ── pairs ──

export interface Pair {
  base: number | null;
  head: number | null;
  label?: string;
  /** Not counted by the statistics, such as a pair on a busy host. */
  excluded?: boolean;
}

export interface Interval {
  point: number;
  low: number;
  high: number;
}

export interface PairsData extends Chart {
  unit: ChartUnit;
  baseLabel: string;
  headLabel: string;
  pairs: readonly Pair[];
  /** Head divided by base, over all pairs: below 1, head is lower. */
  ratio: Interval | null;
}

// ── curves ──

export interface CurvePoint {
  /** Seconds on the clock that all panels share. */
  at: number;
  value: number | null;
}

export interface CurveLine {
  label: string;
  points: readonly CurvePoint[];
}

export interface CurvePanel {
  label: string;
  unit: ChartUnit;
  /** For a rate: the values are "bytes per second". */
  perSecond?: boolean;
  lines: readonly CurveLine[];
  /** What cannot be exceeded: the memory limit, all CPUs. */
  limit?: { value: number; label: string } | null;
}

export interface Phase {
  label: string;
  from: number;
  to: number;
}

export interface CurvesData extends Chart {
  panels: readonly CurvePanel[];
  phases: readonly Phase[];
}

// ── intervals ──

export interface IntervalRow {
  label: string;
  interval: Interval | null;
  trials: readonly (number | null)[];
  target?: number | null;
  link?: string | null;
  /** Shown as a word and a mark, never as a colour alone. */
  verdict?: 'met' | 'missed' | 'unclear' | null;
}

export interface IntervalsData extends Chart {
  unit: ChartUnit;
  rows: readonly IntervalRow[];
}

// ── bars ──

export interface BarPart {
  /** The `id` of a part's kind. */
  kind: string;
  value: number;
}

export interface BarRow {
  label: string;
  /** One part is a plain bar; several are stacked. Null was not measured. */
  parts: readonly BarPart[] | null;
  link?: string | null;
}

export interface BarsData extends Chart {
  unit: ChartUnit;
  rows: readonly BarRow[];
  kinds: readonly GanttKind[];
}

// ── sparkline ──

export interface SparklineData extends Chart {
  unit: ChartUnit;
  values: readonly (number | null)[];
  target?: number | null;
}
