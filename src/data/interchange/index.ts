/** Imports figures of other tools, exports Paceline's. One file per format. */
import type { ExternalPoint } from '../../model/external-point.ts';
import { readBencher, writeBencher } from './bencher.ts';
import { readCsv, writeCsv } from './csv.ts';
import { ASSIGNMENT, readGithubActionBenchmark, writeGithubActionBenchmark } from './github-action-benchmark.ts';
import { readHyperfine, writeHyperfine } from './hyperfine.ts';
import { readJmh } from './jmh.ts';
import { readJsonLines, writeJsonLines } from './json-lines.ts';
import { keptApart } from './keep-apart.ts';
import { parseTolerantly } from './json-text.ts';
import { latestOfEachMoment, writeOpenMetrics } from './openmetrics.ts';
import { readPytestBenchmark, writePytestBenchmark } from './pytest-benchmark.ts';
import {
  LARGEST_FILE_BYTES,
  MOST_POINTS,
  type ReadContext,
  type Reader,
  type ReadingNote,
  unreadable,
} from './reading.ts';

export type { ReadContext, ReadingNote };

const READERS = {
  'github-action-benchmark': readGithubActionBenchmark,
  bencher: readBencher,
  'pytest-benchmark': readPytestBenchmark,
  hyperfine: readHyperfine,
  jmh: readJmh,
  csv: readCsv,
  jsonl: readJsonLines,
} as const satisfies Record<string, Reader>;

/** What writes each format, and which points it can hold. */
const WRITERS = {
  'github-action-benchmark': { write: writeGithubActionBenchmark, fitting: all },
  bencher: { write: writeBencher, fitting: newestOfEach },
  'pytest-benchmark': { write: writePytestBenchmark, fitting: newestTimes },
  hyperfine: { write: writeHyperfine, fitting: newestTimes },
  csv: { write: writeCsv, fitting: all },
  jsonl: { write: writeJsonLines, fitting: all },
  openmetrics: { write: writeOpenMetrics, fitting: latestOfEachMoment },
} as const satisfies Record<
  string,
  {
    write: (points: readonly ExternalPoint[]) => string;
    fitting: (points: readonly ExternalPoint[]) => readonly ExternalPoint[];
  }
>;

export type ImportFormat = keyof typeof READERS;
export type ExportFormat = keyof typeof WRITERS;

export const IMPORT_FORMATS = Object.keys(READERS) as ImportFormat[];
export const EXPORT_FORMATS = Object.keys(WRITERS) as ExportFormat[];

export interface ReadFile {
  /** Unique by name, measure, moment and commit. */
  readonly points: readonly ExternalPoint[];
  readonly notes: readonly ReadingNote[];
}

/**
 * Reads a file that another tool wrote.
 * @param format null: detected from the content
 * @throws PacelineError WrongUsage with the file and the place in it
 */
export function readFigures(written: string, format: ImportFormat | null, context: ReadContext): ReadFile {
  const text = written.replace(/^\u{feff}+/u, '');
  if (Buffer.byteLength(text) > LARGEST_FILE_BYTES) throw unreadable(context, '', 'it is larger than 64 MiB');
  if (text.trim() === '' && format !== 'jsonl') throw unreadable(context, '', 'the file is empty');
  if (format === null && /^# (TYPE|HELP|UNIT|EOF)\b/.test(text)) {
    throw unreadable(
      context,
      '',
      'it is OpenMetrics, which can only be exported. Use csv or jsonl for both directions',
    );
  }
  const notes: ReadingNote[] = [];
  const note = (one: ReadingNote) => void notes.push(one);
  const figures = READERS[format ?? formatOf(text)](text, { ...context, note });
  if (figures.length > MOST_POINTS) throw unreadable(context, '', `it has more than ${MOST_POINTS} points`);
  const points = keptApart(figures, note);
  notes.push(...severalUnits(points));
  return { points, notes };
}

/** Only the figures of another tool's file, as {@link readFigures} reads them. */
export function readPoints(text: string, format: ImportFormat | null, context: ReadContext): readonly ExternalPoint[] {
  return readFigures(text, format, context).points;
}

/** Series with several units, whose figures cannot be compared. */
function severalUnits(points: readonly ExternalPoint[]): ReadingNote[] {
  const series = Map.groupBy(points, ({ name, measure }) => JSON.stringify([name, measure]));
  return [...series.values()].flatMap((ofSeries) => {
    const units = [...new Set(ofSeries.map(({ unit }) => unit))];
    return units.length === 1 ? [] : [{ kind: 'severalUnits', name: ofSeries[0]!.name, units }];
  });
}

/** @param points oldest first within each series */
export function writePoints(points: readonly ExternalPoint[], format: ExportFormat): string {
  return WRITERS[format].write(pointsThatFit(points, format));
}

/** The points that the format can hold. {@link writePoints} writes these. */
export function pointsThatFit(points: readonly ExternalPoint[], format: ExportFormat): readonly ExternalPoint[] {
  return WRITERS[format].fitting(points);
}

function all(points: readonly ExternalPoint[]): readonly ExternalPoint[] {
  return points;
}

/** For formats that have only seconds, with a name and one moment. */
function newestTimes(points: readonly ExternalPoint[]): ExternalPoint[] {
  return namedApart(newestOfEach(points).filter(({ unit }) => unit === 's'));
}

/** If only the name distinguishes figures in this format, the measure is added to names that occur twice. */
function namedApart(points: readonly ExternalPoint[]): ExternalPoint[] {
  const alike = Map.groupBy(points, ({ name }) => name);
  return points.map((point) =>
    alike.get(point.name)!.length === 1 ? point : { ...point, name: `${point.name}: ${point.measure}` },
  );
}

/** For formats with one point per figure. */
function newestOfEach(points: readonly ExternalPoint[]): ExternalPoint[] {
  return [...Map.groupBy(points, ({ name, measure }) => JSON.stringify([name, measure])).values()].map((series) =>
    series.reduce((newest, point) => (point.at >= newest.at ? point : newest)),
  );
}

/** Detects the format by the first words and the outermost keys. */
export function formatOf(text: string): ImportFormat {
  if (ASSIGNMENT.test(text)) return 'github-action-benchmark';
  if (/^\s*\[/.test(text)) return 'jmh';
  if (!/^\s*\{/.test(text)) return 'csv';
  const json = parsedOrNull(text);
  if (json === null) return isJsonLines(text) ? 'jsonl' : 'bencher';
  if ('entries' in json) return 'github-action-benchmark';
  if (Array.isArray(json['benchmarks'])) return 'pytest-benchmark';
  if (Array.isArray(json['results'])) return isPerf(json['results']) ? 'bencher' : 'hyperfine';
  return typeof json['name'] === 'string' && 'value' in json ? 'jsonl' : 'bencher';
}

function isPerf(results: readonly unknown[]): boolean {
  const [first] = results;
  return typeof first === 'object' && first !== null && 'metrics' in first;
}

/** Each line is a complete value. This is not true for a truncated JSON document. */
function isJsonLines(text: string): boolean {
  return parsedOrNull(text.slice(0, text.indexOf('\n') + 1)) !== null;
}

function parsedOrNull(text: string): Record<string, unknown> | null {
  try {
    return parseTolerantly(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
