/**
 * Bencher's JSON: its metric format (https://bencher.dev/docs/reference/bencher-metric-format: benchmark → measure →
 * figure), and what `bencher perf` answers (the same over time).
 */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { FIGURE, isoTime, NAME, parseJson, type Reader, shaped } from './reading.ts';

const METRIC = z.object({
  value: FIGURE,
  lower_value: FIGURE.nullish(),
  upper_value: FIGURE.nullish(),
});
const METRIC_FORMAT = z.record(NAME, z.record(NAME, METRIC));
const PERF = z.object({
  results: z.array(
    z.object({
      benchmark: z.object({ name: NAME }),
      measure: z.object({ name: NAME, units: z.string().default('') }),
      metrics: z.array(
        z.object({
          start_time: z.union([z.string(), z.number()]),
          version: z.object({ hash: z.string().nullish() }).nullish(),
          metric: METRIC,
        }),
      ),
    }),
  ),
});

/** Bencher's own measures: https://bencher.dev/docs/explanation/thresholds/ judges throughput by its lower boundary. */
const RATES = /throughput/i;
const UNITS: Readonly<Record<string, string>> = {
  latency: 'ns',
  throughput: 'ops/s',
  'build-time': 's',
  'file-size': 'byte',
};

export const readBencher: Reader = (text, context) => {
  const json = parseJson(text, context);
  if (isPerf(json)) return perfPoints(shaped(PERF, json, context), context);
  return Object.entries(shaped(METRIC_FORMAT, json, context)).flatMap(([name, measures]) =>
    Object.entries(measures).map(([measure, metric]) => ({
      name,
      measure,
      unit: UNITS[measure] ?? '',
      ...figures(measure, metric),
      commit: context.commit,
      at: context.at,
    })),
  );
};

/** One moment: of each figure its newest point. */
export function writeBencher(points: readonly ExternalPoint[]): string {
  const benchmarks: Record<string, Record<string, unknown>> = Object.create(null) as Record<string, never>;
  for (const { name, measure, value, low, high } of points) {
    benchmarks[name] ??= Object.create(null) as Record<string, unknown>;
    benchmarks[name][measure] = {
      value,
      ...(low === null ? {} : { lower_value: low }),
      ...(high === null ? {} : { upper_value: high }),
    };
  }
  return `${JSON.stringify(benchmarks, null, 2)}\n`;
}

function isPerf(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'results' in json && Array.isArray(json.results);
}

function perfPoints({ results }: z.infer<typeof PERF>, context: Parameters<Reader>[1]): ExternalPoint[] {
  return results.flatMap(({ benchmark, measure, metrics }, result) =>
    metrics.map(({ start_time, version, metric }, index) => ({
      name: benchmark.name,
      measure: measure.name,
      unit: measure.units,
      ...figures(measure.name, metric),
      commit: version?.hash ?? context.commit,
      at: isoTime(start_time, `results[${result}].metrics[${index}].start_time`, context),
    })),
  );
}

function figures(measure: string, { value, lower_value, upper_value }: z.infer<typeof METRIC>) {
  const better = RATES.test(measure) ? ('higher' as const) : ('lower' as const);
  return { better, value, low: lower_value ?? null, high: upper_value ?? null };
}
