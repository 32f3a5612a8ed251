/** Reads a series from a column of CSV (RFC 4180; also with semicolons, tabs or bars). One run per line, oldest first. */
import { type CsvRow, csvRows, decimal } from '../../data/interchange/csv-rows.ts';
import { wrongUsage } from '../../model/failure.ts';

/**
 * @param column a name from the first line, or a number from 1 up; not needed if there is only one column
 * @throws PacelineError WrongUsage, with the line number
 */
export function seriesFromCsv(text: string, column: string | undefined): number[] {
  const found = csvRows(text);
  if (found.kind === 'faulty') {
    const what = found.quote === 'neverClosed' ? 'not closed' : 'closed before its cell ends';
    throw wrongUsage(`A quote in line ${found.line} is ${what}.`, 'Close it at the end of its cell.');
  }
  const [first, ...rest] = found.rows;
  if (first === undefined) throw wrongUsage('The input is empty.', 'Pass JSON, {"series":[[…],…]}, or CSV on stdin.');
  const index = columnOf(first, column);
  const hasHeader = numberOf(first.cells[index] ?? '') === null && isHeader(first, column, rest.length);
  const rows = hasHeader ? rest : [first, ...rest];
  if (rows.length === 0) throw wrongUsage('The column has no values.', 'Add at least one line after the header.');
  return rows.map(({ line, cells }) => {
    const cell = cells[index]?.trim() ?? '';
    const value = numberOf(cell);
    if (value !== null) return value;
    const what = cell === '' ? 'is empty' : `is ${JSON.stringify(cell)}, which is not a finite number`;
    throw wrongUsage(`Column ${column ?? index + 1} in line ${line} ${what}.`, 'Leave out runs that have no value.');
  });
}

/** A first line without numbers is a header, unless it looks like missing values. */
function isHeader({ cells }: CsvRow, column: string | undefined, others: number): boolean {
  return (column !== undefined && cells.includes(column)) || (others > 0 && !cells.every(isMissing));
}

function isMissing(cell: string): boolean {
  return /^\s*(?:[-+]?(?:nan|inf(?:inity)?)|null|n\/?a|-)?\s*$/i.test(cell);
}

function columnOf({ cells }: CsvRow, column: string | undefined): number {
  const names = cells.map((name) => JSON.stringify(name)).join(', ');
  if (column === undefined) {
    if (cells.length === 1) return 0;
    throw wrongUsage(
      `The input has ${cells.length} columns.`,
      `Select one with --column. The first line has ${names}.`,
    );
  }
  const named = cells.indexOf(column);
  if (named >= 0) return named;
  const index = /^\d+$/.test(column) ? Number(column) - 1 : -1;
  if (index >= 0 && index < cells.length) return index;
  throw wrongUsage(`There is no column ${column}.`, `Use a number from 1 to ${cells.length}, or one of ${names}.`);
}

function numberOf(cell: string): number | null {
  return decimal(cell.trim());
}
