/** The one column layout of everything that is printed: summaries, histories, comparisons, progress. */
import { displayWidth, padEnd, padStart, truncate } from './width.ts';

export interface TextColumn {
  readonly align?: 'left' | 'right';
  /** No wider than this; what does not fit is cut and ends in "…". */
  readonly most?: number;
}

/** Colours a cell that is padded already. */
export type Paint = (cell: string, column: number) => string;

export interface Layout {
  /** A line without trailing spaces. */
  readonly row: (cells: readonly string[], paint?: Paint) => string;
  readonly widths: readonly number[];
}

const GAP = '  ';
/** Below this, a cut cell would say nothing. */
const LEAST_ROOM = 12;

/**
 * Lays out rows so that their columns line up. Rows of several tables may be given together, so that their figures stand in one line
 * down the page.
 * @param width terminal columns; the last column is cut to what is left of them
 */
export function layOut(
  rows: readonly (readonly string[])[],
  columns: readonly TextColumn[],
  { width = Number.POSITIVE_INFINITY }: { readonly width?: number } = {},
): Layout {
  const last = columns.length - 1;
  const widths = columns.map(({ most = Number.POSITIVE_INFINITY }, column) =>
    Math.min(most, Math.max(0, ...rows.map((cells) => displayWidth(cells[column] ?? '')))),
  );
  const before = widths.slice(0, last).reduce((sum, columnWidth) => sum + columnWidth + GAP.length, 0);
  const room = Math.max(LEAST_ROOM, width - before);
  const row = (cells: readonly string[], paint: Paint = (cell) => cell) => {
    const shown = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
    return shown.map((cell, column) => paint(padded(cell, column, shown.length - 1), column)).join(GAP);
  };
  const padded = (cell: string, column: number, lastShown: number) => {
    const cut = truncate(cell, column === last ? room : (columns[column]?.most ?? Number.POSITIVE_INFINITY));
    if (columns[column]?.align === 'right') return padStart(cut, widths[column] ?? 0);
    return column === lastShown ? cut : padEnd(cut, widths[column] ?? 0);
  };
  return { row, widths };
}
