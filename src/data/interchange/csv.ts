/** CSV (RFC 4180) with a header. Only a column of values is required. The column names are those that tools use. */
import type { ExternalPoint } from '../../model/external-point.ts';
import { type CsvRow, csvRows, decimal } from './csv-rows.ts';
import { type Better, betterOf } from './direction.ts';
import {
  commitOf,
  isoTime,
  NAME,
  type ReadContext,
  type Reader,
  type ReadFigure,
  type Reading,
  unreadable,
} from './reading.ts';

const COLUMNS = {
  name: ['name', 'benchmark', 'command', 'scenario', 'test'],
  measure: ['measure', 'metric'],
  unit: ['unit', 'units'],
  better: ['better', 'direction'],
  value: ['value', 'median', 'seconds', 'duration', 'mean', 'score'],
  low: ['low', 'lower_value', 'min'],
  high: ['high', 'upper_value', 'max'],
  commit: ['commit', 'sha', 'revision'],
  /** `time` is last, because next to a date it may be a duration. */
  at: ['at', 'date', 'datetime', 'timestamp', 'time'],
} as const satisfies Record<keyof ExternalPoint, readonly string[]>;

type Column = keyof typeof COLUMNS;

/** Columns that distinguish figures with one name: parameters of hyperfine and JMH, groups of pytest-benchmark. */
const MARKS = /^(?:parameter_|param: ?|param$|params$|group$|mode$|threads$)/;

interface Columns {
  readonly of: Partial<Record<Column, number>>;
  readonly count: number;
  readonly measure: string;
  /** Index of a column `time` next to the `date` that is used. */
  readonly timeOfDay: number | undefined;
  /** Their indices, and the measure of their figures. */
  readonly marks: readonly { readonly index: number; readonly name: string }[];
}

const FAULTS = {
  neverClosed: 'a quote is opened but never closed',
  closedWithinCell: 'a quote is closed before its cell ends',
};

export const readCsv: Reader = (text, reading) => {
  const found = csvRows(text, (header) => columnsOf(header).of.value !== undefined);
  if (found.kind === 'faulty') throw unreadable(reading, `line ${found.line}`, FAULTS[found.quote]);
  const [header, ...rows] = found.rows;
  if (header === undefined) throw unreadable(reading, '', 'the file is empty');
  const columns = columnsOf(header.cells);
  if (columns.of.value === undefined) {
    throw unreadable(
      reading,
      `line ${header.line}`,
      `no column is called ${COLUMNS.value.map((name) => `\`${name}\``).join(' or ')}`,
    );
  }
  return rows.filter((row) => !isBlank(row) && !isComment(row, columns)).map((row) => figureOf(row, columns, reading));
};

export function writeCsv(points: readonly ExternalPoint[]): string {
  const names = Object.keys(COLUMNS) as Column[];
  const lines = points.map((point) => names.map((name) => quoted(String(point[name] ?? ''))).join(','));
  return [names.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function figureOf({ line, cells }: CsvRow, columns: Columns, reading: Reading): ReadFigure {
  const cell = (column: Column) => cells[columns.of[column] ?? cells.length] ?? '';
  const place = `line ${line}`;
  // One extra comma would move all later figures of the line into wrong columns.
  if (cells.slice(columns.count).some((more) => more !== '')) {
    throw unreadable(reading, place, `it has ${cells.length} cells, but the header has ${columns.count}`);
  }
  const name = cell('name') || reading.file;
  if (!NAME.safeParse(name).success) throw unreadable(reading, place, 'its name is longer than 1024 characters');
  const value = numberIn(cell('value'), place, reading);
  if (value === null) throw unreadable(reading, place, 'it has no value');
  const measure = cell('measure') || columns.measure;
  const unit = cell('unit') || (measure === 'duration' && columns.of.unit === undefined ? 's' : '');
  if (measure === 'duration' && value < 0) throw unreadable(reading, place, `its duration is ${value}, below 0`);
  const at = momentIn(cells, cell('at'), columns);
  return {
    point: {
      name,
      measure,
      unit,
      better: betterIn(cell('better'), place, reading) ?? betterOf({ unit, measure }),
      value,
      low: numberIn(cell('low'), place, reading),
      high: numberIn(cell('high'), place, reading),
      commit: commitOf(cell('commit'), place, reading),
      at: at === '' ? reading.at : isoTime(at, place, reading),
    },
    place,
    marks: columns.marks.flatMap(({ index, name }) => (cells[index] ? [`${name}=${cells[index]}`] : [])),
  };
}

function columnsOf(header: readonly string[]): Columns {
  const names = header.map((name) => name.toLowerCase());
  const of: Partial<Record<Column, number>> = {};
  for (const column of Object.keys(COLUMNS) as Column[]) {
    const known = COLUMNS[column].find((name) => names.includes(name));
    if (known !== undefined) of[column] = names.indexOf(known);
  }
  const value = of.value === undefined ? undefined : names[of.value];
  return {
    of,
    count: header.length,
    measure: value === 'value' || value === 'score' ? value : 'duration',
    timeOfDay: of.at !== undefined && names[of.at] === 'date' ? at(names.indexOf('time')) : undefined,
    marks: names.flatMap((name, index) =>
      MARKS.test(name) ? [{ index, name: header[index]!.replace(/^(?:parameter_|param: ?)/i, '') }] : [],
    ),
  };
}

function at(index: number): number | undefined {
  return index < 0 ? undefined : index;
}

/** Tables with a date and a time of day have a column for each. */
function momentIn(cells: readonly string[], date: string, { timeOfDay }: Columns): string {
  const time = timeOfDay === undefined ? '' : (cells[timeOfDay] ?? '');
  const isDay = /^\d{4}-\d\d-\d\d$/.test(date);
  return isDay && /^\d\d:\d\d(?:[:\d.,]*) *(?:Z|UTC|[+-]\d\d:?\d*)?$/i.test(time) ? `${date}T${time}` : date;
}

function isBlank({ cells }: CsvRow): boolean {
  return cells.every((cell) => cell === '');
}

function isComment({ cells }: CsvRow, { count }: Columns): boolean {
  return count > 1 && cells.length === 1 && cells[0]!.startsWith('#');
}

const DIRECTIONS: Readonly<Record<string, Better>> = {
  lower: 'lower',
  smaller: 'lower',
  less: 'lower',
  higher: 'higher',
  bigger: 'higher',
  larger: 'higher',
  more: 'higher',
};

/** @returns null for an empty cell */
function betterIn(text: string, place: string, context: ReadContext): Better | null {
  if (text === '') return null;
  const [word] = text.toLowerCase().split(/[\s_-]|(?=isbetter)/);
  const better = DIRECTIONS[word!];
  if (better !== undefined) return better;
  throw unreadable(context, place, `${JSON.stringify(text.slice(0, 40))} is neither "lower" nor "higher"`);
}

function numberIn(text: string, place: string, context: ReadContext): number | null {
  if (text === '') return null;
  const number = decimal(text);
  if (number !== null) return number;
  const hint = /^[-+]?\d+,\d+$/.test(text) ? ': write a decimal point, not a comma' : '';
  throw unreadable(context, place, `${JSON.stringify(text.slice(0, 40))} is not a number${hint}`);
}

/** Also quotes a first character that would turn the line into a comment. */
function quoted(text: string): string {
  return /[",;|\t\r\n]|^#|^\s|\s$|^sep=/i.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
