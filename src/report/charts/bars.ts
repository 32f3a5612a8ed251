/** A list of horizontal bars, largest first as given: seconds by part, bytes by layer. Parts are stacked. */
import { valueText } from './axis.ts';
import type { BarPart, BarRow, BarsData, ChartOptions } from './chart.ts';
import { drawable, drawing, fitted, idOf, isNarrow, legendOf, nothing, textPixels, widthOf } from './frame.ts';
import { rule } from './marks.ts';
import { hasHatch, hatches } from './pattern.ts';
import { scale, type Scale } from './plot.ts';
import { el, linked, type Svg, tip } from './svg.ts';

const MAX_ROWS = 200;
const ROW = 24;
const BAR = 14;

export function bars(data: BarsData, options: ChartOptions): string {
  const rows = data.rows.slice(0, MAX_ROWS).map((row) => ({ ...row, parts: row.parts?.filter(isDrawn) ?? null }));
  const sheet = { options, kind: 'bars', title: data.title, description: describeBars(data) };
  const longest = Math.max(0, ...rows.map(total).filter((sum) => sum !== null));
  if (rows.every(({ parts }) => parts === null)) return nothing(sheet);

  const width = widthOf(options);
  const narrow = isNarrow(width);
  const kinds = data.kinds.filter(({ id }) => rows.some(({ parts }) => parts?.some(({ kind }) => kind === id)));
  const legend = legendOf(
    kinds.length < 2
      ? []
      : kinds.map(({ label, series }) => ({
          word: label,
          glyph: (x: number, y: number) => filled(x - 7, y - 6, 14, 12, series, options),
        })),
    width,
  );
  const values = Math.max(...rows.map((row) => textPixels(rowValue(row, data)))) + 8;
  const left = narrow ? 0 : Math.min(width * 0.36, 12 + Math.max(...rows.map(({ label }) => textPixels(label))));
  const x = scale([0, longest || 1], left, width - (narrow ? 2 : values));
  const rowPixels = narrow ? ROW + 14 : ROW;
  return drawing(
    { ...sheet, height: legend.height + 4 + rows.length * rowPixels },
    hatches(options),
    legend.svg,
    rows.map((row, i) => rowMark(row, x, legend.height + 4 + i * rowPixels, width, data, options)),
    narrow ? null : rule(left, legend.height + 2, left, legend.height + rows.length * rowPixels, 'muted'),
  );
}

/** One sentence: the longest bars with their values. */
export function describeBars(data: BarsData): string {
  const measured = data.rows.filter((row) => total(row) !== null);
  if (measured.length === 0) return 'Nothing was measured.';
  const largest = [...measured].sort((a, b) => total(b)! - total(a)!).slice(0, 5);
  const rest = data.rows.length - largest.length;
  return `${largest.map((row) => `${row.label} ${rowValue(row, data)}`).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}

function isDrawn({ value }: BarPart): boolean {
  return drawable(value) !== null && value >= 0;
}

function total({ parts }: BarRow): number | null {
  return parts ? parts.filter(isDrawn).reduce((sum, { value }) => sum + value, 0) : null;
}

function rowValue(row: BarRow, { unit }: BarsData): string {
  const sum = total(row);
  return sum === null ? 'no value' : valueText(sum, unit);
}

function rowMark(row: BarRow, x: Scale, top: number, width: number, data: BarsData, options: ChartOptions): Svg {
  const narrow = isNarrow(width);
  const value = rowValue(row, data);
  const left = x.range()[0]!;
  const barTop = narrow ? top + 18 : top + (ROW - BAR) / 2;
  const label = fitted(row.label, narrow ? width - textPixels(value) - 16 : left - 12);
  const place = narrow ? { x: 0, y: top + 13, class: 'label' } : { x: left - 8, y: barTop + 11, class: 'label end' };
  const end = x(total(row) ?? 0);
  return linked(
    row.link,
    tip(`${row.label}: ${value}`),
    el('text', place, label),
    partMarks(row, x, barTop, data, options),
    el(
      'text',
      narrow ? { x: width, y: top + 13, class: 'label end' } : { x: end + 7, y: barTop + 11, class: 'label' },
      value,
    ),
  );
}

function partMarks(row: BarRow, x: Scale, top: number, data: BarsData, options: ChartOptions): Svg {
  let sum = 0;
  const drawn = (row.parts ?? []).map(({ kind, value }) => {
    const from = sum;
    sum += value;
    const known = data.kinds.find(({ id }) => id === kind);
    const several = row.parts!.length > 1;
    const width = x(sum) - x(from) - (several ? 0.6 : 0);
    const text = `${row.label}: ${several && known ? `${known.label} ` : ''}${valueText(value, data.unit)}`;
    return el(
      'g',
      {},
      tip(text),
      filled(x(from), top, Math.max(value > 0 ? 1 : 0, width), BAR, known?.series ?? 'series-1', options),
    );
  });
  return el('g', {}, drawn);
}

function filled(x: number, y: number, width: number, height: number, series: string, options: ChartOptions): Svg {
  const place = { x, y, width, height };
  return el(
    'g',
    {},
    el('rect', { ...place, class: `fill c-${series}` }),
    hasHatch(series) ? el('rect', { ...place, fill: `url(#${idOf(options, series)})` }) : null,
  );
}
