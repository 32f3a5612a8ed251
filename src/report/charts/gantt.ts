/** Lanes with bars on one clock: the timeline of a run, workers with their tests, services as they start. */
import { numberTicks, shownIn, type Shown, valueText } from './axis.ts';
import type { ChartOptions, GanttBar, GanttData, GanttDrawing, GanttKind, GanttLane, Marker } from './chart.ts';
import {
  drawable,
  drawing,
  fitted,
  idOf,
  isNarrow,
  type LegendEntry,
  legendOf,
  nothing,
  textPixels,
  widthOf,
} from './frame.ts';
import { cross, rule } from './marks.ts';
import { type DrawnBar, mergedBars } from './merge-bars.ts';
import { hasHatch, hatches } from './pattern.ts';
import { type Area, bottomAxis, type Scale, scale } from './plot.ts';
import { el, linked, short, type Svg, tip } from './svg.ts';

const MAX_BARS = 2000;
/** More lanes than this are longer than anyone scrolls. The rest is in the table. */
const MAX_LANES = 200;
/** Bars narrower than this are drawn this wide, so that they can be seen. */
const MIN_BAR_PIXELS = 1;

export function gantt(data: GanttData, options: ChartOptions): GanttDrawing {
  const lanes = data.lanes.slice(0, MAX_LANES).map((lane) => ({ ...lane, bars: lane.bars.filter(hasPlace) }));
  const sheet = { options, kind: 'gantt', title: data.title, description: describeGantt(data) };
  const clock = clockOf(data, lanes);
  if (!clock) return { svg: nothing(sheet), mergedBars: 0, lanesLeftOut: data.lanes.length - lanes.length };

  const width = widthOf(options);
  const left = isNarrow(width) ? 2 : laneLabelPixels(lanes, width);
  const secondsPerPixel = (clock[1] - clock[0]) / (width - left - 8);
  const merged = mergedBars(
    lanes.map(({ bars }) => bars),
    MAX_BARS,
    2 * secondsPerPixel,
  );
  const legend = legendOf(legendEntries(data, merged.flat(), options), width);
  const top = legend.height + 4 + ((data.markers?.length ?? 0) > 0 ? 16 : 0);
  const rows = placed(lanes, merged, top, isNarrow(width));
  const bottom = (rows.at(-1)?.bottom ?? top) + 4;
  const area: Area = { left, right: width - 8, top, bottom };
  const x = scale(clock, area.left, area.right);
  const shown = shownIn('second', 0, clock[1] - clock[0]);

  const svg = drawing(
    { ...sheet, height: bottom + 24 },
    hatches(options),
    legend.svg,
    bottomAxis(clockTicks(clock, shown, area), x, area, shown.word, true),
    laneLabels(rows, area, isNarrow(width)),
    waits(rows, x),
    bars(rows, x, data, options),
    markers(data.markers ?? [], x, area),
  );
  return {
    svg,
    mergedBars: merged.flat().reduce((sum, { count }) => sum + (count > 1 ? count : 0), 0),
    lanesLeftOut: data.lanes.length - lanes.length,
  };
}

/** One sentence: how long, how many lanes and bars, and what the critical path has. */
export function describeGantt(data: GanttData): string {
  const all = data.lanes.flatMap(({ bars }) => bars).filter(hasPlace);
  const clock = clockOf(data, data.lanes);
  if (!clock) return 'No bar has a start and an end.';
  const critical = all.filter((bar) => bar.critical);
  const longest = (critical.length > 0 ? critical : all).reduce<GanttBar | null>(
    (best, bar) => (best && best.to - best.from >= bar.to - bar.from ? best : bar),
    null,
  );
  const counts = `${all.length} ${all.length === 1 ? 'bar' : 'bars'} in ${data.lanes.length} ${data.lanes.length === 1 ? 'lane' : 'lanes'} over ${valueText(clock[1] - clock[0], 'second')}`;
  if (!longest) return `${counts}.`;
  const where =
    critical.length > 0 ? `; ${critical.length} on the critical path, the longest of them` : '; the longest is';
  return `${counts}${where} ${longest.label} with ${valueText(longest.to - longest.from, 'second')}.`;
}

function hasPlace({ from, to }: GanttBar): boolean {
  return drawable(from) !== null && drawable(to) !== null && to >= from;
}

function clockOf(data: GanttData, lanes: readonly GanttLane[]): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { from, to, waited } of lanes.flatMap(({ bars }) => bars).filter(hasPlace)) {
    low = Math.min(low, from, drawable(waited?.since) ?? from);
    high = Math.max(high, to);
  }
  const [from, to] = [drawable(data.from) ?? low, drawable(data.to) ?? high];
  return Number.isFinite(low) && to >= from ? [from, to] : null;
}

