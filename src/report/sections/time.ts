/** Where the time of the tests goes: the phases of pytest, slow tests, fixtures, and the balance of the workers. */
import type { Category, PytestConfiguration, PytestPath } from '../../model/profile/pytest-profile.ts';
import type { CoverageSettings } from '../../model/profile/test-table.ts';
import type { PytestDetails, PytestSummary, RunResult } from '../../model/result.ts';
import {
  type Block,
  type Cell,
  code,
  type Inline,
  item,
  joined,
  list,
  paragraph,
  quantity,
  quantityOrNull,
  seconds,
  type Table,
  table,
} from '../blocks.ts';
import type { BarRow, BarsData } from '../charts/chart.ts';
import { marked, named } from './failed-trial.ts';
import type { SectionMaker } from './section.ts';
import { workerChart } from './worker-chart.ts';

export const time: SectionMaker = {
  id: 'time',
  title: 'Where the time goes',
  make: (result, { facts }) => ({
    title: marked('Where the time goes', result.pytest),
    summary: list(summaryLines(result).map((line) => item(line))),
    details: [
      ...pathCharts(result),
      ...workerChart(result, facts),
      ...(result.pytest === null ? [] : detailTables(result.pytest)),
    ],
  }),
};

const SHOWN_TESTS = 3;
const SHOWN_WORKERS = 4;
/** Seconds. Files that take less are many, and are not worth a row. */
const SHOWN_COLLECTION = 0.01;
/** What takes less than this share of the tests' time, or of a second, is not worth a line. */
const WORTH = 0.02;

/** At most four lines, of the primary scenario. */
function summaryLines({ pytest: details, scenarios }: RunResult): readonly Inline[] {
  const summary = scenarios.find(({ primary }) => primary)?.pytest ?? null;
  const path = summary?.path ?? null;
  if (details === null || summary === null || path === null) return [];
  const worth = WORTH * Math.max(1, path.tests);
  return [
    pathLine(path, summary),
    ...slowestLine(details, worth),
    ...fixtureLine(details, worth),
    ...balanceLine(details, path.tests),
  ];
}

/** Every test run waits for imports and collection, so each has its own figure. Parts that take almost nothing are left out. */
function pathLine(path: PytestPath, { coverageReportSeconds }: PytestSummary): Inline {
  const report = Math.min(coverageReportSeconds ?? 0, path.report);
  const parts = [
    ['start and imports', path.start],
    ['collection', path.collection],
    ['tests', path.tests],
    ['coverage report', report],
    ['end', path.report - report + path.outside],
  ] as const;
  const shown = parts.filter(([name, value]) => name === 'tests' || value >= 0.05);
  return joined(shown.map(([name, value]): Inline => [`${name} `, seconds(value)]));
}

function slowestLine({ slowestTests }: PytestDetails, worth: number): readonly Inline[] {
  const shown = slowestTests.filter((slow) => slow.seconds >= worth).slice(0, SHOWN_TESTS);
  if (shown.length === 0) return [];
  return [['Slowest tests: ', joined(shown.map((slow): Inline => [code(slow.id), ' ', seconds(slow.seconds)]))]];
}

function fixtureLine({ fixtures: [costliest] }: PytestDetails, worth: number): readonly Inline[] {
  if (costliest === undefined) return [];
  const { name, scope, count, seconds: setup, teardown } = costliest;
  if (setup + (teardown ?? 0) < worth) return [];
  const after: Inline = teardown === null || teardown < worth ? '' : [', and ', seconds(teardown), ' to tear down'];
  return [['Costliest fixture: ', code(name), ` (${scope}), ${setUpTimes(count)}, `, seconds(setup), ' in all', after]];
}

function setUpTimes(count: number): string {
  return count === 1 ? 'set up once' : `set up ${count} times`;
}

function balanceLine({ workers }: PytestDetails, testsSeconds: number): readonly Inline[] {
  if (workers.length < 2) return [];
  const busy = workers.map(
    ({ worker, tests, busySeconds }): Inline => [`${worker} `, seconds(busySeconds), ` (${tests} tests)`],
  );
  const shown = workers.length > SHOWN_WORKERS ? [...busy.slice(0, 2), '…', busy.at(-1)!] : busy;
  const idle = workers.reduce((sum, { busySeconds }) => sum + Math.max(0, testsSeconds - busySeconds), 0);
  const share: Inline =
    testsSeconds > 0 ? ['; ', quantity(idle / (testsSeconds * workers.length), 'ratio'), ' of their time idle'] : '';
  return [['Workers: ', joined(shown), share]];
}

const PATH_KINDS = [
  { id: 'start', label: 'start and imports', series: 'series-1' },
  { id: 'collection', label: 'collection', series: 'series-2' },
  { id: 'tests', label: 'tests', series: 'series-3' },
  { id: 'report', label: 'report', series: 'series-4' },
  { id: 'outside', label: 'outside of pytest', series: 'series-6' },
] as const;

