import type { MetricName, Unit } from '../../model/measurement.ts';
import { METRICS } from '../../model/measurement.ts';
import type { SeriesKey } from '../../model/regression.ts';
import { formatRatio } from '../../format/format-quantity.ts';
import { figure } from '../../format/figure.ts';

/** A ratio of 1.25 as "+25 %", of 0.8 as "−20 %". */
export function percent(ratio: number): string {
  const change = ratio - 1;
  return `${change < 0 ? '−' : '+'}${formatRatio(Math.abs(change))}`;
}

/** "Docker build (cold)", or "One trial of a scenario of quick-tests". */
export function titleOf({ metric, scenario }: Pick<SeriesKey, 'metric' | 'scenario'>): string {
  const { title } = METRICS[metric];
  if (scenario === null) return title;
  return metric === 'trial.duration' ? `Scenario ${scenario}` : `${title} of ${scenario}`;
}

/** A value of the metric, as people read it. */
export function valueOf(metric: MetricName, value: number): string {
  const { unit }: { unit: Unit } = METRICS[metric];
  return value < 0 ? `−${figure(-value, unit)}` : figure(value, unit);
}
