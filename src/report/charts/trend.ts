/** A figure over many runs: its noise band, its levels, where it changed, and its target. */
import { area as areaPath, line as linePath } from 'd3-shape';
import { changeText, shownIn, timeText, timeTicks, valueText, wholeTicks } from './axis.ts';
import type { ChartOptions, TrendChange, TrendData, TrendPoint, TrendSegment } from './chart.ts';
import {
  drawable,
  drawing,
  isNarrow,
  type LegendEntry,
  legendOf,
  nothing,
  padded,
  textPixels,
  widthOf,
} from './frame.ts';
import { cross, diamond, dot, ring, rule, triangle } from './marks.ts';
import { type Area, axisPixels, bottomAxis, type Scale, scale, valueAxis } from './plot.ts';
import { el, linked, type Svg, tip } from './svg.ts';
import { pieces, thinned } from './thin.ts';

/** Above this, only the line and the marked runs are drawn: a dot a run would be a smear, and thousands of elements. */
const MAX_DOTS = 400;
/** Runs with a mark of their own, and changes: the most important ones first. */
const MAX_MARKED = 600;
const MAX_CHANGES = 200;
/** A target further away than this share of the values' range is named at the edge, so that the values stay readable. */
const NEAR_TARGET = 1.5;

export function trend(data: TrendData, options: ChartOptions): string {
  const points = data.points
    .map((point) => ({ ...point, value: drawable(point.value) }))
    .filter(hasPlace)
    .sort((a, b) => a.at - b.at);
  const sheet = { options, kind: 'trend', title: data.title, description: describeTrend(data) };
  if (points.length === 0) return nothing(sheet);

  const width = widthOf(options);
  const segments = (data.segments ?? []).filter(({ level }) => drawable(level) !== null);
  const changes = mostImportant(data.changes ?? []);
  const domain = valueDomain(points, segments, drawable(data.target));
  const shown = shownIn(data.unit, ...domain);
  const legend = legendOf([{ glyph: null, word: shown.word }, ...legendEntries(data, points)], width);

  const top = legend.height + (changes.length > 0 ? 18 : 6);
  const height = isNarrow(width) ? 190 : 250;
  const left = axisPixels(domain, shown, height);
  const area: Area = { left, right: width - 10, top, bottom: top + height };
  const x = scale(ends(points, segments, changes), area.left + 4, area.right - 4);
  const y = scale(domain, area.bottom, area.top);
  const columns = Math.floor(area.right - area.left);
  const line = thinned(points, columns, ({ at }) => Math.floor(x(at)));

  return drawing(
    { ...sheet, height: area.bottom + 24 },
    legend.svg,
    valueAxis(domain, shown, y, area),
    bottomAxis(runTicks(data, x.domain(), area), x, area, data.x === 'run' ? 'run' : null),
    bands(segments, x, y),
    valueLine(line, x, y),
    levels(segments, x, y, data),
    targetLine(drawable(data.target), domain, y, area, data),
    changeRules(changes, x, area),
    dots(points, x, y, data),
    markedRuns(points, x, y, area, data),
  );
}

/** One sentence: how many runs, the newest value, the target, and what changed. */
export function describeTrend(data: TrendData): string {
  const measured = data.points.filter(({ value }) => drawable(value) !== null);
  const newest = measured.at(-1);
  if (!newest) return `None of ${data.points.length} runs has a value.`;
  const missing = data.points.length - measured.length;
  const values = measured.map(({ value }) => value!);
  const [low, high] = extent(values);
  const target = drawable(data.target);
  return `${[
    `${data.points.length} ${data.points.length === 1 ? 'run' : 'runs'}${missing > 0 ? `, ${missing} without a value` : ''}`,
    measured.length === 1
      ? valueText(newest.value!, data.unit)
      : `values from ${valueText(low, data.unit)} to ${valueText(high, data.unit)}, the newest ${valueText(newest.value!, data.unit)}`,
    target === null ? '' : `target ${valueText(target, data.unit)}`,
    ...describedChanges(data.changes ?? []),
  ]
    .filter((part) => part !== '')
    .join('; ')}.`;
}

function describedChanges(changes: readonly TrendChange[]): string[] {
  const last = changes.at(-1);
  if (!last) return [];
  const size = last.change === null ? '' : ` by ${changeText(last.change)}`;
  return [`${changes.length} ${changes.length === 1 ? 'change' : 'changes'}, the newest ${last.verdict}${size}`];
}

