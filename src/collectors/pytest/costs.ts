/** What sleeps, connections and the collection of files cost, over all processes of a trial; and how coverage measures. */
import type { PytestProfile, WorkerLoad } from '../../model/profile/pytest-profile.ts';
import type { CollectedFile, ConnectionCost, CoverageSettings, SleepCost } from '../../model/profile/test-table.ts';
import type { ConnectionRow, FileRow, SleepRow } from './cost-records.ts';
import { asArray, asText, clipped, micro, type Row } from './foreign-json.ts';
import type { ProbeSession } from './probe-records.ts';
import type { Run } from './run.ts';

const ROWS = 20;
const MOST_TESTS = 3;
const CORES = ['ctrace', 'pytrace', 'sysmon'];

export type Costs = Pick<
  PytestProfile,
  'sleeps' | 'startedPytests' | 'collectedFiles' | 'connections' | 'coverageSettings'
>;

export function costsOf(runs: readonly Run[]): Costs {
  const ran = runs.flatMap(({ main, workers }) => [main, ...workers]);
  const sleeps = ran.flatMap(({ costs }) => (costs.sleeps === null ? [] : [costs.sleeps]));
  const pytests = ran.flatMap(({ costs }) => (costs.pytests === null ? [] : [costs.pytests]));
  const connections = ran.flatMap(({ costs }) => (costs.connections === null ? [] : [costs.connections]));
  const isCollected = ran.some(({ costs }) => costs.files !== null);
  return {
    ...(sleeps.length === 0 ? {} : { sleeps: sleepsOf(sleeps.flat()) }),
    ...(pytests.length === 0 ? {} : { startedPytests: sleepsOf(pytests.flat()) }),
    ...(connections.length === 0 ? {} : { connections: connectionsOf(connections.flat()) }),
    ...(isCollected ? { collectedFiles: filesOf(runs) } : {}),
    ...coverageOf(ran),
  };
}

function sleepsOf(rows: readonly SleepRow[]): SleepCost[] {
  const sums = summed(
    rows,
    ({ file, line }) => `${file}:${line}`,
    (a, b) => ({
      ...a,
      source: a.source ?? b.source,
      calls: a.calls + b.calls,
      seconds: micro(a.seconds + b.seconds),
      tests: [...new Set([...a.tests, ...b.tests])].slice(0, MOST_TESTS),
    }),
  );
  return costliest(sums);
}

function connectionsOf(rows: readonly ConnectionRow[]): ConnectionCost[] {
  const sums = summed(
    rows,
    ({ host, port }) => `${host}:${port}`,
    (a, b) => ({
      ...a,
      calls: a.calls + b.calls,
      seconds: micro(a.seconds + b.seconds),
      tests: a.tests + b.tests,
      // Of the process that opened most of them.
      opened: (a.calls >= b.calls ? a.opened : b.opened) ?? a.opened ?? b.opened,
    }),
  );
  return sums.sort((a, b) => b.calls - a.calls || b.seconds - a.seconds).slice(0, ROWS);
}

/** xdist's workers collect side by side, each all files, after their controller has read its conftests: their mean counts. */
function filesOf(runs: readonly Run[]): CollectedFile[] {
  const rows = runs.flatMap(({ main, workers }) => {
    const share = (row: FileRow, processes: number) => ({ ...row, seconds: row.seconds / processes });
    const collecting = workers.flatMap(({ costs }) => (costs.files === null ? [] : [costs.files]));
    const ofWorkers = collecting.flatMap((files) => files.map((file) => share(file, collecting.length)));
    return [...(main.costs.files ?? []), ...ofWorkers];
  });
  const sums = summed(
    rows,
    ({ path }) => path,
    (a, b) => ({ ...a, seconds: a.seconds + b.seconds, tests: Math.max(a.tests, b.tests) }),
  );
  return costliest(sums.map((row) => ({ ...row, seconds: micro(row.seconds) })));
}

/** Of the process that tells most: xdist's controller does not measure, and a worker makes no report. */
function coverageOf(ran: readonly ProbeSession[]): Pick<PytestProfile, 'coverageSettings'> {
  const told = ran.flatMap(({ costs }) => (costs.coverage === null ? [] : [settingsIn(costs.coverage)]));
  const isOn = ran.some(({ configuration }) => configuration?.['coverage'] === true);
  if (told.length === 0) return isOn ? {} : { coverageSettings: null };
  const first = <T>(values: readonly (T | null)[]): T | null => values.find((value) => value !== null) ?? null;
  const longest = (lists: readonly (readonly string[])[]) => lists.find((list) => list.length > 0) ?? [];
  return {
    coverageSettings: {
      branch: first(told.map(({ branch }) => branch)),
      source: longest(told.map(({ source }) => source)),
      core: first(told.map(({ core }) => core)),
      reports: longest(told.map(({ reports }) => reports)),
      version: first(told.map(({ version }) => version)),
    },
  };
}

function settingsIn(row: Row): CoverageSettings {
  const words = (value: unknown) =>
    asArray(value)
      .slice(0, ROWS)
      .flatMap((word) => asText(word) ?? [])
      .map(clipped);
  const version = asText(row['version']);
  return {
    branch: typeof row['branch'] === 'boolean' ? row['branch'] : null,
    source: words(row['source']),
    core: CORES.find((core) => core === row['core']) ?? null,
    reports: words(row['reports']),
    version: version === null ? null : clipped(version),
  };
}

/** From the start of its process until it waited for its first test, and its CPU time over the session. */
export function processOf({
  loopStart,
  processStart,
  costs: { cpuAtStart, cpuAtEnd },
}: ProbeSession): Required<Pick<WorkerLoad, 'startSeconds' | 'cpuSeconds'>> {
  const used = cpuAtStart === null || cpuAtEnd === null ? null : cpuAtEnd - cpuAtStart;
  return {
    startSeconds: loopStart === null || loopStart < processStart ? null : micro(loopStart - processStart),
    cpuSeconds: used === null || used < 0 ? null : micro(used),
  };
}

function summed<T>(rows: readonly T[], keyOf: (row: T) => string, sum: (a: T, b: T) => T): T[] {
  const sums = new Map<string, T>();
  for (const row of rows) {
    const known = sums.get(keyOf(row));
    sums.set(keyOf(row), known === undefined ? row : sum(known, row));
  }
  return [...sums.values()];
}

function costliest<T extends { readonly seconds: number }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => b.seconds - a.seconds).slice(0, ROWS);
}
