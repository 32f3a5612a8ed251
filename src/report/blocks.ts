/**
 * What a report is made of: typed blocks with plain values in them. Sections (sections/) build blocks from a result, formats
 * (formats/) render them. A section never escapes, pads or colours, and never formats a number.
 */
import type { Unit } from '../model/measurement.ts';
import type { Chart, SparklineData } from './charts/chart.ts';

/** Text and values in one line. Plain strings may come from anywhere: the renderer makes them harmless. */
export type Inline = string | Quantity | Limit | Code | Strong | Link | Spark | readonly Inline[];

export interface Quantity {
  readonly kind: 'quantity';
  readonly value: number;
  readonly unit: Unit;
}

/** A target: the value must stay below it. */
export interface Limit {
  readonly kind: 'limit';
  readonly value: number;
  readonly unit: Unit;
}

export interface Code {
  readonly kind: 'code';
  readonly text: string;
}

/** A name that stands out, such as what a table is about. */
export interface Strong {
  readonly kind: 'strong';
  readonly text: string;
}

/** A place to go to. Formats that are read without a browser show the text alone. */
export interface Link {
  readonly kind: 'link';
  readonly text: string;
  /** A path relative to the page, a fragment, or an http address: anything else is shown as text. */
  readonly href: string;
}

/** A small picture of how a figure went. Formats without pictures leave it out. */
export interface Spark {
  readonly kind: 'spark';
  /** Unique on a page: letters, digits and dashes. */
  readonly id: string;
  readonly chart: SparklineData;
}

/** How a row did. Renderers show it by a sign and a colour, never by the colour alone. */
export type Mark = 'good' | 'bad' | 'warning' | 'none';

/** What an item of a list starts with: how it did, or that it is something to do. */
export type Sign = Mark | 'action';

/** null is "no value here", which each format shows in its own way. */
export type Cell = Inline | null;

export interface Column {
  readonly title: string;
  /** Figures are aligned at their right end. @default 'left' */
  readonly align?: 'left' | 'right';
}

export interface Table {
  readonly kind: 'table';
  readonly caption: Inline | null;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface ListItem {
  /** null: one of several equal items. */
  readonly sign: Sign | null;
  readonly text: Inline;
  /** Evidence, one line each. */
  readonly details: readonly Inline[];
  /** Output of a program, shown as it is. */
  readonly output: string | null;
  /** A figure that the text holds as well and that a page sets apart, such as what the item saves. */
  readonly value?: Inline;
  /** What is needed once the item is chosen, such as a patch. Left out on the screen. */
  readonly more?: { readonly title: string; readonly blocks: readonly Block[] };
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly ListItem[];
}

/** A figure with its target, the heart of every report. */
export interface KeyFigure {
  readonly mark: Mark;
  readonly title: string;
  readonly value: Cell;
  readonly target: Limit | null;
  /** A few words next to the figures. */
  readonly note: Inline;
  /** One sentence: why it failed or has no value. */
  readonly reason: string | null;
  /** What the value is made of, at most a few lines. */
  readonly parts: readonly Inline[];
}

export interface KeyFigures {
  readonly kind: 'figures';
  /** What the rows are, as a column's title. */
  readonly of: string;
  readonly rows: readonly KeyFigure[];
}

export interface TimelineRow {
  readonly title: string;
  /** In the order of time; a moment has equal ends. */
  readonly spans: readonly { readonly name: string; readonly fromSeconds: number; readonly toSeconds: number }[];
}

/** Bars on one clock. `names` lists the kinds of spans, in the order of the legend. */
export interface Timeline {
  readonly kind: 'timeline';
  readonly names: readonly string[];
  readonly rows: readonly TimelineRow[];
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Inline;
}

/** Output or a patch, line by line. */
export interface CodeBlock {
  readonly kind: 'code';
  readonly text: string;
  /** Absent: output. */
  readonly language?: 'diff';
}

/** A picture, with all that it shows in words and figures. Formats without pictures show the description and the table. */
export interface ChartBlock {
  readonly kind: 'chart';
  /** Unique on a page: pages link to it. */
  readonly id: string;
  readonly chart: Chart;
  /** The figures of the picture. */
  readonly table: Table | null;
}

export type Block = Table | List | KeyFigures | Timeline | Paragraph | CodeBlock | ChartBlock;

export interface Section {
  /** Stable: pages link to it. */
  readonly id: string;
  readonly title: string;
  /** What everybody should see. */
  readonly summary: readonly Block[];
  /** The whole of it: folded away in Markdown, left out on the screen. */
  readonly details: readonly Block[];
  /** Whether a page folds the details as well: they are for few readers. @default false */
  readonly folded?: boolean;
}

export function quantity(value: number, unit: Unit): Quantity {
  return { kind: 'quantity', value, unit };
}

export function seconds(value: number): Quantity {
  return quantity(value, 'second');
}

/** @returns null for null */
export function quantityOrNull(value: number | null | undefined, unit: Unit): Quantity | null {
  return value === null || value === undefined ? null : quantity(value, unit);
}

export function limitOrNull(value: number | null, unit: Unit): Limit | null {
  return value === null ? null : { kind: 'limit', value, unit };
}

export function code(text: string): Code {
  return { kind: 'code', text };
}

export function link(text: string, href: string): Link {
  return { kind: 'link', text, href };
}

export function strong(text: string): Strong {
  return { kind: 'strong', text };
}

export function paragraph(text: Inline): Paragraph {
  return { kind: 'paragraph', text };
}

/** An item of a list; plain text if nothing else is given. */
export function item(text: Inline, more: Partial<ListItem> = {}): ListItem {
  return { sign: null, details: [], output: null, ...more, text };
}

/** A row of key figures: its title alone, unless more is given. */
export function keyFigure(title: string, more: Partial<KeyFigure> = {}): KeyFigure {
  return { mark: 'none', value: null, target: null, note: '', reason: null, parts: [], ...more, title };
}

/** @returns no block for no items, as all of these do */
export function list(items: readonly ListItem[]): readonly List[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

export function figures(of: string, rows: readonly KeyFigure[]): readonly KeyFigures[] {
  return rows.length === 0 ? [] : [{ kind: 'figures', of, rows }];
}

/** @param columns titles; those that begin with `>` are aligned right */
export function table(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  caption: Inline | null = null,
): readonly Table[] {
  if (rows.length === 0) return [];
  return [{ kind: 'table', caption, columns: columns.map(columnOf), rows }];
}

function columnOf(title: string): Column {
  return title.startsWith('>') ? { title: title.slice(1), align: 'right' } : { title };
}

/** A message of Paceline's own, in which backticks mark code. */
export function message(text: string): Inline {
  const parts = text.split('`');
  // Without its second half, a backtick is just a character.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, i) => (i % 2 === 0 ? part : code(part)));
}

/** Inlines with a separator between them. */
export function joined(parts: readonly Inline[], separator = ', '): Inline {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part]));
}

/** Whether it shows nothing. */
export function isEmpty(inline: Inline): boolean {
  if (typeof inline === 'string') return inline === '';
  return Array.isArray(inline) && (inline as readonly Inline[]).every(isEmpty);
}
