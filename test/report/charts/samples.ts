/** One small, complete chart of each kind, and how it is drawn. */
import type {
  BarsData,
  Chart,
  ChartOptions,
  CurvesData,
  GanttData,
  IntervalsData,
  PairsData,
  SparklineData,
  TrendData,
} from '../../../src/report/charts/chart.ts';
import { describeChart, drawChart } from '../../../src/report/charts/draw.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 7, 1);

export const TREND: TrendData = {
  kind: 'trend',
  title: 'Test execution, branch main',
  x: 'time',
  unit: 'second',
  target: 150,
  points: [118, 121, null, 117, 140, 138, 141, 119].map((value, i) => ({
    at: START + i * DAY,
    value,
    runId: `run-${i}`,
    label: 'Read reports as a stream',
    link: `runs/run-${i}.html`,
    failed: i === 2,
    alerted: i === 4,
    thisRun: i === 7,
  })),
  segments: [
    { from: START, to: START + 3 * DAY, level: 118.5, low: 114, high: 123 },
    { from: START + 4 * DAY, to: START + 7 * DAY, level: 139, low: null, high: null },
  ],
  changes: [{ at: START + 4 * DAY, change: 0.18, verdict: 'worse', label: 'a1b2c3' }],
};

const KINDS = [
  { id: 'build', label: 'build', series: 'series-1' },
  { id: 'start', label: 'start-up', series: 'series-2' },
  { id: 'tests', label: 'tests', series: 'series-3' },
] as const;

export const GANTT: GanttData = {
  kind: 'gantt',
  title: 'Timeline of the run',
  kinds: KINDS,
  markers: [{ at: 77, label: 'services are ready' }],
  lanes: [
    {
      label: 'build',
      bars: [{ from: 0, to: 41, kind: 'build', label: 'pip install', critical: true, link: '#build' }],
    },
    { label: 'api', bars: [{ from: 70, to: 77, kind: 'start', label: 'api', waited: { since: 41, for: 'postgres' } }] },
    {
      label: 'unit',
      bars: [
        { from: 77, to: 141, kind: 'tests', label: 'pytest', critical: true },
        { from: 90, to: 120, kind: 'tests', label: 'pytest -m slow', failed: true },
      ],
    },
  ],
};

export const PAIRS: PairsData = {
  kind: 'pairs',
  title: 'Pairs',
  unit: 'second',
  baseLabel: 'main',
  headLabel: 'feature',
  pairs: [
    { base: 120, head: 128, label: 'pair 1' },
    { base: 118, head: 117, label: 'pair 2' },
    { base: 121, head: null },
    { base: 119, head: 160, excluded: true },
  ],
  ratio: { point: 1.03, low: 0.99, high: 1.08 },
};

export const CURVES: CurvesData = {
  kind: 'curves',
  title: 'Resources',
  phases: [
    { label: 'build', from: 0, to: 40 },
    { label: 'tests', from: 40, to: 100 },
  ],
  panels: [
    {
      label: 'CPU',
      unit: 'ratio',
      limit: { value: 1, label: 'all CPUs' },
      lines: [
        { label: 'tests', points: [0.1, 0.9, null, 0.8, 0.2].map((value, i) => ({ at: i * 25, value })) },
        { label: 'postgres', points: [0, 0.2, 0.3, 0.2, 0.1].map((value, i) => ({ at: i * 25, value })) },
      ],
    },
    {
      label: 'Network',
      unit: 'byte',
      perSecond: true,
      lines: [{ label: 'all', points: [9e6, 8e6, 1e5, 0, 0].map((value, i) => ({ at: i * 25, value })) }],
    },
  ],
};

export const INTERVALS: IntervalsData = {
  kind: 'intervals',
  title: 'Scenarios',
  unit: 'second',
  rows: [
    {
      label: 'unit',
      interval: { point: 118, low: 114, high: 121 },
      trials: [112, 118, 123],
      target: 130,
      verdict: 'met',
    },
    {
      label: 'slow',
      interval: { point: 171, low: 163, high: 180 },
      trials: [160, null, 180],
      target: 150,
      verdict: 'missed',
    },
    { label: 'smoke', interval: { point: 62, low: 51, high: 74 }, trials: [], target: 60, verdict: 'unclear' },
    { label: 'lost', interval: null, trials: [] },
  ],
};

export const BARS: BarsData = {
  kind: 'bars',
  title: 'Where the time goes',
  unit: 'second',
  kinds: KINDS,
  rows: [
    {
      label: 'tests/test_api.py',
      parts: [
        { kind: 'start', value: 21 },
        { kind: 'tests', value: 34 },
      ],
      link: '#api',
    },
    { label: 'tests/test_models.py', parts: [{ kind: 'tests', value: 0.04 }] },
    { label: 'tests/test_lost.py', parts: null },
  ],
};

export const SPARKLINE: SparklineData = {
  kind: 'sparkline',
  title: 'Newest runs',
  unit: 'second',
  values: [100, 98, null, 120, 118],
  target: 119,
};

export interface Kind {
  chart: Chart;
  draw: (options: ChartOptions) => string;
  describe: () => string;
}

/** Every kind, drawn from what `change` makes of its sample. */
export function kinds(change: (data: Chart) => Chart = (data) => data): Readonly<Record<string, Kind>> {
  const all: readonly Chart[] = [TREND, GANTT, PAIRS, CURVES, INTERVALS, BARS, SPARKLINE];
  return Object.fromEntries(all.map((data) => [data.kind, kindOf(change(data))]));
}

function kindOf(chart: Chart): Kind {
  return { chart, draw: (options) => drawChart(chart, options).svg, describe: () => describeChart(chart) };
}

/** The same data with every value of a type replaced, at any depth. */
export function replaced<Data>(data: Data, replace: (value: unknown, key: string) => unknown): Data {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => replace(value, key)) as Data;
}
