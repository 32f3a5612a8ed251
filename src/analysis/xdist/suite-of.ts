/** What each part of a recorded suite costs alone: without the fixtures that a test paid for others, and without the wait for a CPU. */
import type { FixtureCost, PytestPath, PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { TestTable } from '../../model/profile/test-table.ts';
import { collectionOrder } from './collection-order.ts';
import { DISTRIBUTIONS, type Distribution } from './schedulers/scheduler.ts';
import { endingSeconds, readySeconds, simulate, WORKER_PER_TEST } from './simulate.ts';
import { fixturesDue, type Suite, type SuiteFixture, type SuiteTest } from './suite.ts';

export interface Recorded {
  readonly profile: PytestProfile;
  /** Of the lane that it ran in. */
  readonly cpus: number;
  /** CPU seconds of the services next to the tests, in the same lane; 0 without any. */
  readonly servicesCpuSeconds: number;
}

export type SuiteRead =
  | { readonly kind: 'suite'; readonly suite: Suite; readonly distribution: Distribution | null }
  /** Why nothing can be predicted from this trial, as a sentence. */
  | { readonly kind: 'unknown'; readonly reason: string };

export function suiteOf({ profile, cpus, servicesCpuSeconds }: Recorded): SuiteRead {
  const { table, path, configuration } = profile;
  const { workers } = configuration;
  const distribution = DISTRIBUTIONS.find((each) => each === configuration.distribution) ?? null;
  const unknown = (reason: string) => ({ kind: 'unknown', reason }) as const;
  if (table === undefined || path === null) return unknown('The times of all tests are not recorded.');
  if (table.file.length === 0) return unknown('No test ran.');
  if (table.leftOut > 0) return unknown(`The times of ${table.leftOut} tests are not recorded.`);
  if (table.cpu === null) return unknown('The CPU time of the tests is not recorded.');
  if (profile.sessions !== 1) return unknown(`The command runs pytest ${profile.sessions} times.`);
  if (workers > 0 && distribution === null) return unknown('The distribution of the tests is not known.');
  const recording: Recording = { profile, table, path, cpu: table.cpu, cpus, servicesCpuSeconds };
  return { kind: 'suite', distribution, suite: withoutContention(recording, distribution) };
}

interface Recording extends Recorded {
  readonly table: TestTable;
  readonly path: PytestPath;
  readonly cpu: readonly number[];
}

/** A stretch beyond this would mean that the recorded CPU seconds are wrong. */
const BISECTIONS = 12;

/**
 * Where more workers than CPUs ran, tests waited for a CPU, and CPU seconds do not tell for how long. That part is found by what
 * explains the recorded time: the suite with it, simulated as it was recorded, must take as long.
 */
function withoutContention(recording: Recording, distribution: Distribution | null): Suite {
  const { profile, path, cpus } = recording;
  const { workers } = profile.configuration;
  if (workers <= cpus || distribution === null) return suiteWith(recording, 1);
  let [low, high] = [1, Math.max(1, (1.5 * (workers + 1)) / cpus)];
  for (let round = 0; round < BISECTIONS; round += 1) {
    const middle = (low + high) / 2;
    const { testsSeconds } = simulate(suiteWith(recording, middle), { workers, distribution, cpus });
    if (testsSeconds > path.tests) low = middle;
    else high = middle;
  }
  return suiteWith(recording, (low + high) / 2);
}

/** @param stretch by how much longer a CPU second took in the recording */
function suiteWith(recording: Recording, stretch: number): Suite {
  const { profile, table, path, cpus } = recording;
  const { workers } = profile.configuration;
  const order = collectionOrder(table, profile.configuration);
  const overhead = overheadOf(table, path, workers);
  const { tests, fixtures } = parts(recording, { stretch, within: overhead.within });
  const workerSeconds = workerStart(recording, cpus);
  return {
    tests: order.map((test) => tests[test]!),
    fixtures,
    startSeconds: path.start,
    collectSeconds: workers === 0 ? path.collection : Math.max(0, workerSeconds - path.start),
    workerSeconds,
    overheadSeconds: workers === 0 ? overhead.total : overhead.total / stretch / WORKER_PER_TEST,
    reportSeconds:
      workers === 0 ? path.report : Math.max(0, path.report - endingSeconds({ workers, cpus, workerSeconds })),
    outsideSeconds: path.outside,
  };
}

/** pytest's own seconds of each test: between its phases, and from its end to the next one's start. */
function overheadOf(
  { at, seconds, setup, call, teardown, worker, workers }: TestTable,
  { tests }: PytestPath,
  count: number,
) {
  const { length } = at;
  const within = mean(seconds.map((each, test) => Math.max(0, each - setup[test]! - call[test]! - teardown[test]!)));
  if (count === 0) return { within, total: within + Math.max(0, tests - sum(seconds)) / length };
  // With workers a gap may be a wait for the controller: the middle one tells.
  const gaps = workers.flatMap((_, index) => {
    const own = at.flatMap((_, test) => (worker[test] === index ? [test] : []));
    return own.slice(1).map((test, before) => at[test]! - at[own[before]!]! - seconds[own[before]!]!);
  });
  const middle = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  return { within, total: within + Math.max(0, middle) };
}

/** What a worker does until it is ready, on a CPU of its own. */
function workerStart({ profile, path }: Recording, cpus: number): number {
  const { workers } = profile.configuration;
  if (workers > 0) return path.collection / readySeconds({ workers, cpus, workerSeconds: 1 });
  return profile.workers[0]?.startSeconds ?? path.start + path.collection;
}

/** Tests by their index in the table, and the fixtures that outlive them. */
function parts(
  { profile, table, cpu, servicesCpuSeconds }: Recording,
  { stretch, within }: { readonly stretch: number; readonly within: number },
): { readonly tests: readonly SuiteTest[]; readonly fixtures: readonly SuiteFixture[] } {
  const wall = table.seconds.map((_, test) => table.setup[test]! + table.call[test]! + table.teardown[test]!);
  const busy = wall.map((seconds, test) => Math.min(seconds / stretch, Math.max(0, cpu[test]! - within / stretch)));
  const wait = wall.map((seconds, test) => Math.max(0, seconds - busy[test]! * stretch));
  // What services compute while a test waits for them competes for the same CPUs.
  const served = Math.min(1, servicesCpuSeconds / Math.max(sum(wait), Number.MIN_VALUE));
  const alone = wall.map((seconds, test) => ({
    seconds,
    busy: busy[test]! + served * wait[test]!,
    wait: (1 - served) * wait[test]!,
  }));
  const costs = sharedFixtures(table, profile.fixtures);
  const bare = table.file.map((file, test) => testOf(table, test, table.files[file]!, costs));
  const paid = payments(table, bare, costs);
  return {
    tests: bare.map((test, index) => ({ ...test, ...shareOf(alone[index]!, alone[index]!.seconds - paid.by[index]!) })),
    fixtures: costs.map((cost, index) => {
      const payers = paid.of[index]!.map((test) => alone[test]!);
      return {
        scope: cost.scope,
        where: cost.where,
        setup: averageShare(payers, cost.setupSeconds),
        teardown: averageShare(payers, cost.teardownSeconds),
      };
    }),
  };
}

interface Alone {
  readonly seconds: number;
  readonly busy: number;
  readonly wait: number;
}

/** A part of a test computes as much as the whole of it. */
function shareOf({ seconds, busy, wait }: Alone, part: number) {
  const share = seconds === 0 ? 0 : Math.max(0, part / seconds);
  return { busy: busy * share, wait: wait * share };
}

function averageShare(payers: readonly Alone[], part: number) {
  const all = payers.reduce(
    (total, { seconds, busy, wait }) => ({
      seconds: total.seconds + seconds,
      busy: total.busy + busy,
      wait: total.wait + wait,
    }),
    { seconds: 0, busy: 0, wait: 0 },
  );
  return all.seconds === 0 ? { busy: part, wait: 0 } : shareOf(all, part);
}

interface SharedCost {
  readonly index: number;
  readonly scope: SuiteFixture['scope'];
  readonly where: string;
  readonly setupSeconds: number;
  readonly teardownSeconds: number;
}

const SHARED = ['session', 'package', 'module', 'class'] as const;

/** The fixtures that outlive a test and have a cost, by their index in the table. */
function sharedFixtures({ fixtures }: TestTable, costs: readonly FixtureCost[]): SharedCost[] {
  return fixtures.flatMap((key, index) => {
    const cost = costs.find(({ name, scope, where }) => `${name}|${scope}|${where}` === key);
    const scope = SHARED.find((each) => each === cost?.scope);
    if (cost === undefined || scope === undefined || cost.count === 0) return [];
    return [
      {
        index,
        scope,
        where: cost.where,
        setupSeconds: cost.seconds / cost.count,
        teardownSeconds: (cost.teardown ?? 0) / cost.count,
      },
    ];
  });
}

function testOf({ name, uses }: TestTable, test: number, file: string, costs: readonly SharedCost[]): SuiteTest {
  const bare = name[test]!.replace(/\[.*$/s, '').split('::');
  const classes = bare.slice(0, -1).join('::');
  return {
    id: `${file}::${name[test]!}`,
    file,
    suiteClass: classes === '' ? null : classes,
    scope: `${file}::${name[test]!}`.split('::').slice(0, -1).join('::'),
    group: null,
    uses: costs.flatMap(({ index }, cost) => (uses?.[test]?.includes(index) === true ? [cost] : [])),
    busy: 0,
    wait: 0,
  };
}

/** Which tests set up and tore down the fixtures of others in the recording, and how many seconds of each that was. */
function payments(table: TestTable, tests: readonly SuiteTest[], costs: readonly SharedCost[]) {
  const by = tests.map(() => 0);
  const of = costs.map((): number[] => []);
  const fixtures = costs.map(({ scope, where }) => ({ scope, where, setup: NOTHING, teardown: NOTHING }));
  for (const [worker] of table.workers.entries()) {
    const ran = table.worker.flatMap((each, test) => (each === worker ? [test] : []));
    const alive = new Map<number, string>();
    for (const [place, test] of ran.entries()) {
      const next = ran[place + 1];
      const due = fixturesDue({ fixtures }, tests[test]!, next === undefined ? null : tests[next]!, alive);
      const setup = sum(due.setups.map((each) => costs[each]!.setupSeconds));
      const teardown = sum(due.teardowns.map((each) => costs[each]!.teardownSeconds));
      by[test] = Math.min(setup, table.setup[test]!) + Math.min(teardown, table.teardown[test]!);
      for (const each of due.setups) of[each]!.push(test);
    }
  }
  return { by, of };
}

const NOTHING = { busy: 0, wait: 0 };

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
