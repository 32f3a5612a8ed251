/** Slow changes below the threshold: new levels of a series, found over several runs. */
import type { RegressionAlert, SeriesEntry, SeriesHistory } from '../../model/regression.ts';
import { formatRatio } from '../../format/format-quantity.ts';
import { analyzeSeries, type ChangePoint } from '../changepoints/detect.ts';
import { usablePoints } from './baseline.ts';
import { alertId } from './series.ts';
import { DECISION } from './constants.ts';
import { percent, titleOf, valueOf } from './words.ts';

/** A later run may move the place of a change by this number of runs: it is the same change and reported once. */
const SAME_CHANGE = 5;

/**
 * The newest level of the series with this run, if it has not been reported yet. Improvements count too. It decides no
 * verdict: the runs before and after may differ in more than the code. Only a comparison on one host can show that.
 * @returns null if the series continues as it was
 */
export function changeAlert({ key, point }: SeriesEntry, history: SeriesHistory): RegressionAlert | null {
  if (point.disturbed !== null) return null;
  const points = [...usablePoints(history), point].slice(-DECISION.history);
  const { changePoints, segments } = analyzeSeries(
    points.map(({ value }) => value),
    { better: 'lower' },
  );
  const change = changePoints.at(-1);
  if (change === undefined || !(change.before > 0) || !(change.after > 0)) return null;
  const runs = points.length - change.index;
  if (runs < DECISION.changeRuns || zOf(change) < DECISION.changeZ) return null;
  const first = points[change.index]!;
  const near = new Set(
    points.slice(Math.max(0, change.index - SAME_CHANGE), change.index + SAME_CHANGE + 1).map(({ runId }) => runId),
  );
  if (history.alerts.some(({ kind, state, runId }) => (kind === 'change' || state === 'confirmed') && near.has(runId)))
    return null;
  const ratio = change.after / change.before;
  const before = segments.find(({ end }) => end === change.index);
  const interval = { low: 1 + change.interval.low, high: 1 + change.interval.high, coverage: DECISION.shownCoverage };
  const [was, is] = [valueOf(key.metric, change.before), valueOf(key.metric, change.after)];
  return {
    id: alertId(key, first.runId),
    kind: 'change',
    state: 'confirmed',
    direction: ratio >= 1 ? 'slower' : 'faster',
    key,
    runId: first.runId,
    commit: first.commit,
    at: first.at,
    value: change.after,
    baseline: null,
    threshold: 0,
    floor: 0,
    ratio,
    interval,
    n: runs,
    gates: [],
    decidedBy: 'changePoint',
    message:
      `${titleOf(key)} has a new level since ${first.at.slice(0, 10)}${first.commit === null ? '' : ` (${first.commit.slice(0, 7)})`}: ${is}, ${percent(ratio)} against ${was} ` +
      `(${formatRatio(interval.coverage)} interval ${percent(interval.low)} to ${percent(interval.high)}, ${runs} runs against ${before === undefined ? change.index : before.end - before.start}).`,
  };
}

/** Its effect in standard errors, on ln. */
function zOf({ effect, interval: { low, high } }: ChangePoint): number {
  const standardError = (Math.log1p(high) - Math.log1p(low)) / (2 * 1.96);
  return standardError > 0 ? Math.abs(Math.log1p(effect)) / standardError : Number.POSITIVE_INFINITY;
}
