/** The workers of a trial as lanes with their tests, for a picture: with thousands of tests, the shortest share a bar. Pure. */
import type { TestTable } from '../../model/profile/test-table.ts';

/** More would be thinner than a line of the picture. */
export const MOST_BARS = 2_000;

export interface WorkerLane {
  readonly worker: string;
  /** In the order of time. */
  readonly bars: readonly LaneBar[];
}

/** One test, or several that ran one after another. */
export interface LaneBar {
  /** Since the first test of the trial started. With several tests, the time between them is within the bar. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly tests: number;
  /** The node id of the test; of several, the first one's. */
  readonly id: string;
  /** Of the tests alone, each from its start to its end. */
  readonly testSeconds: number;
  readonly setupSeconds: number;
  readonly callSeconds: number;
  readonly teardownSeconds: number;
}

/**
 * A lane for each worker, `gw2` before `gw10`. Where there are more tests than `mostBars`, neighbours share a bar, which never is longer
 * than it must be: the shortest tests go together, and a longer one stands alone. Only if there are more workers than that are there more
 * bars: one each. Sums over the bars are those over the tests.
 */
export function workerLanes(table: TestTable, mostBars: number = MOST_BARS): readonly WorkerLane[] {
  const byWorker = Map.groupBy(table.at.keys(), (test) => table.worker[test]!);
  const lanes = [...byWorker].map(([worker, tests]) => ({
    worker: table.workers[worker] ?? `worker ${worker}`,
    bars: tests.toSorted((a, b) => table.at[a]! - table.at[b]!).map((test) => barOf(table, test)),
  }));
  const longest = longestShared(
    lanes.map(({ bars }) => bars),
    mostBars,
  );
  return lanes
    .map(({ worker, bars }) => ({ worker, bars: shared(bars, longest) }))
    .sort((a, b) => a.worker.localeCompare(b.worker, 'en', { numeric: true }));
}

function barOf(table: TestTable, test: number): LaneBar {
  const [at, seconds] = [table.at[test]!, table.seconds[test]!];
  return {
    fromSeconds: at,
    toSeconds: at + seconds,
    tests: 1,
    id: `${table.files[table.file[test]!]!}::${table.name[test]!}`,
    testSeconds: seconds,
    setupSeconds: table.setup[test]!,
    callSeconds: table.call[test]!,
    teardownSeconds: table.teardown[test]!,
  };
}

/** After this number of halvings, two floating-point numbers have none between them. */
const HALVINGS = 64;

/** The smallest length of a shared bar with which there are few enough bars; below 0: none need be shared. */
function longestShared(lanes: readonly (readonly LaneBar[])[], mostBars: number): number {
  const fits = (longest: number) => lanes.reduce((sum, bars) => sum + shared(bars, longest).length, 0) <= mostBars;
  if (fits(-1)) return -1;
  let [tooShort, enough] = [-1, lanes.reduce((most, bars) => Math.max(most, lengthOf(bars)), 0)];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (tooShort + enough) / 2;
    if (fits(middle)) enough = middle;
    else tooShort = middle;
  }
  return enough;
}

function lengthOf(bars: readonly LaneBar[]): number {
  const [first] = bars;
  return first === undefined ? 0 : bars.reduce(joined).toSeconds - first.fromSeconds;
}

/** Each bar takes in as many of the next tests as it may: no other way needs fewer bars. */
function shared(bars: readonly LaneBar[], longest: number): readonly LaneBar[] {
  const all: LaneBar[] = [];
  for (const bar of bars) {
    const last = all.at(-1);
    if (last !== undefined && Math.max(last.toSeconds, bar.toSeconds) - last.fromSeconds <= longest)
      all[all.length - 1] = joined(last, bar);
    else all.push(bar);
  }
  return all;
}

function joined(a: LaneBar, b: LaneBar): LaneBar {
  return {
    fromSeconds: a.fromSeconds,
    toSeconds: Math.max(a.toSeconds, b.toSeconds),
    tests: a.tests + b.tests,
    id: a.id,
    testSeconds: a.testSeconds + b.testSeconds,
    setupSeconds: a.setupSeconds + b.setupSeconds,
    callSeconds: a.callSeconds + b.callSeconds,
    teardownSeconds: a.teardownSeconds + b.teardownSeconds,
  };
}
