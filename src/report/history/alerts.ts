/** Alerts in words: a line each, and the whole story of one. */
import { figure } from '../../format/figure.ts';
import { causeWords } from '../../analysis/attribution/sentence.ts';
import { percent, titleOf } from '../../analysis/regression/words.ts';
import { METRICS } from '../../model/measurement.ts';
import type { Attribution, RegressionAlert, SeriesKey } from '../../model/regression.ts';
import { formatRatio, formatSeconds } from '../../format/format-quantity.ts';
import { oneLine } from '../text/foreign.ts';
import { wrap } from '../text/width.ts';
import { minute } from '../text/minute.ts';
import { shortOf, table } from './table.ts';

export interface AlertRow {
  readonly alert: RegressionAlert;
  readonly seriesId: string;
  readonly acknowledged: { readonly reason: string; readonly at: string } | null;
}

export const WHAT_TO_DO_WITH_ALERTS =
  '`paceline explain ALERT` tells how each was decided; `paceline ack ALERT --reason …` accepts it.\n';

export function alertsTable(rows: readonly AlertRow[], width: number): string {
  const short = shortOf(rows.map(({ alert }) => alert.id));
  return table(
    ['ALERT', 'STATE', 'RUN BEGAN (UTC)', 'CHANGE', 'COMMIT', 'WHAT'],
    rows.map(({ alert, acknowledged }) => [
      short(alert.id),
      acknowledged === null ? alert.state : `${alert.state}, acknowledged`,
      minute(alert.at),
      percent(alert.ratio),
      alert.commit?.slice(0, 7) ?? '–',
      `${titleOf(alert.key)} of ${alert.key.project}`,
    ]),
    width,
  );
}

/**
 * What was compared, which gates passed, which part changed, and the acknowledgement.
 * @param moved which part changed; null if the profiles of one of the runs are gone
 */
export function explanation(
  { alert, seriesId, acknowledged }: AlertRow,
  moved: readonly Attribution[] | null,
  width: number,
): string {
  const rows: (readonly [string, string])[] = [
    ['Alert', `${alert.id} (${alert.kind}, ${alert.state})`],
    ['What', `${titleOf(alert.key)} of ${alert.key.project}: ${percent(alert.ratio)}${intervalOf(alert)}`],
    ['Run', `${alert.runId}, ${minute(alert.at)} UTC, commit ${alert.commit ?? 'unknown'}`],
    ['Measured', figure(alert.value, METRICS[alert.key.metric].unit)],
    ['Baseline', baselineOf(alert)],
    ['Threshold', `${formatRatio(alert.threshold)}, and more than ${formatSeconds(alert.floor)}`],
    ['Decided by', decidedBy(alert)],
    ['Gates', alert.gates.map(({ passed, message }) => `${passed ? '✅' : '❌'} ${message}`).join('\n') || 'none'],
    ['What moved', movedOf(moved, alert)],
    ['Series', `${seriesId} (${seriesOf(alert.key)})`],
    ...(acknowledged === null
      ? []
      : [['Acknowledged', `${minute(acknowledged.at)} UTC: ${acknowledged.reason}`] as const]),
  ];
  return [
    ...wrap(oneLine(alert.message), width),
    '',
    ...rows.flatMap(([name, value]) => hanging(name.padEnd(14), value, width)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const KINDS: Readonly<Record<Attribution['kind'], string>> = {
  step: 'build step',
  service: 'service',
  test: 'test',
  fixture: 'fixture',
  phase: 'phase',
};

function movedOf(moved: readonly Attribution[] | null, { value, baseline }: RegressionAlert): string {
  if (moved === null) return 'not known: the profile of this run or of the baseline is not in the store';
  if (moved.length === 0) return 'no part that the profiles name';
  return moved
    .map(({ kind, name, share, baseSeconds, headSeconds, cause }) => {
      if (cause !== undefined && baseline !== null) return causeWords(cause, value - baseline.median);
      return `${formatRatio(Math.min(1, share))} in ${KINDS[kind]} ${name}: ${formatSeconds(baseSeconds)} before, ${formatSeconds(headSeconds)} now`;
    })
    .join('\n');
}

/** On what kind of host, in what kind of lane, from which source. */
export function seriesOf({ fingerprint, lane, source }: SeriesKey): string {
  const { cpuModel, cores, memoryGib, engineMajor } = fingerprint;
  const shape = lane === null ? 'the whole host' : `lanes of ${lane.cpus} ${lane.cpus === 1 ? 'CPU' : 'CPUs'}`;
  return `${cpuModel}, ${cores} CPUs, ${memoryGib} GiB, engine ${engineMajor}; ${shape}; from ${source}`;
}

function intervalOf({ interval }: RegressionAlert): string {
  if (interval === null) return '';
  return ` (${percent(interval.low)} to ${percent(interval.high)} at ${formatRatio(interval.coverage)})`;
}

function baselineOf({ baseline, key }: RegressionAlert): string {
  if (baseline === null) return 'the level before, from the change points of the series';
  const { n, window, median, sigma, segmentStart } = baseline;
  const noise = `noise of a run ${formatRatio(sigma)}${baseline.sigmaFrom === 'assumed' ? ' (assumed)' : ''}`;
  return `${figure(median, METRICS[key.metric].unit)}, the median of ${n} clean runs (at most ${window}) since ${minute(segmentStart)}; ${noise}`;
}

function decidedBy({ decidedBy: by, n, state }: RegressionAlert): string {
  if (by === 'pairs') return `${n} pairs of base and head, one right after the other on one host`;
  if (by === 'reruns') return `${n} re-runs of this commit, without the run that raised it`;
  if (by === 'changePoint') return `the change points of the series, ${n} runs at the new level`;
  if (by === 'known') return 'an earlier alert of this series that is still open';
  return state === 'candidate' ? 'nothing yet: it is being confirmed' : `what was measured (n = ${n})`;
}

function hanging(name: string, value: string, width: number): string[] {
  const indent = ' '.repeat(name.length);
  return value
    .split('\n')
    .flatMap((line) => wrap(oneLine(line), Math.max(20, width - name.length)))
    .map((line, index) => `${index === 0 ? name : indent}${line}`);
}
