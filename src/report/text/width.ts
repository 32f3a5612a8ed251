/** Text measured in terminal columns. */

import stringWidth from 'string-width';

/** Terminal columns of a text; colours take none, wide characters and emoji take two. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** Cuts the text to a maximum number of columns; "…" marks the cut. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += displayWidth(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** A space, unless it stands between a figure and its unit. */
const BREAK = / (?!(?:min|[mµ]s|[hsB]|[kMGT]i?B|%)(?:[\s.,;:)]|$))/;

/** Lines with a maximum number of columns, broken at spaces. A longer word gets its own line, uncut, so that it can be copied. */
export function wrap(text: string, columns: number): string[] {
  const wrapped: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > columns) {
      wrapped.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...wrapped, line];
}