type Placed = TrendPoint & { value: number | null };

function hasPlace({ at }: TrendPoint): boolean {
  return drawable(at) !== null;
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
}

function valueDomain(
  points: readonly Placed[],
  segments: readonly TrendSegment[],
  target: number | null,
): [number, number] {
  const values = [
    ...points.flatMap(({ value }) => (value === null ? [] : [value])),
    ...segments.flatMap(({ level, low, high }) => [level, low, high].filter((v): v is number => drawable(v) !== null)),
  ];
  const [low, high] = padded(values);
  if (target === null) return [low, high];
  const away = Math.max(low - target, target - high);
  return away > NEAR_TARGET * (high - low) ? [low, high] : padded([...values, target]);
}

function ends(
  points: readonly Placed[],
  segments: readonly TrendSegment[],
  changes: readonly TrendChange[],
): [number, number] {
  return extent([
    ...points.map(({ at }) => at),
    ...segments.flatMap(({ from, to }) => [from, to]),
    ...changes.map(({ at }) => at),
  ]);
}

function runTicks(data: TrendData, domain: readonly number[], area: Area) {
  const [low, high] = [domain[0]!, domain.at(-1)!];
  const count = Math.max(2, (area.right - area.left) / 90);
  if (data.x === 'time') return timeTicks(low, high, count);
  return wholeTicks(low, high, count);
}

function bands(segments: readonly TrendSegment[], x: Scale, y: Scale): Svg {
  const bounded = segments.filter(({ low, high }) => drawable(low) !== null && drawable(high) !== null);
  const drawn = bounded.map(({ from, to, low, high }) => {
    const shape = areaPath<number>(
      (at) => x(at),
      () => y(low!),
      () => y(high!),
    ).digits(1);
    return el('path', { d: shape([from, to]), class: 'band' });
  });
  return el('g', {}, drawn);
}

function valueLine(points: readonly Placed[], x: Scale, y: Scale): Svg {
  const path = linePath<Placed>(
    ({ at }) => x(at),
    ({ value }) => y(value!),
  ).digits(1);
  const d = pieces(points)
    .map((piece) => path(piece))
    .join('');
  return el('path', { d, class: 'stroke thin c-series-1' });
}

function levels(segments: readonly TrendSegment[], x: Scale, y: Scale, data: TrendData): Svg {
  const drawn = segments.map(({ from, to, level, low, high }) => {
    const noise =
      low === null || high === null ? '' : `, noise ${valueText(low, data.unit)} to ${valueText(high, data.unit)}`;
    const text = `Level ${valueText(level, data.unit)}${noise}`;
    return el('g', {}, tip(text), rule(x(from), y(level), x(to), y(level), 'accent', 'level'));
  });
  return el('g', {}, drawn);
}

function targetLine(
  target: number | null,
  domain: readonly [number, number],
  y: Scale,
  area: Area,
  data: TrendData,
): Svg | null {
  if (target === null) return null;
  const text = `target ${valueText(target, data.unit)}`;
  const label = (at: number, words: string) => el('text', { x: area.right - 2, y: at, class: 'label halo end' }, words);
  if (target > domain[1]) return label(area.top + 10, `${text} ↑`);
  if (target < domain[0]) return label(area.bottom - 6, `${text} ↓`);
  const at = y(target);
  return el(
    'g',
    {},
    rule(area.left, at, area.right, at, 'warn', 'dashed'),
    label(at - 5 < area.top + 8 ? at + 14 : at - 5, text),
  );
}

const TONES = { better: 'good', worse: 'bad', changed: 'muted' } as const;

function changeRules(changes: readonly TrendChange[], x: Scale, area: Area): Svg {
  let free = -Infinity;
  const drawn = changes.map(({ at, change, verdict, label, link }) => {
    const center = x(at);
    const size = change === null ? verdict : changeText(change);
    const half = textPixels(size) / 2 + 7;
    const start = Math.min(Math.max(center - half, area.left), area.right - 2 * half);
    const fits = start > free;
    if (fits) free = start + 2 * half + 6;
    const tone = TONES[verdict];
    const sign = change !== null && change < 0 ? 'down' : 'up';
    return linked(
      link,
      tip([`${size} (${verdict})`, label ?? ''].filter(Boolean).join(', ')),
      rule(center, area.top - 2, center, area.bottom, tone, 'dotted'),
      fits ? triangle(start + 4, area.top - 9, 4, tone, sign) : triangle(center, area.top - 5, 3, tone, sign),
      fits ? el('text', { x: start + 12, y: area.top - 5, class: `label c-${tone}-text` }, size) : null,
    );
  });
  return el('g', {}, drawn);
}