function laneLabelPixels(lanes: readonly GanttLane[], width: number): number {
  const longest = Math.max(...lanes.map(({ label }) => textPixels(label)));
  return Math.min(longest + 14, width * 0.26);
}

interface Row {
  label: string;
  top: number;
  bottom: number;
  /** Bars of a lane that overlap are drawn below each other. */
  lines: readonly (readonly DrawnBar[])[];
  barHeight: number;
}

function placed(
  lanes: readonly GanttLane[],
  merged: readonly (readonly DrawnBar[])[],
  top: number,
  narrow: boolean,
): Row[] {
  const barHeight = lanes.length > 24 ? 11 : 17;
  let at = top;
  return lanes.map(({ label }, i) => {
    const lines = withoutOverlap(merged[i]!);
    const rowTop = at + (narrow ? 16 : 0);
    const bottom = rowTop + lines.length * (barHeight + 2) + (lanes.length > 24 ? 1 : 4);
    at = bottom;
    return { label, top: rowTop, bottom, lines, barHeight };
  });
}

function withoutOverlap(bars: readonly DrawnBar[]): DrawnBar[][] {
  const lines: DrawnBar[][] = [[]];
  for (const bar of [...bars].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const line = lines.find((line) => (line.at(-1)?.to ?? -Infinity) <= bar.from + 1e-9);
    if (line) line.push(bar);
    else lines.push([bar]);
  }
  return lines;
}

function clockTicks(clock: readonly [number, number], shown: Shown, area: Area) {
  const count = Math.max(2, (area.right - area.left) / 90);
  return numberTicks(0, clock[1] - clock[0], count, shown).map(({ at, text }) => ({ at: at + clock[0], text }));
}

function laneLabels(rows: readonly Row[], area: Area, narrow: boolean): Svg {
  const drawn = rows.flatMap(({ label, top, bottom, barHeight }) => {
    const room = narrow ? area.right : area.left - 14;
    const text = fitted(label, room);
    const place = narrow ? { x: area.left, y: top - 4 } : { x: area.left - 8, y: top + barHeight / 2 + 4 };
    return [
      el('g', {}, tip(label), el('text', { ...place, class: `label ${narrow ? '' : 'end'}`.trim() }, text)),
      el('line', { x1: narrow ? area.left : 0, x2: area.right, y1: bottom - 1.5, y2: bottom - 1.5, class: 'grid' }),
    ];
  });
  return el('g', {}, drawn);
}

function eachBar(rows: readonly Row[], draw: (bar: DrawnBar, top: number, row: Row) => Svg | null): (Svg | null)[] {
  return rows.flatMap((row) =>
    row.lines.flatMap((line, i) => line.map((bar) => draw(bar, row.top + i * (row.barHeight + 2), row))),
  );
}

function waits(rows: readonly Row[], x: Scale): Svg {
  const drawn = eachBar(rows, (bar, top, { barHeight }) => {
    if (!bar.waited || !(bar.waited.since < bar.from)) return null;
    const y = top + barHeight / 2;
    return el(
      'g',
      {},
      tip(`${bar.label} waited ${valueText(bar.from - bar.waited.since, 'second')} for ${bar.waited.for}`),
      rule(x(bar.waited.since), y, x(bar.from), y, 'muted', 'dashed'),
      rule(x(bar.waited.since), y - 3, x(bar.waited.since), y + 3, 'muted'),
    );
  });
  return el('g', {}, drawn);
}

