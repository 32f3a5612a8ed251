/** Charts: the picture, its description, and its table below it. */
import type { ChartBlock, Timeline } from '../../blocks.ts';
import type { Place } from './place.ts';
import { markup, type Markup } from './markup.ts';

export function chartMarkup(_block: ChartBlock, _place: Place): Markup {
  return markup``;
}

export function timelineMarkup(_block: Timeline, _place: Place): Markup {
  return markup``;
}
