/** Text and values in one line as HTML. */
import { figure } from '../../../format/figure.ts';
import type { Cell, Inline } from '../../blocks.ts';
import { oneLine } from '../../text/foreign.ts';
import { isSafeHref } from '../../text/href.ts';
import { keepingSpaces } from '../../text/kept-spaces.ts';
import { NO_VALUE } from '../../text/marks.ts';
import { isSequence } from '../../text/plain.ts';
import { drawChart } from '../../charts/draw.ts';
import { markup, type Markup, trusted } from './markup.ts';

export function inlineMarkup(inline: Inline): Markup {
  if (typeof inline === 'string') return markup`${keepingSpaces(inline, oneLine)}`;
  if (isSequence(inline)) return markup`${inline.map(inlineMarkup)}`;
  switch (inline.kind) {
    case 'code':
      return markup`<code>${oneLine(inline.text)}</code>`;
    case 'strong':
      return markup`<strong>${oneLine(inline.text)}</strong>`;
    case 'quantity':
      return markup`<span class="figure">${figure(inline.value, inline.unit)}</span>`;
    case 'limit':
      return markup`<span class="figure">&lt; ${figure(inline.value, inline.unit)}</span>`;
    case 'spark':
      return trusted(drawChart(inline.chart, { idPrefix: inline.id }).svg);
    case 'link':
      return isSafeHref(inline.href)
        ? markup`<a href="${inline.href}">${oneLine(inline.text)}</a>`
        : markup`${oneLine(inline.text)}`;
  }
}

export function cellMarkup(cell: Cell): Markup {
  return cell === null ? markup`<span class="none" title="no value">${NO_VALUE}</span>` : inlineMarkup(cell);
}

/** What a table is sorted by where it holds a figure; null for text. */
export function sortValue(cell: Cell): number | null {
  if (cell === null || typeof cell === 'string') return null;
  if (isSequence(cell)) return cell.map(sortValue).find((value) => value !== null) ?? null;
  return cell.kind === 'quantity' || cell.kind === 'limit' ? cell.value : null;
}