/** Where the time of each scenario went, as bars with the table of the same figures. */
function pathCharts(result: RunResult): readonly Block[] {
  const shown = pathTable(result);
  const rows = result.scenarios.flatMap(({ name, pytest }): readonly BarRow[] => {
    const path = pytest?.path ?? null;
    if (pytest === null) return [];
    return [{ label: name, parts: path === null ? null : PATH_KINDS.map(({ id }) => ({ kind: id, value: path[id] })) }];
  });
  if (shown === null || rows.length === 0) return [];
  const chart: BarsData = { kind: 'bars', title: 'Phases of pytest', unit: 'second', rows, kinds: PATH_KINDS };
  return [{ kind: 'chart', id: 'phases-of-pytest', chart, table: shown }];
}

function pathTable({ scenarios }: RunResult): Table | null {
  const seen = scenarios.flatMap(({ name, pytest }) => (pytest === null ? [] : [{ name, ...pytest }]));
  const [made] = table(
    ['Scenario', '>Start', '>Collection', '>Tests', '>Report', '>of it coverage', '>Outside', '>Ran', 'In effect'],
    seen.map(({ name, path, testSet, coverageReportSeconds, configuration, ofFailedTrial }) => [
      named(name, ofFailedTrial),
      ...[path?.start, path?.collection, path?.tests, path?.report, coverageReportSeconds, path?.outside].map((value) =>
        quantityOrNull(value, 'second'),
      ),
      `${testSet.count} tests`,
      configurationText(configuration),
    ]),
  );
  return made ?? null;
}

/** "pytest 9.2.0, 2 workers (load), coverage, -m 'not slow'" */
function configurationText(configuration: PytestConfiguration): string {
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

function detailTables(pytest: PytestDetails): readonly Block[] {
  const { scenario, trial, ofFailedTrial, workers, slowestTests, fixtures, markers, directories, files, failedTests } =
    pytest;
  return [
    paragraph(`The rest is of ${scenario}, trial ${trial}${ofFailedTrial ? ', a failed one' : ''}.`),
    ...table(
      ['Slowest tests', '>Time', '>Set-up', '>Call', '>Tear-down', 'Outcome', 'Worker'],
      slowestTests.map((test) => [
        code(test.id),
        ...[test.seconds, test.setup, test.call, test.teardown].map(seconds),
        test.outcome,
        test.worker,
      ]),
    ),
    ...table(
      ['Costliest fixtures', 'Scope', 'Of', '>Set up', '>Users', '>Time', '>Slowest', '>Tear-down'],
      fixtures.map(fixtureCells),
    ),
    ...table(
      ['Worker', '>Tests', '>Busy'],
      workers.map(({ worker, tests, busySeconds }) => [worker, String(tests), seconds(busySeconds)]),
    ),
    ...categoryTable('Marker', markers),
    ...categoryTable('Directory', directories),
    ...categoryTable('File', files),
    ...table(
      ['Red tests'],
      failedTests.map((id) => [code(id)]),
    ),
    ...waitTables(pytest),
  ];
}

/** What tests wait for, and what they wait behind. Each only if there is any. */
function waitTables({ sleeps, connections, collectedFiles, coverageSettings }: PytestDetails): readonly Block[] {
  return [
    ...table(
      ['Sleeps', 'Line', '>Calls', '>Time', 'For example in'],
      (sleeps ?? []).map(({ file, line, source, calls, seconds: total, tests }) => [
        code(`${file}:${line}`),
        source === null ? '' : code(source),
        String(calls),
        seconds(total),
        tests[0] === undefined ? '' : code(tests[0]),
      ]),
    ),
    ...table(
      ['Connections', '>Opened', '>By tests', '>Time'],
      (connections ?? []).map(({ host, port, calls, tests, seconds: total }) => [
        code(`${host}:${port}`),
        String(calls),
        String(tests),
        seconds(total),
      ]),
    ),
    ...table(
      ['Import and collection', '>Tests', '>Time'],
      (collectedFiles ?? [])
        .filter((file) => file.seconds >= SHOWN_COLLECTION)
        .map(({ path, tests, seconds: total }) => [code(path), String(tests), seconds(total)]),
    ),
    ...table(['Coverage', 'Core', 'Branches', 'Source', 'Reports'], coverageRows(coverageSettings ?? null)),
  ];
}

function coverageRows(settings: CoverageSettings | null): readonly (readonly Cell[])[] {
  if (settings === null) return [];
  const { version, core, branch, source, reports } = settings;
  const branches = branch === null ? '?' : branch ? 'yes' : 'no';
  return [[version ?? '?', core ?? '?', branches, source.join(', '), reports.join(', ')]];
}

function fixtureCells(fixture: PytestDetails['fixtures'][number]): readonly Cell[] {
  const { name, scope, where, count, users, seconds: total, slowest, teardown } = fixture;
  const times = count === 1 ? 'once' : `${count} times`;
  const used = users === undefined ? '' : String(users);
  return [code(name), scope, where, times, used, seconds(total), seconds(slowest), quantityOrNull(teardown, 'second')];
}

function categoryTable(title: string, rows: readonly Category[]): readonly Block[] {
  return table(
    [title, '>Tests', '>Time'],
    rows.map(({ name, tests, seconds: total }) => [code(name), String(tests), seconds(total)]),
  );
}
