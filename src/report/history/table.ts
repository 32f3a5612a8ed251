/** Plain tables for terminals and pipes: one line a row, two spaces between columns, the last one cut to the width. */
import { oneLine } from '../text/foreign.ts';
import { displayWidth, padEnd, truncate } from '../text/width.ts';

/** @param width columns of the terminal; no line is longer unless all but its last column are */
export function table(header: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const lines = [header, ...rows.map((row) => row.map(oneLine))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))));
  const last = header.length - 1;
  const before = widths.slice(0, last).reduce((sum, columns) => sum + columns + 2, 0);
  const room = Math.max(12, width - before);
  return lines
    .map((line) => line.map((cell, column) => (column === last ? truncate(cell, room) : padEnd(cell, widths[column]!))))
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('');
}

/** "2026-03-01 02:30", in UTC. */
export function minute(at: string): string {
  return at.replace('T', ' ').slice(0, 16);
}

const SHORT = 8;

/**
 * The beginnings of ids that people type, as short as all of these differ: ids begin with a time, so runs that began in the same minute begin alike.
 * Commands take as much of an id as is clear.
 */
export function shortOf(ids: readonly string[]): (id: string) => string {
  const all = [...new Set(ids)];
  const longest = Math.max(SHORT, ...all.map((id) => id.length));
  let length = SHORT;
  while (length < longest && new Set(all.map((id) => id.slice(0, length))).size < all.length) length += 1;
  return (id) => id.slice(0, length);
}
