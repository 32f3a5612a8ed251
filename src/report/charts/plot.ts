/** The area that marks are drawn in, with its axes. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { numberTicks, type Shown, type Tick } from './axis.ts';
import { textPixels } from './frame.ts';
import { el, type Svg } from './svg.ts';

export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export type Scale = ScaleLinear<number, number>;

export function scale(domain: readonly [number, number], from: number, to: number): Scale {
  return scaleLinear(domain[1] > domain[0] ? domain : [domain[0] - 1, domain[0] + 1], [from, to]);
}

/** Lines across the area at round values, with their numbers to the left. */
export function valueAxis(domain: readonly [number, number], shown: Shown, y: Scale, area: Area): Svg {
  const ticks = numberTicks(domain[0], domain[1], (area.bottom - area.top) / 40, shown);
  return el(
    'g',
    { class: 'axis', 'aria-hidden': 'true' },
    ticks.flatMap(({ at, text }) => [
      el('line', { x1: area.left, x2: area.right, y1: y(at), y2: y(at), class: 'grid' }),
      el('text', { x: area.left - 7, y: y(at) + 4, class: 'tick end' }, text),
    ]),
  );
}

/** Room that the numbers of a value axis need at its left. */
export function axisPixels(domain: readonly [number, number], shown: Shown, height: number): number {
  const ticks = numberTicks(domain[0], domain[1], height / 40, shown);
  return Math.max(24, ...ticks.map(({ text }) => textPixels(text) + 10));
}

/** Marks below the area, with their text. Ticks whose text would touch the one before are drawn without text. */
export function bottomAxis(ticks: readonly Tick[], x: Scale, area: Area, word: string | null, grid = false): Svg {
  let free = -Infinity;
  const wordStart = word === null ? Infinity : area.right - textPixels(word) - 8;
  const drawn = ticks.flatMap(({ at, text }) => {
    const center = x(at);
    const half = textPixels(text) / 2;
    const line = grid
      ? el('line', { x1: center, x2: center, y1: area.top, y2: area.bottom + 4, class: 'grid' })
      : el('line', { x1: center, x2: center, y1: area.bottom, y2: area.bottom + 4, class: 'axis-line' });
    if (center - half < free || center + half > wordStart) return [line];
    free = center + half + 8;
    return [line, el('text', { x: center, y: area.bottom + 17, class: 'tick middle' }, text)];
  });
  return el(
    'g',
    { class: 'axis', 'aria-hidden': 'true' },
    el('line', { x1: area.left, x2: area.right, y1: area.bottom, y2: area.bottom, class: 'axis-line' }),
    drawn,
    word === null ? null : el('text', { x: area.right, y: area.bottom + 17, class: 'unit end' }, word),
  );
}
