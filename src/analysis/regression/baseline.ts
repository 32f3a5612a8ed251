/** What a run is compared with: clean runs of the same series, in the current segment, with the same set of tests. */
import type {
  Baseline,
  KnownTests,
  SeriesHistory,
  SeriesPoint,
  TestsChange,
  TestsRun,
} from '../../model/regression.ts';
import { currentSegment } from '../changepoints/detect.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { testsChange } from './tests-change.ts';
import { DECISION } from './constants.ts';

/** The known tests of the judged run and of the baseline's newest run. */
export interface TestsKnown {
  readonly head: KnownTests | null;
  /** The tests of the run with this id; null if they are not known. */
  readonly of: (runId: string) => KnownTests | null;
}

const NOTHING_KNOWN: TestsKnown = { head: null, of: () => null };

/**
 * The median of the newest runs of the current segment, 30 at most, and their noise.
 *
 * These runs are left out: disturbed ones, those before the newest reset or acknowledged alert, and those with a
 * confirmed slowdown that is not acknowledged. So a regression that lasts does not become the baseline. It does not
 * block the baseline either, because the level before it stays. The segment is that of {@link currentSegment}: a level
 * that the series has left is not compared any more.
 *
 * @param history everything before the run, oldest first
 * @param tests of the run that is judged; null if the figure has no tests
 */
export function baselineOf(
  history: SeriesHistory,
  tests: TestsRun | null,
  known: TestsKnown = NOTHING_KNOWN,
): Baseline {
  const usable = usablePoints(history).slice(-DECISION.history);
  if (usable.length < DECISION.fewestRuns) return insufficient(usable.length);
  const segment = currentSegment(usable.map(({ value }) => value));
  const window = usable.slice(segment.start).slice(-DECISION.window);
  const chosen = ofSameTests(window, tests, known);
  if (chosen.kind === 'different') return chosen;
  if (chosen.points.length < DECISION.fewestRuns) return insufficient(chosen.points.length);
  return {
    kind: 'baseline',
    window: DECISION.window,
    segmentStart: usable[segment.start]!.at,
    tests: chosen.tests,
    ...levelOf(chosen.points, segment.sigma),
  };
}

/** Ordered by time, by the rules of the docstring above. */
export function usablePoints({ points, events, alerts }: SeriesHistory): SeriesPoint[] {
  const since = newest(events.map((event) => beginsAt(event, points)));
  const settled = newest(events.map(({ at }) => at));
  const regressed = new Set(
    alerts
      .filter(({ kind, state, direction, at }) => {
        return kind === 'regression' && state === 'confirmed' && direction === 'slower' && at > settled;
      })
      .map(({ runId }) => runId),
  );
  return points.filter(({ at, disturbed, runId }) => disturbed === null && at >= since && !regressed.has(runId));
}

/** An acknowledged alert's run is the first of the new level. */
function beginsAt(event: SeriesHistory['events'][number], points: readonly SeriesPoint[]): string {
  if (event.kind === 'reset') return event.at;
  return points.find(({ runId }) => runId === event.runId)?.at ?? '';
}

function newest(times: readonly string[]): string {
  return times.reduce((latest, at) => (at > latest ? at : latest), '');
}

type Chosen =
  | { readonly kind: 'points'; readonly points: readonly SeriesPoint[]; readonly tests: TestsChange }
  | Extract<Baseline, { kind: 'different' }>;

/**
 * Runs with the same tests if there are enough. Otherwise all runs, if the added and removed tests can be named and
 * subtracted.
 */
function ofSameTests(window: readonly SeriesPoint[], tests: TestsRun | null, known: TestsKnown): Chosen {
  if (tests === null) return { kind: 'points', points: window, tests: { kind: 'same' } };
  const same = window.filter((point) => point.tests?.digest === tests.digest);
  if (same.length >= DECISION.fewestRuns) return { kind: 'points', points: same, tests: { kind: 'same' } };
  const other = window.findLast((point) => point.tests !== null && point.tests.digest !== tests.digest);
  if (other === undefined) return { kind: 'points', points: same, tests: { kind: 'same' } };
  const base = known.of(other.runId);
  const change = base === null || known.head === null ? null : testsChange(base, known.head);
  const counts = `${other.tests?.count ?? 'an unknown number of'} tests ran before, ${tests.count} now`;
  if (change === null) {
    return {
      kind: 'different',
      what: [
        `Different tests ran (${counts}), and which ones is unknown: nothing is compared until ${DECISION.fewestRuns} runs have run the new tests.`,
      ],
    };
  }
  if (
    change.kind === 'changed' &&
    change.addedSeconds + change.removedSeconds > DECISION.testsChangeShare * other.value
  ) {
    return {
      kind: 'different',
      what: [
        `Different tests ran (${counts}): ${change.addedCount} were added and ${change.removedCount} removed. Their share of the time is too large to subtract.`,
      ],
    };
  }
  return {
    kind: 'points',
    points: window.filter((point) => point.tests?.digest === other.tests?.digest),
    tests: change,
  };
}

type Level = Pick<
  Extract<Baseline, { kind: 'baseline' }>,
  'n' | 'median' | 'sigma' | 'sigmaFrom' | 'commit' | 'newestRunId' | 'runIds'
>;

function levelOf(points: readonly SeriesPoint[], segmentSigma: number): Level {
  const level = median(points.map(({ value }) => value) as unknown as Samples);
  const enough = points.length >= DECISION.runsForNoise;
  return {
    n: points.length,
    median: level,
    sigma: enough ? Math.max(segmentSigma, DECISION.sigmaFloor) : Math.max(segmentSigma, DECISION.assumedSigma),
    sigmaFrom: enough ? 'history' : 'assumed',
    commit: baseCommit(points, (value) => value <= level),
    newestRunId: points.at(-1)!.runId,
    runIds: points.map(({ runId }) => runId),
  };
}

/**
 * The newest commit that can be built again and whose own figure is on the good side of the median. The very newest
 * commit may have brought the change in, on a night when it was not noticed.
 */
export function baseCommit(points: readonly SeriesPoint[], isGood: (value: number) => boolean): string | null {
  const buildable = points.filter(({ commit, dirty }) => commit !== null && !dirty);
  return (buildable.findLast(({ value }) => isGood(value)) ?? buildable.at(-1))?.commit ?? null;
}

function insufficient(n: number): Baseline {
  return { kind: 'insufficient', n, needed: DECISION.fewestRuns };
}
