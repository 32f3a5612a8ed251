/** CSV (RFC 4180) with a header. Only a column of values is needed; the names of columns are what tools call them. */
import type { ExternalPoint } from '../../model/external-point.ts';
import { isoTime, NAME, type ReadContext, type Reader, unreadable } from './reading.ts';

const COLUMNS = {
  name: ['name', 'benchmark', 'command', 'scenario', 'test'],
  measure: ['measure', 'metric'],
  unit: ['unit', 'units'],
  better: ['better'],
  value: ['value', 'median', 'seconds', 'duration', 'mean'],
  low: ['low', 'lower_value', 'min'],
  high: ['high', 'upper_value', 'max'],
  commit: ['commit', 'sha', 'revision'],
  at: ['at', 'date', 'time', 'timestamp', 'datetime'],
} as const satisfies Record<keyof ExternalPoint, readonly string[]>;

type Column = keyof typeof COLUMNS;

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export const readCsv: Reader = (text, context) => {
  const [header, ...rows] = rowsOf(text.replace(/^\u{feff}/u, ''), context);
  const columns = columnsOf(header?.cells ?? []);
  const valueColumn = columns.value;
  if (valueColumn === undefined) {
    throw unreadable(
      context,
      'line 1',
      `no column is called ${COLUMNS.value.map((name) => `\`${name}\``).join(' or ')}`,
    );
  }
  const measure = header!.cells[valueColumn]!.trim().toLowerCase() === 'value' ? 'value' : 'duration';
  return rows
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map((row) => pointOf(row, columns, measure, context));
};

export function writeCsv(points: readonly ExternalPoint[]): string {
  const names = Object.keys(COLUMNS) as Column[];
  const lines = points.map((point) => names.map((name) => quoted(String(point[name] ?? ''))).join(','));
  return [names.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function pointOf(
  { line, cells }: Row,
  columns: Partial<Record<Column, number>>,
  measure: string,
  context: ReadContext,
): ExternalPoint {
  const cell = (column: Column) => (columns[column] === undefined ? '' : (cells[columns[column]] ?? '').trim());
  const place = `line ${line}`;
  const at = cell('at');
  const name = cell('name') || context.file;
  if (!NAME.safeParse(name).success) throw unreadable(context, place, 'its name is longer than 1024 characters');
  const value = numberIn(cell('value'), place, context);
  if (value === null) throw unreadable(context, place, 'it has no value');
  return {
    name,
    measure: cell('measure') || measure,
    unit: cell('unit') || (measure === 'duration' && columns.unit === undefined ? 's' : ''),
    better: cell('better') === 'higher' ? 'higher' : 'lower',
    value,
    low: numberIn(cell('low'), place, context),
    high: numberIn(cell('high'), place, context),
    commit: cell('commit') || context.commit,
    at: at === '' ? context.at : isoTime(/^\d{10,13}(\.\d+)?$/.test(at) ? epochMs(at) : at, place, context),
  };
}

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> {
  const names = header.map((name) => name.trim().toLowerCase());
  const found: Partial<Record<Column, number>> = {};
  for (const column of Object.keys(COLUMNS) as Column[]) {
    const known = COLUMNS[column].find((name) => names.includes(name));
    if (known !== undefined) found[column] = names.indexOf(known);
  }
  return found;
}

function numberIn(text: string, place: string, context: ReadContext): number | null {
  if (text === '') return null;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw unreadable(context, place, `${JSON.stringify(text.slice(0, 40))} is no number`);
}

/** Seconds or milliseconds since 1970. */
function epochMs(digits: string): number {
  const number = Number(digits);
  return number < 1e11 ? number * 1000 : number;
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Quotes may hold commas, line ends and doubled quotes. */
function rowsOf(text: string, context: ReadContext): Row[] {
  const rows: Row[] = [];
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  let cell = '';
  const endRow = () => {
    rows.push({ line: start, cells: [...cells, cell] });
    cells = [];
    cell = '';
    start = line;
  };
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]!;
    if (character === '"' && cell === '') {
      const opened = line;
      for (i += 1; text[i] !== '"' || text[i + 1] === '"'; i += 1) {
        if (i >= text.length) throw unreadable(context, `line ${opened}`, 'a quote is opened and never closed');
        if (text[i] === '"') i += 1;
        if (text[i] === '\n') line += 1;
        cell += text[i];
      }
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      line += 1;
      endRow();
    } else if (character !== '\r') {
      cell += character;
    }
  }
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}
