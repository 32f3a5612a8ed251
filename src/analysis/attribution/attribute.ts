/** What of a figure moved, as alerts and comparisons store it. */
import type { Cause, CauseClass } from '../../model/cause.ts';
import type { Attribution, Baseline, SeriesKey, SeriesPoint, Suspect } from '../../model/regression.ts';
import type { RunFacts } from '../../model/run.ts';
import { suspectOf } from '../regression/series.ts';
import { causesOf } from './causes.ts';

/**
 * The causes of a series' difference, the largest share first. None where the profiles say nothing, or where the figure did not change.
 * @param difference of the figure itself, head − base, in seconds
 */
export function attribute(base: RunFacts, head: RunFacts, key: SeriesKey, difference: number): Attribution[] {
  const suspect = suspectOf(key);
  return suspect === null ? [] : attributePart(base, head, suspect, difference);
}

/** As `attribute`, of a phase or scenario instead of a series. */
export function attributePart(base: RunFacts, head: RunFacts, suspect: Suspect, difference: number): Attribution[] {
  return causesOf(base, head, suspect, difference).map((cause) => ({
    kind: kindOf(cause, suspect),
    name: cause.name,
    baseSeconds: cause.baseSeconds ?? 0,
    headSeconds: cause.headSeconds ?? 0,
    share: cause.share,
    cause,
  }));
}

/** The run of a baseline that stands for it: the one nearest to its median, of several the newest. */
export function baseRunOf(
  { runIds, median, newestRunId }: Pick<Extract<Baseline, { kind: 'baseline' }>, 'runIds' | 'median' | 'newestRunId'>,
  points: readonly SeriesPoint[],
): string {
  const own = points.filter(({ runId }) => runIds.includes(runId)).toReversed();
  const [nearest] = own.toSorted((a, b) => Math.abs(a.value - median) - Math.abs(b.value - median));
  return nearest?.runId ?? newestRunId;
}

const OF_TESTS: Partial<Record<CauseClass, Attribution['kind']>> = {
  test: 'test',
  manyTests: 'test',
  newTests: 'test',
  removedTests: 'test',
  fixture: 'fixture',
  service: 'service',
};

function kindOf({ class: cls }: Cause, { phase }: Suspect): Attribution['kind'] {
  if (phase === 'build') return 'step';
  return phase === 'startup' ? 'service' : (OF_TESTS[cls] ?? 'phase');
}
