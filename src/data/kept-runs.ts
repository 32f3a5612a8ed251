/** A history file: one run a line, as JSON. Two files are merged by the runs' ids, so that the order of writers does not matter. */
import { KEPT_RUN_VERSION, type KeptRun } from '../model/kept-run.ts';
import { METRICS } from '../model/measurement.ts';

/** A baseline is made of at most 30 runs; the rest shows when a figure got its level. */
export const MOST_KEPT_RUNS = 300;
/** A file on a branch is written again by each run. */
export const MOST_KEPT_BYTES = 8_000_000;

export interface ReadRuns {
  readonly runs: readonly KeptRun[];
  /** Lines that are not read as a run: of a newer version, or damaged. */
  readonly unreadable: number;
}

export function readKeptRuns(text: string): ReadRuns {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const runs = lines.map(keptRunOf).filter((run) => run !== null);
  return { runs, unreadable: lines.length - runs.length };
}

/** In order of time, each run once, the newest of them within both limits. The same runs give the same text. */
export function writeKeptRuns(runs: readonly KeptRun[]): string {
  const lines = merged(runs)
    .slice(-MOST_KEPT_RUNS)
    .map((run) => `${JSON.stringify(run)}\n`);
  let bytes = 0;
  const first = lines.findLastIndex((line) => (bytes += Buffer.byteLength(line)) > MOST_KEPT_BYTES) + 1;
  return lines.slice(first).join('');
}

/** What is known of a run in any of them counts. */
export function merged(runs: readonly KeptRun[]): KeptRun[] {
  const byId = new Map<string, KeptRun>();
  for (const run of runs) {
    const before = byId.get(run.run.runId);
    byId.set(run.run.runId, before === undefined ? run : together(before, run));
  }
  return [...byId.values()].toSorted((a, b) => compare(a.startedAt, b.startedAt) || compare(a.run.runId, b.run.runId));
}

function together(a: KeptRun, b: KeptRun): KeptRun {
  const acknowledged = new Map(
    [...a.acknowledged, ...b.acknowledged]
      .toSorted((one, other) => compare(other.at, one.at))
      .map((each) => [each.alertId, each]),
  );
  return {
    ...a,
    acknowledged: [...acknowledged.values()].toSorted((one, other) => compare(one.alertId, other.alertId)),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Checks what the store and the analysis rely on: the file may have been written by anything. */
function keptRunOf(line: string): KeptRun | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isRecord(value) || value['keptRunVersion'] !== KEPT_RUN_VERSION || !isRecord(value['run'])) return null;
  const { run, project, startedAt, finishedAt, commit, branch, verdict, entries, alerts, acknowledged } = value;
  const texts = [run['runId'], run['workflowId'], project, startedAt, finishedAt, verdict];
  const textsOrNull = [commit, branch];
  const isFine =
    texts.every((text) => typeof text === 'string' && text !== '') &&
    textsOrNull.every((text) => text === null || typeof text === 'string') &&
    isListOf(entries, isEntry) &&
    isListOf(alerts, (each) => typeof each['id'] === 'string' && isKey(each['key'])) &&
    isListOf(acknowledged, (each) =>
      ['alertId', 'seriesId', 'reason', 'at'].every((key) => typeof each[key] === 'string'),
    );
  return isFine ? (value as unknown as KeptRun) : null;
}

function isEntry({ key, point }: Readonly<Record<string, unknown>>): boolean {
  return isKey(key) && isRecord(point) && Number.isFinite(point['value']) && typeof point['at'] === 'string';
}

function isKey(key: unknown): boolean {
  return isRecord(key) && typeof key['metric'] === 'string' && key['metric'] in METRICS && isRecord(key['fingerprint']);
}

function isListOf(list: unknown, isItem: (item: Readonly<Record<string, unknown>>) => boolean): boolean {
  return Array.isArray(list) && list.every((item) => isRecord(item) && isItem(item));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
