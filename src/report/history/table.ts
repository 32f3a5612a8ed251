/** Tables of runs, series and alerts for terminals and pipes: one line a row, the last column cut to the width. */
import { layOut } from '../text/columns.ts';
import { oneLine } from '../text/foreign.ts';

/** @param width columns of the terminal; no line is longer unless all but its last column are */
export function table(header: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const cells = [header, ...rows.map((row) => row.map(oneLine))];
  const layout = layOut(
    cells,
    header.map(() => ({})),
    { width },
  );
  return cells.map((row) => `${layout.row(row)}\n`).join('');
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
