import type { FactsFile } from '../../analysis/facts-file.ts';
import type { RunResult } from '../../model/result.ts';

/** The result as result.json and `--json` have it. */
export function renderJson(result: RunResult): string {
  return rendered(result);
}

/** Any value of another tool's JSON, with the same care. */
export function renderValue(value: unknown): string {
  return rendered(value);
}

/** facts.json. Tables of tests, with a number for each of up to 20,000 tests in each column, stand on one line. */
export function renderFacts(file: FactsFile): string {
  const tables: string[] = [];
  const text = rendered(file, (key, value: unknown) => {
    if (key !== 'table' || typeof value !== 'object' || value === null) return value;
    tables.push(escaped(JSON.stringify(value)));
    return `(table ${tables.length - 1})`;
  });
  // A quote within a string has a backslash before it: this is a key of its own.
  return text.replace(/"table": "\(table (\d+)\)"/g, (_, index: string) => `"table": ${tables[Number(index)]}`);
}

/**
 * Two spaces, a closing line break, the same text for the same value. Control characters that JSON leaves as they are (C1,
 * bidirectional overrides) are escaped, since it may be read on a terminal.
 */
function rendered(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return `${escaped(JSON.stringify(value, replacer, 2))}\n`;
}

function escaped(json: string): string {
  return json.replace(RAW, escape);
}

/** Apart from line breaks, which belong to the layout, all of them can only stand inside strings. */
const RAW = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
