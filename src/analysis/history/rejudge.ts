/** What another threshold would have made of the runs that are stored. */
import type { Direction, SeriesHistory, SeriesKey } from '../../model/regression.ts';
import { baselineOf } from '../regression/baseline.ts';
import { candidateOf } from '../regression/candidate.ts';

export interface Rejudged {
  readonly key: SeriesKey;
  readonly runId: string;
  readonly commit: string | null;
  readonly at: string;
  readonly value: number;
  readonly baseline: number;
  readonly direction: Direction;
  /** This run over the baseline's median. */
  readonly ratio: number;
  /** The one that the run raised when it was measured; null if it raised none. */
  readonly alerted: SeriesHistory['points'][number]['alertState'];
  /** With this threshold the run would have been suspected. */
  readonly suspected: boolean;
}

export interface RejudgeOptions {
  /** e.g. 0.15. */
  readonly threshold: number;
  readonly floorSeconds: number;
  /** Only this number of newest runs of each series. */
  readonly last: number;
}

/**
 * Each run against those before it, as it was judged on its day but for the threshold. Whether a suspicion would have been
 * confirmed, only a measurement of that day could tell.
 * @returns those that are or were suspected, oldest first
 */
export function rejudge(key: SeriesKey, history: SeriesHistory, options: RejudgeOptions): Rejudged[] {
  const { points } = history;
  const first = Math.max(0, points.length - options.last);
  return points.slice(first).flatMap((point, offset) => {
    const before = {
      points: points.slice(0, first + offset),
      events: history.events.filter(({ at }) => at < point.at),
      alerts: history.alerts.filter(({ at }) => at < point.at),
    };
    const baseline = baselineOf(before, point.tests);
    if (baseline.kind !== 'baseline') return [];
    const suspicion = candidateOf(baseline, { key, point }, before, options);
    if (suspicion === null) return [];
    const suspected = suspicion.kind !== 'none';
    if (!suspected && point.alertState === null) return [];
    const ratio = suspicion.kind === 'none' ? suspicion.ratio : suspicion.candidate.ratio;
    const { runId, commit, at, value, alertState } = point;
    const direction = ratio >= 1 ? ('slower' as const) : ('faster' as const);
    return [
      { key, runId, commit, at, value, baseline: baseline.median, direction, ratio, alerted: alertState, suspected },
    ];
  });
}
