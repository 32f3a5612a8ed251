/** From a stored series to what a page shows of it: levels, the band of noise, changes, alerts and the target. */
import type { MetricName } from '../../model/measurement.ts';
import type { Plan } from '../../model/plan.ts';
import type { SeriesHistory, SeriesKey, SeriesPoint } from '../../model/regression.ts';
import { seriesId } from '../../model/series-id.ts';
import type { Trend, TrendSegment } from '../../model/trend.ts';
import { analyzeSeries } from '../changepoints/detect.ts';
import { type Scale, scaleOf } from '../changepoints/scale.ts';
import { DECISION } from '../regression/constants.ts';
import { titleOf } from '../regression/words.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';

/** Standard normal quantile of 95 %: nine of ten single runs are within this number of σ. */
const Z_OF_NINE_TENTHS = 1.645;

/**
 * Disturbed runs are points of the trend and count in no level, as in a baseline. A reset begins a new level. All levels are
 * kept, also those that no run is compared with any more.
 * @param history oldest first, as the store has it
 */
export function trendOf(key: SeriesKey, history: SeriesHistory, target: number | null): Trend {
  const { points, alerts, events } = history;
  return {
    id: seriesId(key),
    key,
    title: titleOf(key),
    points,
    segments: levelsOf(points, resetsOf(history)),
    alerts,
    events,
    target,
  };
}

/** The target of a series in a plan, in the metric's unit; null where the plan sets none. */
export function targetOf(
  { metric, scenario }: Pick<SeriesKey, 'metric' | 'scenario'>,
  plan: Plan | null,
): number | null {
  if (plan === null) return null;
  if (metric === 'trial.duration') return plan.scenarios.find(({ id }) => id === scenario)?.targetSeconds ?? null;
  const targets: Partial<Record<MetricName, number | null>> = {
    'build.cold.duration': plan.build.targetSeconds,
    'startup.duration': plan.startup.targetSeconds,
    'test.duration': plan.targets.testSeconds,
    'total.duration': plan.targets.totalSeconds,
  };
  return targets[metric] ?? null;
}

function resetsOf({ events }: SeriesHistory): readonly string[] {
  return events.filter(({ kind }) => kind === 'reset').map(({ at }) => at);
}

function levelsOf(points: readonly SeriesPoint[], resets: readonly string[]): readonly TrendSegment[] {
  const counted = points.flatMap(({ disturbed, value }, index) =>
    disturbed === null && Number.isFinite(value) ? [index] : [],
  );
  const stretches = Map.groupBy(counted, (index) => resets.filter((at) => at <= points[index]!.at).length);
  return [...stretches.values()].flatMap((indexes) => {
    const levels = levelsOfValues(indexes.map((index) => points[index]!.value));
    return levels.map(
      ({ start, end, level, low, high }): TrendSegment => ({
        first: indexes[start]!,
        last: indexes[end - 1]!,
        level,
        low,
        high,
      }),
    );
  });
}

interface Level extends Pick<TrendSegment, 'level' | 'low' | 'high'> {
  readonly start: number;
  /** The first value after it. */
  readonly end: number;
}

/**
 * The change points are those that judge runs. They look at a thousand runs at a time, as the judgement does: over all runs at once
 * the time grows faster than their number. Where two parts meet, the levels on both sides are looked at again.
 */
export function levelsOfValues(values: readonly number[]): readonly Level[] {
  const parts = partsOf(values.length);
  const pieces = parts.flatMap(({ start, end }) => piecesOf(values, start, end));
  const seams = new Set(parts.slice(1).map(({ start }) => start));
  const joined = pieces.reduce<Piece[]>((done, piece) => {
    const before = done.at(-1);
    if (before === undefined || !seams.has(piece.start)) return [...done, piece];
    return [...done.slice(0, -1), ...seamOf(values, before, piece)];
  }, []);
  const scale = scaleOf(values.length === 0 ? [1] : values);
  return joined.map((piece) => levelOf(values, piece, scale));
}

interface Piece {
  readonly start: number;
  readonly end: number;
  /** Of a single run, on the scale of the series. */
  readonly sigma: number;
  /** On the same scale, over the whole piece. */
  readonly drift: number;
}

function partsOf(length: number): readonly { readonly start: number; readonly end: number }[] {
  const parts = Math.ceil(length / DECISION.history);
  return Array.from({ length: parts }, (_, part) => ({
    start: part * DECISION.history,
    end: Math.min(length, (part + 1) * DECISION.history),
  }));
}

function piecesOf(values: readonly number[], from: number, to: number): readonly Piece[] {
  const { segments, scale } = analyzeSeries(values.slice(from, to), { better: 'lower' });
  return segments.map(({ start, end, sigma, drift }) => ({
    start: from + start,
    end: from + end,
    sigma,
    drift: drift === null ? 0 : scale === 'log' ? Math.log1p(drift) : drift,
  }));
}

/** Two neighbours from two parts: one level if no change is found over both. A change that is found takes the seam's place. */
function seamOf(values: readonly number[], before: Piece, after: Piece): readonly Piece[] {
  const half = DECISION.history / 2;
  const from = Math.max(before.start, before.end - half);
  const to = Math.min(after.end, after.start + half);
  const looked = piecesOf(values, from, to);
  const [first, last] = [looked[0]!, looked.at(-1)!];
  if (looked.length === 1)
    return [{ ...wider(before, after), start: before.start, end: after.end, drift: first.drift }];
  return [{ ...first, start: before.start }, ...looked.slice(1, -1), { ...last, end: after.end }];
}

/** The noise of both, by their numbers of runs. */
function wider(a: Piece, b: Piece): Piece {
  const [n, m] = [a.end - a.start, b.end - b.start];
  return { ...a, sigma: Math.sqrt((n * a.sigma ** 2 + m * b.sigma ** 2) / (n + m)) };
}

function levelOf(values: readonly number[], { start, end, sigma, drift }: Piece, scale: Scale): Level {
  const level = median(values.slice(start, end) as unknown as Samples);
  const half = Z_OF_NINE_TENTHS * sigma + Math.abs(drift) / 2;
  if (scale.kind === 'log') return { start, end, level, low: level * Math.exp(-half), high: level * Math.exp(half) };
  return { start, end, level, low: level - half * scale.unit, high: level + half * scale.unit };
}
