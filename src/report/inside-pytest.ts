/** Where the time of the primary scenario's tests goes: a few lines for the screen, tables for report.md. */
import { figure } from '../analysis/figure.ts';
import type { Category, FixtureCost, PytestConfiguration, PytestPath } from '../model/pytest-profile.ts';
import type { PytestDetails, PytestSummary, RunResult } from '../model/result.ts';
import { NO_FIGURE } from './rows.ts';
import { code, escaped, table } from './text/markdown-text.ts';

const SCREEN_TESTS = 3;
/** What takes less than this share of the tests' time, or of a second, is no line on the screen. */
const WORTH = 0.02;

/** At most four lines: the path, the slowest tests, the costliest fixture, the balance of workers. */
export function timeLines(result: RunResult): string[] {
  const { pytest: details } = result;
  const summary = result.scenarios.find(({ primary }) => primary)?.pytest ?? null;
  const path = summary?.path ?? null;
  if (details === null || summary === null || path === null) return [];
  return [
    pathLine(path, summary),
    ...slowestLine(details, path),
    ...fixtureLine(details, path),
    ...balanceLine(details, path),
  ];
}

/** Imports and collection are what every test run waits for, so each has its own figure; what is next to nothing has none. */
function pathLine(path: PytestPath, { coverageReportSeconds }: PytestSummary): string {
  const report = Math.min(coverageReportSeconds ?? 0, path.report);
  const parts = [
    ['start and imports', path.start],
    ['collection', path.collection],
    ['tests', path.tests],
    ['coverage report', report],
    ['end', path.report - report + path.outside],
  ] as const;
  const shown = parts.filter(([name, seconds]) => name === 'tests' || seconds >= 0.05);
  return shown.map(([name, seconds]) => `${name} ${figure(seconds, 'second')}`).join(', ');
}

function slowestLine({ slowestTests }: PytestDetails, path: PytestPath): string[] {
  const worth = slowestTests.filter(({ seconds }) => seconds >= WORTH * Math.max(1, path.tests)).slice(0, SCREEN_TESTS);
  if (worth.length === 0) return [];
  return [`Slowest tests: ${worth.map(({ id, seconds }) => `${id} ${figure(seconds, 'second')}`).join(', ')}`];
}

function fixtureLine({ fixtures: [costliest] }: PytestDetails, path: PytestPath): string[] {
  if (costliest === undefined) return [];
  const { name, scope, count, seconds, teardown } = costliest;
  const worth = WORTH * Math.max(1, path.tests);
  if (seconds + (teardown ?? 0) < worth) return [];
  const after = teardown === null || teardown < worth ? '' : `, and ${figure(teardown, 'second')} to tear down`;
  const times = count === 1 ? 'set up once' : `set up ${count} times`;
  return [`Costliest fixture: ${name} (${scope}), ${times}, ${figure(seconds, 'second')} in all${after}`];
}

function balanceLine({ workers }: PytestDetails, path: PytestPath): string[] {
  if (workers.length < 2) return [];
  const busy = workers.map(
    ({ worker, tests, busySeconds }) => `${worker} ${figure(busySeconds, 'second')} (${tests} tests)`,
  );
  const idle = workers.reduce((sum, { busySeconds }) => sum + Math.max(0, path.tests - busySeconds), 0);
  const shown = workers.length > SCREEN_WORKERS ? [...busy.slice(0, 2), '…', busy.at(-1)!] : busy;
  const share = path.tests > 0 ? `; ${figure(idle / (path.tests * workers.length), 'ratio')} of their time idle` : '';
  return [`Workers: ${shown.join(', ')}${share}`];
}

const SCREEN_WORKERS = 4;

/** All of it, as Markdown. */
export function timeTables({ pytest, scenarios }: RunResult): string[] {
  const paths = pathTable(
    scenarios.flatMap(({ name, pytest: seen }) => (seen === null ? [] : [[name, seen] as const])),
  );
  if (pytest === null) return paths;
  const { scenario, trial, workers, slowestTests, fixtures, markers, directories, files, failedTests } = pytest;
  const timings = slowestTests.map(({ id, seconds, setup, call, teardown, outcome, worker }) => [
    code(id),
    ...[seconds, setup, call, teardown].map((value) => figure(value, 'second')),
    outcome,
    escaped(worker),
  ]);
  return blocks([
    paths,
    [`The rest is of ${escaped(scenario)}, trial ${trial}.`],
    listOf('lrrrrll', ['Slowest tests', 'Time', 'Set-up', 'Call', 'Tear-down', 'Outcome', 'Worker'], timings),
    listOf(
      'lllrrrr',
      ['Costliest fixtures', 'Scope', 'Of', 'Set up', 'Time', 'Slowest', 'Tear-down'],
      fixtures.map(fixtureCells),
    ),
    listOf(
      'lrr',
      ['Worker', 'Tests', 'Busy'],
      workers.map(({ worker, tests, busySeconds }) => [escaped(worker), String(tests), figure(busySeconds, 'second')]),
    ),
    categoryTable('Marker', markers),
    categoryTable('Directory', directories),
    categoryTable('File', files),
    listOf(
      'l',
      ['Red tests'],
      failedTests.map((id) => [code(id)]),
    ),
  ]);
}

function pathTable(seen: readonly (readonly [string, PytestSummary])[]): string[] {
  const header = [
    'Scenario',
    'Start',
    'Collection',
    'Tests',
    'Report',
    'of it coverage',
    'Outside',
    'Ran',
    'In effect',
  ];
  const rows = seen.map(([name, { path, testSet, coverageReportSeconds, configuration }]) => [
    escaped(name),
    ...[path?.start, path?.collection, path?.tests, path?.report, coverageReportSeconds, path?.outside].map(
      secondsCell,
    ),
    `${testSet.count} tests`,
    escaped(configurationText(configuration)),
  ]);
  return listOf('lrrrrrrrl', header, rows);
}

function secondsCell(seconds: number | null | undefined): string {
  return seconds == null ? NO_FIGURE : figure(seconds, 'second');
}

/** "pytest 9.2.0, 2 workers (load), coverage, -m 'not slow'" */
export function configurationText(configuration: PytestConfiguration): string {
  const { pytest, workers, distribution, coverage, markers, keyword, randomOrder } = configuration;
  return [
    `pytest ${pytest}`,
    workers === 0 ? 'one process' : `${workers} ${workers === 1 ? 'worker' : 'workers'} (${distribution ?? '?'})`,
    coverage ? 'coverage' : 'no coverage',
    ...(markers === null ? [] : [`-m '${markers}'`]),
    ...(keyword === null ? [] : [`-k '${keyword}'`]),
    ...(randomOrder === null ? [] : [`random order (${randomOrder})`]),
  ].join(', ');
}

function fixtureCells({ name, scope, where, count, seconds, slowest, teardown }: FixtureCost): string[] {
  const times = [count === 1 ? 'once' : `${count} times`, figure(seconds, 'second'), figure(slowest, 'second')];
  const after = teardown === null ? NO_FIGURE : figure(teardown, 'second');
  return [code(name), escaped(scope), escaped(where), ...times, after];
}

function categoryTable(title: string, rows: readonly Category[]): string[] {
  const cells = rows.map(({ name, tests, seconds }) => [code(name), String(tests), figure(seconds, 'second')]);
  return listOf('lrr', [title, 'Tests', 'Time'], cells);
}

function listOf(align: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : table(align, header, rows);
}

function blocks(parts: readonly (readonly string[])[]): string[] {
  return parts.filter((part) => part.length > 0).flatMap((part, i) => (i === 0 ? part : ['', ...part]));
}
