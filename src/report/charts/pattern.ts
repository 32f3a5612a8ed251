/** A hatch for each series, so that bars of two kinds differ without their colour. */
import type { ChartOptions } from './chart.ts';
import { idOf } from './frame.ts';
import { el, type Svg } from './svg.ts';

/** Lines in a tile of 6 by 6. The first series is plain. */
const TILES: Readonly<Record<string, string>> = {
  'series-2': 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5',
  'series-3': 'M3 2.2V3.8',
  'series-4': 'M-1 -1L7 7M5 -1L7 1M-1 5L1 7',
  'series-5': 'M0 3H6',
  'series-6': 'M3 0V6',
  merged: 'M1.5 0V6M4.5 0V6',
};

/** Whether the series has a hatch. */
export function hasHatch(name: string): boolean {
  return name in TILES;
}

/** The hatches, to be filled with as `url(#<id>)`. */
export function hatches(options: ChartOptions): Svg {
  const tile = { width: 6, height: 6, patternUnits: 'userSpaceOnUse' };
  const drawn = Object.entries(TILES).map(([name, d]) =>
    el('pattern', { id: idOf(options, name), ...tile }, el('path', { d, class: 'hatch' })),
  );
  return el('defs', {}, drawn);
}
