/**
 * The rows of a CSV file (RFC 4180), each with the line where it begins. For imports and for `paceline detect`.
 * Tools separate by commas, semicolons, tabs or bars. Spreadsheets put `sep=;` above, and scripts put comments above.
 */
import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRow {
  /** Line in the text where the row begins, from 1 up. */
  readonly line: number;
  /** Without surrounding white space. */
  readonly cells: readonly string[];
}

export type CsvRows =
  | { readonly kind: 'rows'; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'faulty'; readonly line: number; readonly quote: 'neverClosed' | 'closedWithinCell' };

const DELIMITERS = /[,;\t|]/g;

/**
 * @param fits whether a header is the expected one. The first delimiter of the first line whose header fits is used, or else
 * the first delimiter.
 */
export function csvRows(text: string, fits: (header: readonly string[]) => boolean = () => true): CsvRows {
  const above = /^\u{feff}*(?:\s*#[^\n]*\n)*/u.exec(text)![0];
  const separator = /^sep=(.)\r?\n/i.exec(text.slice(above.length));
  const skipped = above.length + (separator?.[0].length ?? 0);
  const rest = text.slice(skipped);
  const line = 1 + lineEnds(text.slice(0, skipped));
  const delimiters = separator === null ? delimitersOf(rest) : [separator[1]!];
  const fitting = delimiters.find((delimiter) => fits(headerOf(rest, delimiter)));
  return parsed(rest, fitting ?? delimiters[0] ?? ',', line);
}

/** In the order of their appearance in the first line that is not blank. Quoted text does not count. */
function delimitersOf(text: string): string[] {
  const [first = ''] = /[^\r\n]*\S[^\r\n]*/.exec(text) ?? [];
  return [...new Set(first.replaceAll(/"[^"]*"/g, '').match(DELIMITERS))];
}

function headerOf(text: string, delimiter: string): readonly string[] {
  const head = parsed(text, delimiter, 1, 1);
  return head.kind === 'rows' ? (head.rows[0]?.cells ?? []) : [];
}

function parsed(text: string, delimiter: string, firstLine: number, most?: number): CsvRows {
  const bytes = Buffer.from(text);
  const rows: CsvRow[] = [];
  let line = firstLine;
  let from = 0;
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // A quote within a cell is an ordinary character, as in `5" disk`.
      relax_quotes: true,
      trim: true,
      ...(most === undefined ? {} : { to: most }),
      skip_empty_lines: most !== undefined,
      on_record: (cells: string[], info) => {
        if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells });
        // The parser's own line count counts a quoted CRLF twice.
        line += lineEnds(bytes.toString('utf8', from, info.bytes));
        from = info.bytes;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      kind: 'faulty',
      line,
      quote: error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'neverClosed' : 'closedWithinCell',
    };
  }
  return { kind: 'rows', rows };
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** `Number` accepts blanks and hexadecimal numbers. In a CSV file they are more likely a mistake. */
export function decimal(text: string): number | null {
  const value = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
