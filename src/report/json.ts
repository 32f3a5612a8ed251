import type { RunResult } from '../model/result.ts';

/**
 * The result as result.json and `--json` have it: two spaces, a closing line break, the same text for the same result.
 * Control characters that JSON leaves as they are (C1, bidirectional overrides) are escaped, for it may be read on a terminal.
 */
export function renderJson(result: RunResult): string {
  return `${JSON.stringify(result, null, 2).replace(RAW, escape)}\n`;
}

/** Line breaks apart, which are the layout's own, all of them can only stand inside strings. */
const RAW = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
