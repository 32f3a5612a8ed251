/** Inlines as plain text, for terminals and for Temporal's UI. */
import { figure } from '../../format/figure.ts';
import type { Cell, Inline } from '../blocks.ts';
import { oneLine } from './foreign.ts';
import { NO_VALUE } from './marks.ts';

/** One line that a terminal does not obey: no control character of its own. */
export function plain(inline: Inline): string {
  return oneLine(raw(inline));
}

export function plainCell(cell: Cell): string {
  return cell === null ? NO_VALUE : plain(cell);
}

function raw(inline: Inline): string {
  if (typeof inline === 'string') return inline;
  if (isSequence(inline)) return inline.map(raw).join('');
  if (inline.kind === 'code' || inline.kind === 'strong' || inline.kind === 'link') return inline.text;
  if (inline.kind === 'spark') return '';
  const shown = figure(inline.value, inline.unit);
  return inline.kind === 'limit' ? `< ${shown}` : shown;
}

/** `Array.isArray` does not narrow a readonly array. */
export function isSequence(inline: Inline): inline is readonly Inline[] {
  return Array.isArray(inline);
}
