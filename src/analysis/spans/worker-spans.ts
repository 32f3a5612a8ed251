/** What each worker ran: its tests, with their phases and the fixtures that were set up in them. */
import type { FixtureCost } from '../../model/profile/pytest-profile.ts';
import type { TestTable } from '../../model/profile/test-table.ts';
import type { Span } from '../../model/span.ts';
import { between, distinct, type Interval, spanOf, withGaps } from './tree.ts';

/** In a shorter test nothing is worth a span of its own. */
const SHORT_SECONDS = 0.005;
/** The set-up of a fixture that takes less is not shown. */
const QUICK_SECONDS = 0.001;

/** @param tests from the start of the first test to the end of the last */
export function workerSpans(table: TestTable, fixtures: readonly FixtureCost[], tests: Interval): readonly Span[] {
  const ids = distinct(table.name.map((name, index) => `${table.files[table.file[index]!]!}::${name}`));
  const setUps = fixtureSetUps(table, fixtures);
  const byWorker = Map.groupBy(ids.keys(), (index) => table.worker[index]!);
  return [...byWorker].map(([worker, indexes]) => {
    const spans = indexes.map((index) => testSpan(table, index, ids[index]!, setUps.get(index) ?? [], tests));
    const interval = between(
      spans.reduce((least, { fromSeconds }) => Math.min(least, fromSeconds), tests.toSeconds),
      spans.reduce((most, { toSeconds }) => Math.max(most, toSeconds), tests.fromSeconds),
    );
    const name = table.workers[worker] ?? `worker ${worker}`;
    return spanOf(`worker:${name}`, 'worker', interval, {
      name,
      attributes: { tests: spans.length },
      children: withGaps(spans, interval, () => `${name}: between two tests`),
    });
  });
}

function testSpan(table: TestTable, index: number, id: string, setUps: readonly SetUp[], tests: Interval): Span {
  const from = tests.fromSeconds + table.at[index]!;
  const interval = between(from, from + table.seconds[index]!);
  return spanOf(`test:${id}`, 'test', interval, {
    name: id,
    attributes: table.cpu === null ? {} : { cpuSeconds: table.cpu[index]! },
    children: table.seconds[index]! < SHORT_SECONDS ? [] : phases(table, index, setUps, interval),
  });
}

/** Set-up comes first and tear-down last. The call is before the tear-down: what a test waits for between its phases is not recorded. */
function phases(table: TestTable, index: number, setUps: readonly SetUp[], test: Interval): readonly Span[] {
  const [setup, call, teardown] = [table.setup[index]!, table.call[index]!, table.teardown[index]!];
  const setUpInterval = between(test.fromSeconds, test.fromSeconds + setup);
  const callFrom = Math.max(setUpInterval.toSeconds, test.toSeconds - teardown - call);
  const spans = [
    spanOf('setup', 'phase', setUpInterval, { name: 'set-up', children: fixtureSpans(setUps, setUpInterval) }),
    spanOf('call', 'phase', between(callFrom, callFrom + call), { name: 'call' }),
    spanOf('teardown', 'phase', between(Math.max(callFrom + call, test.toSeconds - teardown), test.toSeconds), {
      name: 'tear-down',
    }),
  ].filter(({ fromSeconds, toSeconds }) => toSeconds > fromSeconds);
  return withGaps(spans, test, () => 'between the phases of the test');
}

interface SetUp {
  readonly name: string;
  readonly scope: string;
  /** The mean, since single ones are not recorded. */
  readonly seconds: number;
}

function fixtureSpans(setUps: readonly SetUp[], setUp: Interval): readonly Span[] {
  let from = setUp.fromSeconds;
  const spans = setUps.map(({ name, scope, seconds }) => {
    const interval = between(from, Math.min(setUp.toSeconds, from + seconds));
    from = interval.toSeconds;
    return spanOf(`fixture:${name}`, 'fixture', interval, { name, attributes: { scope, meanSeconds: seconds } });
  });
  return withGaps(
    spans.filter(({ fromSeconds, toSeconds }) => toSeconds > fromSeconds),
    setUp,
    () => 'other fixtures, and pytest itself',
  );
}

const WIDTH: Readonly<Record<string, number>> = { session: 0, package: 1, module: 2, class: 3, function: 4 };

/** The fixtures that each test sets up: those of a wider scope only the first test of the scope in its worker. */
function fixtureSetUps(table: TestTable, costs: readonly FixtureCost[]): ReadonlyMap<number, readonly SetUp[]> {
  const { uses } = table;
  if (uses === null) return new Map();
  const known = new Map(costs.map((cost) => [`${cost.name}|${cost.scope}|${cost.where}`, cost]));
  const fixtures = table.fixtures.map((key): SetUp | null => {
    const cost = known.get(key);
    const seconds = cost === undefined || cost.count === 0 ? 0 : cost.seconds / cost.count;
    return cost === undefined || seconds < QUICK_SECONDS ? null : { name: cost.name, scope: cost.scope, seconds };
  });
  const isUp = new Set<string>();
  const inOrder = [...table.at.keys()].toSorted((a, b) => table.at[a]! - table.at[b]!);
  const setUps = inOrder.map((index) => {
    const own = (uses[index] ?? []).flatMap((used) => {
      const fixture = fixtures[used];
      if (fixture == null) return [];
      const place = JSON.stringify([used, table.worker[index], sharedBy(table, index, fixture.scope)]);
      if (isUp.has(place)) return [];
      isUp.add(place);
      return [fixture];
    });
    return [index, own.toSorted((a, b) => (WIDTH[a.scope] ?? 4) - (WIDTH[b.scope] ?? 4))] as const;
  });
  return new Map(setUps);
}

/** Tests with an equal value share one instance of a fixture of this scope. */
function sharedBy(table: TestTable, index: number, scope: string): string | number {
  const file = table.files[table.file[index]!] ?? '';
  switch (scope) {
    case 'session':
      return '';
    case 'package':
      return file.slice(0, file.lastIndexOf('/') + 1);
    case 'module':
      return file;
    case 'class':
      return `${file}::${table.name[index]!.split('::').slice(0, -1).join('::')}`;
    default:
      return index;
  }
}
