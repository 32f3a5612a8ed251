/** A trend as a chart. */
import { METRICS } from '../model/measurement.ts';
import type { SeriesPoint } from '../model/regression.ts';
import type { TrendChange, TrendData, TrendPoint, TrendSegment } from './charts/chart.ts';
import type { Trend } from '../model/trend.ts';

/** @param runId the run that a page is about; null for none @param hrefOf where a run's page is; none are linked without it */
export function trendChart(
  { title, key, points, segments, alerts, target }: Trend,
  runId: string | null,
  hrefOf: (runId: string) => string | null = () => null,
): TrendData {
  const alerted = new Set(alerts.filter(({ state }) => state === 'confirmed').map((alert) => alert.runId));
  const pointOf = (point: SeriesPoint): TrendPoint => ({
    at: Date.parse(point.at),
    value: point.value,
    runId: point.runId,
    ...(point.commit === null ? {} : { label: point.commit.slice(0, 7) }),
    link: hrefOf(point.runId),
    failed: false,
    alerted: alerted.has(point.runId),
    thisRun: point.runId === runId,
  });
  const time = (index: number) => Date.parse(points[index]?.at ?? '');
  return {
    kind: 'trend',
    title,
    x: 'time',
    unit: METRICS[key.metric].unit,
    points: points.map(pointOf),
    segments: segments.map(
      ({ first, last, level, low, high }): TrendSegment => ({ from: time(first), to: time(last), level, low, high }),
    ),
    changes: segments.slice(1).map(({ first, level }, i): TrendChange => {
      const change = level / (segments[i]?.level ?? level) - 1;
      return {
        at: time(first),
        change,
        verdict: change > 0 ? 'worse' : 'better',
        link: hrefOf(points[first]?.runId ?? ''),
      };
    }),
    target,
  };
}
