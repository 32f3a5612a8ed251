/** Tables as HTML: figures aligned, rows with an id to link to, and wide ones scroll on their own. */
import type { Cell, Column, Table } from '../../blocks.ts';
import { plain, plainCell } from '../../text/plain.ts';
import type { Place } from './place.ts';
import { cellMarkup, inlineMarkup, sortValue } from './inline.ts';
import { markup, type Markup, NOTHING } from './markup.ts';

/** From this number of rows on, people look for one of them: the page's script adds a filter. */
const SEARCHED_ROWS = 8;

export function tableMarkup({ caption, columns, rows }: Table, { section, anchors }: Place): Markup {
  const name = caption === null ? columns.map(({ title }) => title).join(', ') : plain(caption);
  return markup`<div class="scroll" role="group" tabindex="0" aria-label="${name}"><table${rows.length >= SEARCHED_ROWS ? markup` data-search` : NOTHING}>
${caption === null ? NOTHING : markup`<caption>${inlineMarkup(caption)}</caption>`}<thead><tr>${columns.map(headerMarkup)}</tr></thead>
<tbody>${rows.map((row) => rowMarkup(row, columns, anchors.take(section, plainCell(row[0] ?? null))))}</tbody>
</table></div>
`;
}

function headerMarkup({ title, align }: Column): Markup {
  return markup`<th scope="col"${rightOf(align)}>${title === '' ? markup`<span class="hidden">Sign</span>` : title}</th>`;
}

function rowMarkup(row: readonly Cell[], columns: readonly Column[], id: string): Markup {
  const cells = row.map((cell, column) => {
    const value = sortValue(cell);
    const sorted = value === null ? NOTHING : markup` data-sort="${value}"`;
    const anchor =
      column === 0 ? markup`<a class="anchor" href="#${id}" tabindex="-1" aria-hidden="true">#</a>` : NOTHING;
    return markup`<td${rightOf(columns[column]?.align)}${sorted}>${cellMarkup(cell)}${anchor}</td>`;
  });
  return markup`
<tr id="${id}">${cells}</tr>`;
}

function rightOf(align: Column['align']): Markup {
  return align === 'right' ? markup` class="right"` : NOTHING;
}