/** Marks of one look share an element where they need no tooltip of their own: a page has thousands of bars. */
function bars(rows: readonly Row[], x: Scale, data: GanttData, options: ChartOptions): Svg {
  const kinds = new Map(data.kinds.map((kind) => [kind.id, kind]));
  const [fills, words]: [Svg[], (Svg | null)[]] = [[], []];
  const outlines = new Map<string, string>();
  const outline = (name: string, box: Box) => outlines.set(name, (outlines.get(name) ?? '') + pathOf(box));
  for (const { bar, box } of boxes(rows, x)) {
    const kind = kinds.get(bar.kind);
    const rect = {
      x: box.x,
      y: box.y,
      width: box.width,
      height: box.height,
      class: `fill c-${kind?.series ?? 'muted'}`,
    };
    fills.push(linked(bar.link, el('rect', rect, tip(barText(bar, kind)))));
    const hatch = bar.count > 1 ? 'merged' : (kind?.series ?? '');
    if (hasHatch(hatch) && box.width > 3) outline(hatch, box);
    if (bar.critical) outline('critical', box);
    words.push(failedMark(bar, box), barWord(bar, box, kind));
  }
  const shared = [...outlines].map(([name, d]) =>
    el(
      'path',
      name === 'critical' ? { d, class: name } : { d, fill: `url(#${idOf(options, name)})`, class: 'see-through' },
    ),
  );
  return el('g', {}, fills, shared, words);
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function boxes(rows: readonly Row[], x: Scale): { bar: DrawnBar; box: Box }[] {
  return rows.flatMap(({ lines, top, barHeight }) =>
    lines.flatMap((line, i) =>
      line.map((bar) => {
        const start = x(bar.from);
        const width = Math.max(MIN_BAR_PIXELS, x(bar.to) - start - 0.4);
        return { bar, box: { x: start, y: top + i * (barHeight + 2), width, height: barHeight } };
      }),
    ),
  );
}

function pathOf({ x, y, width, height }: Box): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
}

function failedMark(bar: DrawnBar, box: Box): Svg | null {
  if (!bar.failed) return null;
  const [x, y] = [box.x + box.width - (box.width > 16 ? 8 : 0), box.y + box.height / 2];
  return el(
    'g',
    { class: 'see-through' },
    el('circle', { cx: x, cy: y, r: 5, class: 'surface' }),
    cross(x, y, 2.5, 'bad'),
  );
}

function barWord(bar: DrawnBar, { x, y, width, height }: Box, kind: GanttKind | undefined): Svg | null {
  if (height <= 12 || width < 36) return null;
  const text = fitted(bar.label, width - (bar.failed ? 22 : 8));
  return el('text', { x: x + 5, y: y + height / 2 + 4, class: `on-bar c-${kind?.series ?? 'muted'}` }, text);
}

function barText(bar: DrawnBar, kind: GanttKind | undefined): string {
  return [
    bar.label,
    valueText(bar.to - bar.from, 'second'),
    kind?.label ?? '',
    bar.critical ? 'on the critical path' : '',
    bar.failed ? 'failed' : '',
    bar.waited ? `waited for ${bar.waited.for}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function markers(marks: readonly Marker[], x: Scale, area: Area): Svg {
  let free = -Infinity;
  const drawn = marks.flatMap(({ at, label }) => {
    if (drawable(at) === null || at < x.domain()[0]! || at > x.domain()[1]!) return [];
    const text = fitted(label, (area.right - area.left) / 2);
    const half = textPixels(text) / 2;
    const center = Math.min(Math.max(x(at), area.left + half), area.right - half);
    const fits = center - half > free;
    if (fits) free = center + half + 6;
    return [
      el(
        'g',
        {},
        tip(`${label}, at ${valueText(at - x.domain()[0]!, 'second')}`),
        rule(x(at), area.top - 3, x(at), area.bottom, 'accent', 'dotted'),
        fits ? el('text', { x: center, y: area.top - 6, class: 'label middle' }, text) : null,
      ),
    ];
  });
  return el('g', {}, drawn);
}

function legendEntries(data: GanttData, all: readonly DrawnBar[], options: ChartOptions): LegendEntry[] {
  const swatch =
    (series: string, hatch: string, critical = false) =>
    (x: number, y: number) => {
      const place = { x: x - 7, y: y - 6, width: 14, height: 12 };
      return el(
        'g',
        {},
        el('rect', { ...place, class: `fill c-${series}` }),
        hasHatch(hatch) ? el('rect', { ...place, fill: `url(#${idOf(options, hatch)})` }) : null,
        critical ? el('rect', { ...place, class: 'critical' }) : null,
      );
    };
  const used = new Set(all.map(({ kind }) => kind));
  return [
    ...data.kinds
      .filter(({ id }) => used.has(id))
      .map(({ label, series }) => ({ word: label, glyph: swatch(series, series) })),
    ...(all.some(({ count }) => count > 1) ? [{ word: 'several short ones', glyph: swatch('muted', 'merged') }] : []),
    ...(all.some(({ critical }) => critical) ? [{ word: 'critical path', glyph: swatch('none', 'none', true) }] : []),
    ...(all.some(({ waited }) => waited)
      ? [{ word: 'waited', glyph: (x: number, y: number) => rule(x - 7, y, x + 7, y, 'muted', 'dashed') }]
      : []),
    ...(all.some(({ failed }) => failed)
      ? [{ word: 'failed', glyph: (x: number, y: number) => cross(x, y, 3.5, 'bad') }]
      : []),
  ];
}
