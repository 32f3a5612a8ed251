/** The closing summary on the screen. */
import type { RunResult } from '../../model/result.ts';
import {
  type Block,
  isEmpty,
  type KeyFigure,
  type KeyFigures,
  type ListItem,
  type Mark,
  type Section,
  type Table,
} from '../blocks.ts';
import { headline } from '../sections/headline.ts';
import { sectionsOf } from '../sections/index.ts';
import { type Layout, layOut } from '../text/columns.ts';
import { lines, oneLine } from '../text/foreign.ts';
import { MARKS, SIGNS } from '../text/marks.ts';
import { plain, plainCell } from '../text/plain.ts';
import { createStyle, type Style } from '../text/style.ts';
import { displayWidth, truncate, wrap } from '../text/width.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; the summary takes at most 100 and at least 60. */
  readonly width: number;
}

interface Page {
  readonly style: Style;
  readonly width: number;
  /** Shared by all key figures, so that they stand in one line down the page. */
  readonly figures: Layout;
}

/** The result as lines of text, ending in a line break. Without `color` it holds no escape code. */
export function renderResult(result: RunResult, options: TerminalOptions): string {
  const sections = sectionsOf(result).filter(({ summary }) => summary.length > 0);
  const page = pageFor(sections, options);
  const parts = [headlineLines(result, page), ...sections.map((section) => sectionLines(section, page))];
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
}

/** Blocks on their own, such as a comparison's. */
export function renderBlocks(blocks: readonly Block[], options: TerminalOptions): string {
  const page = pageFor([{ id: '', title: '', summary: blocks, details: [] }], options);
  const parts = blocks.map((block) => blockLines(block, page));
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
}

function pageFor(sections: readonly Section[], { color, width: columns }: TerminalOptions): Page {
  const width = Math.min(100, Math.max(60, columns));
  const rows = sections
    .flatMap(({ summary }) => summary)
    .filter((block): block is KeyFigures => block.kind === 'figures')
    .flatMap((block) => block.rows)
    .filter((row) => !isSentence(row));
  const figures = layOut(rows.map(figureCells), [{ most: Math.floor(width * 0.4) }, { align: 'right' }, {}, {}], {
    width: width - INDENT,
  });
  return { style: createStyle(color), width, figures };
}

/** Two spaces, a sign of two columns, a space. */
const INDENT = 5;

function headlineLines(result: RunResult, { style, width }: Page): string[] {
  const { mark, verdict, subject, summary } = headline(result);
  return [
    `${MARKS[mark]} ${painted(mark, style.bold(verdict), style)}  ${oneLine(subject)}`,
    ...wrap(oneLine(summary), width - 3).map((line) => `   ${line}`),
  ];
}

function sectionLines({ title, summary }: Section, page: Page): string[] {
  return [page.style.bold(title), ...summary.flatMap((block) => blockLines(block, page))];
}

function blockLines(block: Block, page: Page): string[] {
  switch (block.kind) {
    case 'figures':
      return block.rows.flatMap((row) => keyFigureLines(row, page));
    case 'list':
      return block.items.flatMap((each) => itemLines(each, page));
    case 'table':
      return tableLines(block, page);
    case 'paragraph':
      return wrap(plain(block.text), page.width);
    case 'code':
      return lines(block.text).map((line) => page.style.dim(`    ${line}`));
    case 'chart':
      return block.table === null ? [] : tableLines(block.table, page);
    case 'timeline':
      // Bars need more room than a summary has: files show them.
      return block.rows.map(({ title, spans }) => `  ${oneLine(title)}: ${spans.map(({ name }) => name).join(', ')}`);
  }
}

/** A row with nothing for the columns reads as a sentence. */
function isSentence({ value, target, note }: KeyFigure): boolean {
  return value === null && target === null && isEmpty(note);
}

function figureCells({ title, value, target, note }: KeyFigure): readonly string[] {
  return [oneLine(title), plainCell(value), target === null ? '' : plain(target), plain(note)];
}

function keyFigureLines(row: KeyFigure, page: Page): string[] {
  const { style, width, figures } = page;
  if (isSentence(row)) {
    const text = row.reason === null ? row.title : `${row.title}: ${row.reason}`;
    return hanging(`  ${MARKS[row.mark]} `, oneLine(text), width).map(style.dim);
  }
  // The reason of what simply was not measured stands in the row where it fits; a failure gets lines of its own.
  const room = width - INDENT - figures.widths.slice(0, 3).reduce((sum, columns) => sum + columns + 2, 0);
  const reason = row.reason === null ? '' : oneLine(row.reason);
  const fits = row.mark === 'none' && reason !== '' && displayWidth(reason) <= Math.max(12, room);
  const line = figures.row(figureCells(fits ? { ...row, note: reason } : row), (cell, column) => {
    if (column === 1) return painted(row.mark, cell, style);
    return column > 1 ? style.dim(cell) : cell;
  });
  return [
    `  ${MARKS[row.mark]} ${line}`,
    ...(fits || reason === ''
      ? []
      : wrap(reason, width - INDENT).map((text) => `     ${row.mark === 'bad' ? text : style.dim(text)}`)),
    ...row.parts.map((part) => style.dim(`       ${truncate(plain(part), width - 7)}`)),
  ];
}

function itemLines({ sign, text, details, output }: ListItem, { style, width }: Page): string[] {
  const start = hanging(`  ${sign === null ? '·' : SIGNS[sign].trim()} `, plain(text), width);
  return [
    ...(sign === 'warning' ? start.map(style.yellow) : start),
    ...details.flatMap((detail) => hanging('      ', plain(detail), width)).map(style.dim),
    ...(output === null
      ? []
      : lines(output)
          .filter((line) => line !== '')
          .map((line) => style.dim(`        ${line}`))),
  ];
}

function tableLines({ caption, columns, rows }: Table, { style, width }: Page): string[] {
  const cells = rows.map((row) => row.map(plainCell));
  const header = columns.map(({ title }) => title);
  const layout = layOut([header, ...cells], columns, { width });
  return [
    ...(caption === null ? [] : wrap(plain(caption), width)),
    style.dim(layout.row(header)),
    ...cells.map((row) => layout.row(row)),
  ];
}

/** A wrapped paragraph whose first line starts with a sign; the others are indented to stand under it. */
function hanging(start: string, text: string, width: number): string[] {
  const indent = displayWidth(start);
  return wrap(text, width - indent).map((line, i) => (i === 0 ? start : ' '.repeat(indent)) + line);
}

const COLORS = { good: 'green', bad: 'red', warning: 'yellow', none: 'dim' } as const satisfies Record<
  Mark,
  keyof Style
>;

function painted(mark: Mark, text: string, style: Style): string {
  return style[COLORS[mark]](text);
}
