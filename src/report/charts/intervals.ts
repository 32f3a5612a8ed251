/** Rows with a value, its interval, the trials it comes from, and the target. */
import { numberTicks, shownIn, valueText } from './axis.ts';
import type { ChartOptions, IntervalRow, IntervalsData } from './chart.ts';
import {
  drawable,
  drawing,
  fitted,
  isNarrow,
  type LegendEntry,
  legendOf,
  nothing,
  padded,
  textPixels,
  widthOf,
} from './frame.ts';
import { cross, diamond, ring, rule } from './marks.ts';
import { type Area, bottomAxis, type Scale, scale } from './plot.ts';
import { el, linked, type Svg, tip } from './svg.ts';

/** Dots in all rows together. A row with more trials than its share shows evenly chosen ones. */
const MAX_TRIALS = 1500;
const MAX_ROWS = 120;
const ROW = 26;

export function intervals(data: IntervalsData, options: ChartOptions): string {
  const rows = data.rows.slice(0, MAX_ROWS);
  const values = rows.flatMap(rowValues);
  const sheet = { options, kind: 'intervals', title: data.title, description: describeIntervals(data) };
  if (values.length === 0) return nothing(sheet);

  const width = widthOf(options);
  const narrow = isNarrow(width);
  const domain = padded(values);
  const shown = shownIn(data.unit, ...domain);
  const legend = legendOf(legendEntries(rows), width);
  const top = legend.height + 6;
  const rowPixels = narrow ? ROW + 16 : ROW;
  const left = narrow ? 8 : Math.min(width * 0.3, 14 + Math.max(...rows.map(({ label }) => textPixels(label))));
  const right = narrow ? width - 8 : width - 128;
  const area: Area = { left, right, top, bottom: top + rows.length * rowPixels + 4 };
  const x = scale(domain, area.left + 6, area.right - 6);
  return drawing(
    { ...sheet, height: area.bottom + 24 },
    legend.svg,
    bottomAxis(numberTicks(...domain, Math.max(2, (right - left) / 80), shown), x, area, shown.word, true),
    rows.map((row, i) =>
      rowMark(
        row,
        x,
        { ...area, top: top + i * rowPixels, bottom: top + (i + 1) * rowPixels },
        width,
        data,
        rows.length,
      ),
    ),
  );
}

/** One sentence: each row's value, its interval and how it stands to its target. */
export function describeIntervals(data: IntervalsData): string {
  const named = data.rows.slice(0, 8).map((row) => `${row.label}: ${rowText(row, data)}`);
  if (named.length === 0) return 'Nothing was measured.';
  const rest = data.rows.length - named.length;
  return `${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}

function rowText(row: IntervalRow, { unit }: IntervalsData): string {
  if (!hasInterval(row)) return 'no value';
  const { point, low, high } = row.interval!;
  const target = drawable(row.target);
  return [
    `${valueText(point, unit)} (${valueText(low, unit)} to ${valueText(high, unit)})`,
    target === null ? '' : `target ${valueText(target, unit)}`,
    row.verdict ? WORDS[row.verdict] : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const WORDS = { met: 'met', missed: 'missed', unclear: 'unclear' } as const;
const TONES = { met: 'good', missed: 'bad', unclear: 'warn' } as const;

function hasInterval({ interval }: IntervalRow): boolean {
  return interval !== null && [interval.point, interval.low, interval.high].every((value) => drawable(value) !== null);
}

function rowValues(row: IntervalRow): number[] {
  const interval = hasInterval(row) ? [row.interval!.point, row.interval!.low, row.interval!.high] : [];
  return [...interval, ...row.trials, row.target ?? null].filter((value): value is number => drawable(value) !== null);
}

function rowMark(row: IntervalRow, x: Scale, area: Area, width: number, data: IntervalsData, rows: number): Svg {
  const narrow = isNarrow(width);
  const y = narrow ? area.top + 29 : (area.top + area.bottom) / 2;
  const label = fitted(row.label, narrow ? width * 0.55 : area.left - 14);
  const place = narrow
    ? { x: 0, y: area.top + 15, class: 'label' }
    : { x: area.left - 10, y: y + 4, class: 'label end' };
  const tone = row.verdict ? TONES[row.verdict] : 'accent';
  const target = drawable(row.target);
  return linked(
    row.link,
    tip(`${row.label}: ${rowText(row, data)}`),
    el('text', place, label),
    rule(area.left, y, area.right, y, 'muted', 'hair'),
    trialDots(row, x, y, Math.max(5, Math.floor(MAX_TRIALS / rows))),
    target === null ? null : rule(x(target), y - 10, x(target), y + 10, 'warn', 'target'),
    hasInterval(row) ? rule(x(row.interval!.low), y, x(row.interval!.high), y, tone, 'interval') : null,
    hasInterval(row) ? pointMark(row, x(row.interval!.point), y) : null,
    el('text', { x: width, y: narrow ? area.top + 15 : y + 4, class: 'label end' }, shortText(row, data)),
  );
}

function pointMark({ verdict }: IntervalRow, x: number, y: number): Svg {
  if (verdict === 'missed')
    return el('g', {}, el('circle', { cx: x, cy: y, r: 6.5, class: 'surface' }), cross(x, y, 4, 'bad'));
  return verdict === 'unclear'
    ? el('g', {}, el('circle', { cx: x, cy: y, r: 5, class: 'surface' }), ring(x, y, 5, 'warn'))
    : diamond(x, y, 6, verdict === 'met' ? 'good' : 'accent');
}

function shortText(row: IntervalRow, data: IntervalsData): string {
  if (!hasInterval(row)) return 'no value';
  const value = valueText(row.interval!.point, data.unit);
  return row.verdict ? `${value}, ${WORDS[row.verdict]}` : value;
}

function trialDots(row: IntervalRow, x: Scale, y: number, most: number): Svg {
  const trials = row.trials.filter((value): value is number => drawable(value) !== null);
  const step = Math.ceil(trials.length / most);
  const drawn = trials
    .filter((_, i) => i % step === 0)
    .map((value) => el('circle', { cx: x(value), cy: y, r: 3, class: 'trial c-muted' }));
  return el('g', {}, drawn);
}

function legendEntries(rows: readonly IntervalRow[]): LegendEntry[] {
  const has = (verdict: IntervalRow['verdict']) => rows.some((row) => row.verdict === verdict && hasInterval(row));
  return [
    { word: 'trial', glyph: (x, y) => el('circle', { cx: x, cy: y, r: 3, class: 'trial c-muted' }) },
    { word: 'interval', glyph: (x, y) => rule(x - 7, y, x + 7, y, 'accent', 'interval') },
    ...(rows.some((row) => hasInterval(row) && !row.verdict)
      ? [{ word: 'value', glyph: (x: number, y: number) => diamond(x, y, 5, 'accent') }]
      : []),
    ...(has('met') ? [{ word: 'target met', glyph: (x: number, y: number) => diamond(x, y, 5, 'good') }] : []),
    ...(has('missed') ? [{ word: 'target missed', glyph: (x: number, y: number) => cross(x, y, 4, 'bad') }] : []),
    ...(has('unclear') ? [{ word: 'unclear', glyph: (x: number, y: number) => ring(x, y, 4.5, 'warn') }] : []),
    ...(rows.some(({ target }) => drawable(target) !== null)
      ? [{ word: 'target', glyph: (x: number, y: number) => rule(x, y - 7, x, y + 7, 'warn', 'target') }]
      : []),
  ];
}
