/** `paceline history import` and `export`: exchanges figures with other tools. */
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type ExportFormat,
  type ImportFormat,
  pointsThatFit,
  readFigures,
  writePoints,
} from '../../data/interchange/index.ts';
import { readCommit } from '../../data/interchange/commits.ts';
import { LARGEST_FILE_BYTES, MOST_POINTS } from '../../data/interchange/reading.ts';
import { decodedText } from '../../data/interchange/text.ts';
import { readTime } from '../../data/interchange/times.ts';
import type { ExternalPoint } from '../../model/external-point.ts';
import { wrongUsage } from '../../model/failure.ts';
import { METRICS, type Unit } from '../../model/measurement.ts';
import type { SeriesHistory, SeriesKey } from '../../model/regression.ts';
import type { Io } from '../io.ts';
import { writeFiles } from '../output-folder.ts';
import { importNotes } from './import-notes.ts';
import { inWritableStore, printJson, type StoreFlags, withStore } from './open.ts';

export interface ImportFlags extends StoreFlags {
  readonly format?: ImportFormat;
  readonly as?: string;
  readonly commit?: string;
  readonly at?: string;
  readonly json?: boolean;
}

export async function importFile(file: string, flags: ImportFlags, io: Io): Promise<void> {
  const { text, modified } =
    file === '-' ? { text: await io.input(), modified: new Date() } : await contentOf(file, io);
  const at = timeOf(flags.at) ?? modified.toISOString();
  const { points, notes } = readFigures(text, flags.format ?? null, { file, at, commit: givenCommit(flags.commit) });
  const origin = flags.as ?? (file === '-' ? 'stdin' : basename(file));
  await inWritableStore(flags, io, async (store) => {
    const instead = await store.keptInstead(origin, points);
    const added = await store.importPoints(origin, points);
    const known = points.length - added - instead.length;
    if (flags.json) {
      return printJson(io, { origin, points: points.length, added, known, keptInstead: instead, notes });
    }
    const series = new Set(points.map(({ name, measure }) => JSON.stringify([name, measure]))).size;
    io.out(
      `Read ${counted(points.length)} of ${series} series from ${file}: ${added} new${known === 0 ? '' : `, ${known} already stored`}. ` +
        `They are stored as \`${origin}\` and are never used as a baseline.\n`,
    );
    for (const line of importNotes(notes, instead)) io.out(`${line}\n`);
  });
}

export interface ExportFlags extends StoreFlags {
  readonly format: ExportFormat;
  readonly project?: string;
  readonly imported?: string | true;
  readonly output?: string;
}

export async function exportPoints(flags: ExportFlags, io: Io): Promise<void> {
  const points = await withStore(
    flags,
    io,
    async ({ store }) => {
      if (flags.imported !== undefined) {
        return store.importedPoints(flags.imported === true ? {} : { origin: flags.imported });
      }
      const series = await store.listSeries(flags.project === undefined ? {} : { project: flags.project });
      const keys = series.map(({ key }) => key);
      return pointsOf(keys, await store.seriesHistories(keys, { limit: MOST_POINTS }));
    },
    () => [] as readonly ExternalPoint[],
  );
  const text = writePoints(points, flags.format);
  if (flags.output === undefined) io.out(text);
  else await writeFiles({ [resolve(io.cwd, flags.output)]: text });
  const written = pointsThatFit(points, flags.format).length;
  const count = written === points.length ? counted(written) : `${written} of ${counted(points.length)}`;
  const why =
    written === points.length ? '' : `: this format can hold only ${HELD[flags.format] ?? 'the newest of each series'}`;
  io.err(`${count} written${flags.output === undefined ? '' : ` to ${flags.output}`}${why}.\n`);
}

const HELD: Partial<Record<ExportFormat, string>> = { openmetrics: 'one figure for each series and time' };

function counted(points: number): string {
  return points === 1 ? '1 point' : `${points} points`;
}

const UNITS: Readonly<Record<Unit, string>> = { second: 's', byte: 'byte', ratio: 'ratio' };

/** The clean points. Series that differ only in where they were measured get different names. */
export function pointsOf(keys: readonly SeriesKey[], histories: readonly SeriesHistory[]): ExternalPoint[] {
  const plain = keys.map(({ project, scenario }) => (scenario === null ? project : `${project}/${scenario}`));
  const same = Map.groupBy(keys.keys(), (index) => JSON.stringify([plain[index], keys[index]!.metric]));
  return keys.flatMap((key, index) => {
    const twins = same.get(JSON.stringify([plain[index], key.metric]))!;
    const name = twins.length === 1 ? plain[index]! : `${plain[index]} @ ${placeOf(key)}`;
    return histories[index]!.points.filter(({ disturbed }) => disturbed === null).map(({ value, commit, at }) => ({
      name,
      measure: key.metric,
      unit: UNITS[METRICS[key.metric].unit],
      better: 'lower' as const,
      value,
      low: null,
      high: null,
      commit,
      at,
    }));
  });
}

function placeOf({ fingerprint, lane, source }: SeriesKey): string {
  const { cpuModel, cores, memoryGib, engineMajor } = fingerprint;
  const shape = lane === null ? '' : `, lane ${lane.cpus}/${lane.memoryBytes ?? 'any'}`;
  return `${cpuModel}, ${cores} CPUs, ${memoryGib} GiB, engine ${engineMajor}${shape}, ${source}`;
}

async function contentOf(file: string, io: Io): Promise<{ text: string; modified: Date }> {
  const path = resolve(io.cwd, file);
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile())
    throw wrongUsage(`There is no file ${file}.`, 'Specify a file, or - for stdin.');
  if (found.size > LARGEST_FILE_BYTES) {
    throw wrongUsage(`${file} has ${found.size} bytes. The limit for an import is 64 MiB.`, 'Split the file.');
  }
  const decoded = decodedText(await readFile(path));
  if (decoded.kind === 'text') return { text: decoded.text, modified: found.mtime };
  throw wrongUsage(
    `${file} cannot be imported: line ${decoded.line} is not text in UTF-8.`,
    'Save the file as UTF-8 and import it again.',
  );
}

function timeOf(given: string | undefined): string | null {
  if (given === undefined) return null;
  const time = readTime(given);
  if (time.kind === 'time' && time.zone === 'said') return time.at;
  throw time.kind === 'refused'
    ? wrongUsage(`--at: ${time.why}.`, 'Write it like 2026-03-01T04:00:00Z.')
    : wrongUsage(`--at ${given} has no time zone.`, `Write it like ${time.at.replace('.000Z', 'Z')}, or with +01:00.`);
}

function givenCommit(given: string | undefined): string | null {
  if (given === undefined) return null;
  const commit = readCommit(given);
  if (commit.kind === 'commit') return commit.id;
  throw wrongUsage(`--commit ${given} is not the id of a commit.`, 'Use what `git rev-parse HEAD` prints.');
}
