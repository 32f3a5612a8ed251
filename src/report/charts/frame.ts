/** What every chart has around its marks: the root element with its names, and the legend. */
import { displayWidth, truncate } from '../text/width.ts';
import { type ChartOptions, WIDE_PIXELS } from './chart.ts';
import { el, type Svg } from './svg.ts';

/** What text is laid out for, in the drawing's pixels. The style sets the size of the letters to fit. */
const COLUMN_PIXELS = 6.3;
export const ROW_PIXELS = 18;

export function widthOf(options: ChartOptions): number {
  return Math.max(120, options.widthPixels ?? WIDE_PIXELS);
}

export function isNarrow(width: number): boolean {
  return width < 560;
}

/** An id of this chart, unique on the page if the prefix is. */
export function idOf(options: ChartOptions, name: string): string {
  return `${options.idPrefix.replace(/[^\w-]/g, '-')}-${name}`;
}

export function textPixels(text: string): number {
  return displayWidth(text) * COLUMN_PIXELS;
}

/** The text, cut to the pixels that it may take. */
export function fitted(text: string, pixels: number): string {
  return truncate(text, Math.max(1, Math.floor(pixels / COLUMN_PIXELS)));
}

export interface Sheet {
  options: ChartOptions;
  kind: string;
  title: string;
  description: string;
  height: number;
}

/**
 * The whole drawing. A chart without links is one image to a screen reader. One with links is a group, since an image
 * may not have links inside. Both have the title as their name, and the description.
 */
export function drawing(sheet: Sheet, ...children: readonly (Svg | null | readonly Svg[])[]): string {
  const { options, kind, title, description, height } = sheet;
  const marks = children.flat();
  const width = widthOf(options);
  const [titleId, descriptionId] = [idOf(options, 'title'), idOf(options, 'desc')];
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: `chart chart-${kind}${kind === 'sparkline' ? '' : isNarrow(width) ? ' chart-narrow' : ' chart-wide'}`,
      viewBox: `0 0 ${Math.round(width)} ${Math.ceil(height)}`,
      role: marks.some((mark) => mark?.markup.includes('<a ')) ? 'group' : 'img',
      'aria-labelledby': `${titleId} ${descriptionId}`,
    },
    el('title', { id: titleId }, title),
    el('desc', { id: descriptionId }, description),
    marks,
  ).markup;
}

export interface LegendEntry {
  /** Drawn around the point (x, y), 14 wide. Null for a word alone, such as the unit. */
  glyph: ((x: number, y: number) => Svg) | null;
  word: string;
  /** A heading: bold. */
  strong?: boolean;
}

export interface Legend {
  svg: Svg;
  height: number;
}

/** Marks with their words, in as many rows as they need. */
export function legendOf(entries: readonly LegendEntry[], width: number): Legend {
  let [x, y] = [0, 13];
  const drawn: Svg[] = [];
  for (const { glyph, word, strong } of entries) {
    const start = glyph ? 20 : 0;
    const text = fitted(word, width - start);
    const pixels = start + textPixels(text) * (strong ? 1.15 : 1);
    if (x > 0 && x + pixels > width) [x, y] = [0, y + ROW_PIXELS];
    if (glyph) drawn.push(glyph(x + 7, y - 4));
    drawn.push(el('text', { x: x + start, y, class: strong ? 'label strong-label' : glyph ? 'label' : 'unit' }, text));
    x += pixels + 16;
  }
  return { svg: el('g', { class: 'legend' }, drawn), height: entries.length === 0 ? 0 : y + 7 };
}

/** What a chart without data shows in place of marks. */
export function nothing(sheet: Omit<Sheet, 'height'>): string {
  const x = widthOf(sheet.options) / 2;
  return drawing(
    { ...sheet, height: 60 },
    el('text', { x, y: 34, class: 'label c-muted-text middle' }, 'Nothing was measured'),
  );
}

/** A value that can be drawn, or null. */
export function drawable(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The range of the values with some room around it, so that one value alone has an axis, too. */
export function padded(values: readonly number[], share = 0.06): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return [0, 1];
  const room = (high - low) * share || Math.abs(high) * 0.1 || 1;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}
