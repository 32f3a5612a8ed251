/** What creeps in below the threshold: new levels of a series, found over several runs. */
import type { RegressionAlert, SeriesEntry, SeriesHistory } from '../../model/regression.ts';
import { formatRatio } from '../../plan/format-quantity.ts';
import { type Segment, segments } from '../changepoints/detect.ts';
import { usablePoints } from './baseline.ts';
import { alertId } from './series.ts';
import { studentQuantile } from './student.ts';
import { DECISION } from './tuning.ts';
import { percent, titleOf, valueOf } from './words.ts';

/** A later run may move the place of a change by so many runs: it is the same change, and told once. */
const SAME_CHANGE = 5;

/**
 * The newest level of the series with this run, where it is one that has not been told yet. For the better as for the worse. It
 * decides no verdict: the runs before and after may differ in more than the code, which only a comparison on one host can tell.
 * @returns null where the series goes on as it was
 */
export function changeAlert({ key, point }: SeriesEntry, history: SeriesHistory): RegressionAlert | null {
  if (point.disturbed !== null) return null;
  const points = [...usablePoints(history), point].slice(-DECISION.history);
  const all = segments(points.map(({ value }) => value));
  const [before, after] = [all.at(-2), all.at(-1)!];
  if (before === undefined || !(before.level > 0) || !(after.level > 0)) return null;
  const first = points[after.start]!;
  const near = new Set(
    points.slice(Math.max(0, after.start - SAME_CHANGE), after.start + SAME_CHANGE + 1).map(({ runId }) => runId),
  );
  if (history.alerts.some(({ kind, state, runId }) => (kind === 'change' || state === 'confirmed') && near.has(runId)))
    return null;
  const ratio = after.level / before.level;
  const interval = intervalOf(before, after);
  const [was, is] = [valueOf(key.metric, before.level), valueOf(key.metric, after.level)];
  return {
    id: alertId(key, first.runId),
    kind: 'change',
    state: 'confirmed',
    direction: ratio >= 1 ? 'slower' : 'faster',
    key,
    runId: first.runId,
    commit: first.commit,
    at: first.at,
    value: after.level,
    baseline: null,
    threshold: 0,
    floor: 0,
    ratio,
    interval,
    n: after.end - after.start,
    gates: [],
    decidedBy: 'changePoint',
    message:
      `${titleOf(key)} has a new level since ${first.at.slice(0, 10)}${first.commit === null ? '' : ` (${first.commit.slice(0, 7)})`}: ${is}, ${percent(ratio)} against ${was} ` +
      `(${formatRatio(interval.coverage)} interval ${percent(interval.low)} to ${percent(interval.high)}, ${after.end - after.start} runs against ${before.end - before.start}).`,
  };
}

/** Of the ratio of two medians, on ln: variance 1.57 σ² / n each. */
function intervalOf(before: Segment, after: Segment): NonNullable<RegressionAlert['interval']> {
  const [n, m] = [before.end - before.start, after.end - after.start];
  const standardError = Math.sqrt(1.57 * (before.sigma ** 2 / n + after.sigma ** 2 / m));
  const half = studentQuantile(DECISION.shownCoverage, Math.max(1, n + m - 2)) * standardError;
  const effect = Math.log(after.level / before.level);
  return { low: Math.exp(effect - half), high: Math.exp(effect + half), coverage: DECISION.shownCoverage };
}
