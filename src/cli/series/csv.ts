/** A series as a column of CSV (RFC 4180; also with semicolons, tabs or bars), one run a line, oldest first. */
import { type CsvRow, csvRows } from '../../data/interchange/csv-rows.ts';
import { wrongUsage } from '../../model/failure.ts';

/**
 * @param column a name of the first line or a number counted from 1; not needed where there is one column alone
 * @throws PacelineError WrongUsage, naming the line
 */
export function seriesFromCsv(text: string, column: string | undefined): number[] {
  const found = csvRows(text);
  if (found.kind === 'faulty') {
    const what = found.quote === 'neverClosed' ? 'not closed' : 'closed before its cell ends';
    throw wrongUsage(`A quote in line ${found.line} is ${what}.`, 'Close it at the end of its cell.');
  }
  const [first, ...rest] = found.rows;
  if (first === undefined) throw wrongUsage('The input is empty.', 'Give JSON, {"series":[[…],…]}, or CSV on stdin.');
  const index = columnOf(first, column);
  const hasHeader = numberOf(first.cells[index] ?? '') === null && isHeader(first, column, rest.length);
  const rows = hasHeader ? rest : [first, ...rest];
  if (rows.length === 0) throw wrongUsage('The column has no values.', 'Give at least one line after the header.');
  return rows.map(({ line, cells }) => {
    const cell = cells[index]?.trim() ?? '';
    const value = numberOf(cell);
    if (value !== null) return value;
    const what = cell === '' ? 'is empty' : `is ${JSON.stringify(cell)}, no finite number`;
    throw wrongUsage(`Column ${column ?? index + 1} in line ${line} ${what}.`, 'Leave out runs that have no value.');
  });
}

/** A first line that is no number is a header, unless it looks like a value that is missing. */
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
    throw wrongUsage(`The input has ${cells.length} columns.`, `Say which with --column; the first line has ${names}.`);
  }
  const named = cells.indexOf(column);
  if (named >= 0) return named;
  const index = /^\d+$/.test(column) ? Number(column) - 1 : -1;
  if (index >= 0 && index < cells.length) return index;
  throw wrongUsage(`There is no column ${column}.`, `Give a number from 1 to ${cells.length}, or one of ${names}.`);
}

/** `Number` takes blanks and hexadecimals; a CSV that has them is more likely wrong. */
function numberOf(cell: string): number | null {
  const text = cell.trim();
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