function mostImportant(changes: readonly TrendChange[]): TrendChange[] {
  const placed = changes.filter(({ at }) => drawable(at) !== null);
  if (placed.length <= MAX_CHANGES) return placed;
  const bySize = [...placed].sort((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0));
  return bySize.slice(0, MAX_CHANGES).sort((a, b) => a.at - b.at);
}

function isMarked({ failed, alerted, thisRun, value }: Placed): boolean {
  return Boolean(alerted || thisRun || failed) || value === null;
}

function dots(points: readonly Placed[], x: Scale, y: Scale, data: TrendData): Svg | null {
  if (points.length > MAX_DOTS) return null;
  const plain = points.filter((point) => !isMarked(point));
  return el(
    'g',
    {},
    plain.map((point) =>
      linked(point.link, tip(runText(point, data)), dot(x(point.at), y(point.value!), 2.5, 'series-1')),
    ),
  );
}

function markedRuns(points: readonly Placed[], x: Scale, y: Scale, area: Area, data: TrendData): Svg {
  const rank = ({ thisRun, alerted, failed }: Placed) => (thisRun ? 3 : alerted ? 2 : failed ? 1 : 0);
  const byRank = points.filter(isMarked).sort((a, b) => rank(b) - rank(a));
  const drawn = byRank
    .slice(0, MAX_MARKED)
    .reverse()
    .map((point) => {
      const [atX, atY] = [x(point.at), point.value === null ? area.bottom - 7 : y(point.value)];
      return linked(point.link, tip(runText(point, data)), markOf(point, atX, atY));
    });
  return el('g', {}, drawn);
}

function markOf(point: Placed, x: number, y: number): readonly Svg[] {
  const own =
    point.failed || point.value === null
      ? cross(x, y, 3.5, point.failed ? 'bad' : 'muted')
      : point.alerted
        ? triangle(x, y, 5, 'bad')
        : diamond(x, y, 5, 'accent');
  return point.thisRun ? [ring(x, y, 9, 'accent'), own] : [own];
}

function runText(point: Placed, data: TrendData): string {
  return [
    point.value === null ? 'no value' : valueText(point.value, data.unit),
    point.failed ? 'the run failed' : '',
    point.alerted ? 'alerted' : '',
    point.thisRun ? 'this run' : '',
    data.x === 'time' ? timeText(point.at) : `run ${point.at}`,
    point.label ?? '',
    point.runId,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function legendEntries(data: TrendData, points: readonly Placed[]): LegendEntry[] {
  const entries: readonly (LegendEntry & { present: boolean })[] = [
    {
      present: true,
      word: 'runs',
      glyph: (x, y) => el('g', {}, rule(x - 7, y, x + 7, y, 'series-1'), dot(x, y, 2.5, 'series-1')),
    },
    {
      present: points.some((p) => p.thisRun),
      word: 'this run',
      glyph: (x, y) => el('g', {}, ring(x, y, 6.5, 'accent'), diamond(x, y, 3.5, 'accent')),
    },
    { present: points.some((p) => p.alerted), word: 'alert', glyph: (x, y) => triangle(x, y, 4.5, 'bad') },
    { present: points.some((p) => p.failed), word: 'failed run', glyph: (x, y) => cross(x, y, 3.5, 'bad') },
    {
      present: points.some((p) => p.value === null && !p.failed),
      word: 'no value',
      glyph: (x, y) => cross(x, y, 3.5, 'muted'),
    },
    {
      present: (data.segments ?? []).some(({ from, to }) => to > from),
      word: 'level and noise',
      glyph: (x, y) =>
        el(
          'g',
          {},
          el('rect', { x: x - 7, y: y - 5, width: 14, height: 10, class: 'band' }),
          rule(x - 7, y, x + 7, y, 'accent', 'level'),
        ),
    },
    {
      present: (data.changes?.length ?? 0) > 0,
      word: 'change',
      glyph: (x, y) => rule(x, y - 6, x, y + 6, 'muted', 'dotted'),
    },
    {
      present: drawable(data.target) !== null,
      word: 'target',
      glyph: (x, y) => rule(x - 7, y, x + 7, y, 'warn', 'dashed'),
    },
  ];
  return entries.filter(({ present }) => present);
}
