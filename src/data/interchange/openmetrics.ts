/**
 * OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec/): one gauge per measure, with a timestamp on each
 * sample, for `promtool tsdb create-blocks-from openmetrics` and other tools that import past data.
 */
import type { ExternalPoint } from '../../model/external-point.ts';

/** Base units of the specification. A metric's name ends with its unit. */
const UNITS: Readonly<Record<string, string>> = { s: 'seconds', byte: 'bytes', ratio: 'ratio' };

/** The specification requires the samples of a series to be together, oldest first. */
export function writeOpenMetrics(points: readonly ExternalPoint[]): string {
  const families = Map.groupBy(points, ({ measure, unit }) => familyOf(measure, unit));
  const lines = [...families].flatMap(([family, ofFamily]) => familyLines(family, ofFamily));
  return [...lines, '# EOF'].map((line) => `${line}\n`).join('');
}

function familyLines(family: string, points: readonly ExternalPoint[]): string[] {
  const { measure, unit } = points[0]!;
  const base = UNITS[unit];
  const series = Map.groupBy(points, ({ name }) => name);
  return [
    `# TYPE ${family} gauge`,
    ...(base === undefined ? [] : [`# UNIT ${family} ${base}`]),
    `# HELP ${family} ${escaped(base === undefined && unit !== '' ? `${measure} (${unit})` : measure)}`,
    ...[...series.values()].flatMap((ofSeries) => samples(family, ofSeries)),
  ];
}

function samples(family: string, points: readonly ExternalPoint[]): string[] {
  return points
    .map(({ at, name, value }) => ({ ms: Date.parse(at), name, value }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ ms, name, value }) => `${family}{name="${escaped(name)}"} ${value} ${ms / 1000}`);
}

/** A series can have one sample per moment. If several commits were measured at one moment, the last one is kept. */
export function latestOfEachMoment(points: readonly ExternalPoint[]): readonly ExternalPoint[] {
  const keyOf = ({ measure, unit, name, at }: ExternalPoint) => JSON.stringify([familyOf(measure, unit), name, at]);
  const last = new Map(points.map((point) => [keyOf(point), point]));
  return last.size === points.length ? points : points.filter((point) => last.get(keyOf(point)) === point);
}

function familyOf(measure: string, unit: string): string {
  const name = `paceline_${measure.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`;
  const base = UNITS[unit];
  return base === undefined || name.endsWith(`_${base}`) ? name : `${name}_${base}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
