/** Runs, targets and series as tables. */
import { figure } from '../../format/figure.ts';
import type { Rejudged } from '../../analysis/history/rejudge.ts';
import type { TargetShare } from '../../analysis/history/target-shares.ts';
import { percent, titleOf } from '../../analysis/regression/words.ts';
import { METRICS } from '../../model/measurement.ts';
import type { SeriesKey } from '../../model/regression.ts';
import type { Verdict } from '../../model/result.ts';
import { formatRatio } from '../../format/format-quantity.ts';
import { seriesOf } from './alerts.ts';
import { minute } from '../text/minute.ts';
import { shortOf, table } from './table.ts';

export interface RunRow {
  readonly runId: string;
  readonly project: string;
  readonly startedAt: string;
  readonly verdict: Verdict | null;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly totalSeconds: number | null;
}

export function runsTable(rows: readonly RunRow[], width: number): string {
  const short = shortOf(rows.map(({ runId }) => runId));
  return table(
    ['RUN', 'BEGAN (UTC)', 'VERDICT', 'TOTAL', 'COMMIT', 'PROJECT'],
    rows.map(({ runId, startedAt, verdict, totalSeconds, commit, branch, project }) => [
      short(runId),
      minute(startedAt),
      verdict ?? 'running',
      totalSeconds === null ? '–' : figure(totalSeconds, 'second'),
      commit?.slice(0, 7) ?? '–',
      branch === null ? project : `${project} (${branch})`,
    ]),
    width,
  );
}

export function targetsTable(shares: readonly TargetShare[], width: number): string {
  return table(
    ['MET', 'OF RUNS', 'LATEST', 'TARGET', 'WHAT'],
    shares.map(({ met, judged, latest, target, unit, name }) => [
      formatRatio(met / judged),
      `${met}/${judged}`,
      latest === null ? '–' : figure(latest, unit),
      `< ${figure(target, unit)}`,
      name,
    ]),
    width,
  );
}

export interface SeriesRow {
  readonly id: string;
  readonly key: SeriesKey;
  readonly points: number;
  readonly until: string;
}

export function seriesTable(rows: readonly SeriesRow[], width: number): string {
  const short = shortOf(rows.map(({ id }) => id));
  return table(
    ['SERIES', 'RUNS', 'NEWEST (UTC)', 'PROJECT', 'WHAT', 'WHERE'],
    rows.map(({ id, key, points, until }) => [
      short(id),
      String(points),
      minute(until),
      key.project,
      titleOf(key),
      seriesOf(key),
    ]),
    width,
  );
}

export function rejudgedTable(rows: readonly Rejudged[], width: number): string {
  const short = shortOf(rows.map(({ runId }) => runId));
  return table(
    ['RUN', 'BEGAN (UTC)', 'CHANGE', 'VALUE', 'BASELINE', 'ON ITS DAY', 'NOW', 'WHAT'],
    rows.map(({ runId, at, ratio, value, baseline, alerted, suspected, key }) => [
      short(runId),
      minute(at),
      percent(ratio),
      figure(value, METRICS[key.metric].unit),
      figure(baseline, METRICS[key.metric].unit),
      alerted ?? 'quiet',
      suspected ? 'suspected' : 'quiet',
      titleOf(key),
    ]),
    width,
  );
}
