/**
 * Bencher's JSON: its metric format (https://bencher.dev/docs/reference/bencher-metric-format: benchmark → measure →
 * figure), and the output of `bencher perf` (the same over time).
 */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { betterOf } from './direction.ts';
import {
  commitOf,
  FIGURE,
  isoTime,
  NAME,
  parseKeyedJson,
  type Reader,
  type ReadFigure,
  type Reading,
  shaped,
} from './reading.ts';

/** With one iteration there is no interval, and some writers put NaN in its place. */
const BOUND = z.union([FIGURE, z.nan().transform(() => null)]).nullish();
const METRIC = z.object({
  value: FIGURE,
  lower_value: BOUND,
  upper_value: BOUND,
});
const METRIC_FORMAT = z.record(NAME, z.record(NAME, METRIC));
const PERF = z.object({
  results: z.array(
    z.object({
      benchmark: z.object({ name: NAME }),
      measure: z.object({ name: NAME, units: z.string().default('') }),
      branch: z.object({ name: z.string() }).nullish(),
      testbed: z.object({ name: z.string() }).nullish(),
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

/** Measures that Bencher defines. */
const UNITS: Readonly<Record<string, string>> = {
  latency: 'ns',
  throughput: 'ops/s',
  'build-time': 's',
  'file-size': 'byte',
};

export const readBencher: Reader = (text, reading) => {
  const json = parseKeyedJson(text, reading);
  if (isPerf(json)) return perfPoints(shaped(PERF, json, reading), reading);
  return Object.entries(shaped(METRIC_FORMAT, json, reading)).flatMap(([name, measures]) =>
    Object.entries(measures).map(([measure, metric]) => ({
      point: {
        name,
        ...figures(measure, UNITS[measure] ?? '', metric),
        commit: reading.commit,
        at: reading.at,
      },
      place: `${name}.${measure}`,
      marks: [],
    })),
  );
};

/** The newest point of each figure. The format has no times. */
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

function perfPoints({ results }: z.infer<typeof PERF>, reading: Reading): ReadFigure[] {
  return results.flatMap(({ benchmark, measure, metrics, branch, testbed }, result) =>
    metrics.map(({ start_time, version, metric }, index) => {
      const place = `results[${result}].metrics[${index}]`;
      return {
        point: {
          name: benchmark.name,
          ...figures(measure.name, measure.units, metric),
          commit: commitOf(version?.hash, `${place}.version.hash`, reading),
          at: isoTime(start_time, `${place}.start_time`, reading),
        },
        place,
        marks: [testbed, branch].flatMap((each) => (each == null ? [] : [each.name])),
      };
    }),
  );
}

function figures(measure: string, unit: string, { value, lower_value, upper_value }: z.infer<typeof METRIC>) {
  const better = betterOf({ unit, measure });
  return { measure, unit, better, value, low: lower_value ?? null, high: upper_value ?? null };
}
