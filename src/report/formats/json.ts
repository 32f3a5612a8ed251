import type { FactsFile } from '../../analysis/facts-file.ts';
import type { RunResult } from '../../model/result.ts';

/** The result as result.json and `--json` have it. */
export function renderJson(result: RunResult): string {
  return rendered(result);
}

/** facts.json. */
export function renderFacts(file: FactsFile): string {
  return rendered(file);
}

/**
 * Two spaces, a closing line break, the same text for the same value. Control characters that JSON leaves as they are (C1,
 * bidirectional overrides) are escaped, since it may be read on a terminal.
 */
function rendered(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(RAW, escape)}\n`;
}

/** Apart from line breaks, which belong to the layout, all of them can only stand inside strings. */
const RAW = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
