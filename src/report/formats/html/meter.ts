/** A value next to its target as a small bar. The figures next to it say the same: it is hidden from screen readers. */
import type { Mark } from '../../blocks.ts';
import { markup, type Markup } from './markup.ts';

const WIDTH = 88;
/** The target stands here, so that a value that misses it a little is seen to pass it. */
const TARGET_AT = 66;

export function meter(value: number, target: number, mark: Mark): Markup {
  if (!(target > 0) || !(value >= 0)) return markup``;
  const width = Math.min(WIDTH, (value / target) * TARGET_AT);
  return markup`<svg class="meter ${mark}" viewBox="0 0 ${WIDTH} 8" aria-hidden="true"><rect class="track" y="2" width="${WIDTH}" height="4"/><rect class="bar" y="2" width="${width.toFixed(1)}" height="4"/><path class="tick" d="M${TARGET_AT} 0v8"/></svg>`;
}
