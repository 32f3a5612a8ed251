/** Fewer bars: those that are too many to draw are merged with their neighbours, the shortest first. */
import type { GanttBar } from './chart.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A bar as it is drawn: one bar, or several short ones that follow each other in a lane. */
export interface DrawnBar extends Mutable<GanttBar> {
  /** 1 for a bar of its own. */
  count: number;
}

/**
 * The bars of each lane, at most `limit` in all. Critical and long bars stay as they are. Of the rest, neighbours within a lane
 * become one bar. The gap that such a bar may hide starts at `gapSeconds`, and grows until everything fits.
 */
export function mergedBars(lanes: readonly (readonly GanttBar[])[], limit: number, gapSeconds: number): DrawnBar[][] {
  const total = lanes.reduce((sum, bars) => sum + bars.length, 0);
  if (total <= limit) return lanes.map((bars) => bars.map((bar) => ({ ...bar, count: 1 })));
  const kept = longest(lanes.flat(), Math.floor((limit - lanes.length) / 2));
  for (let gap = gapSeconds; ; gap = gap * 2) {
    const merged = lanes.map((bars) => mergedLane(bars, kept, gap));
    if (merged.reduce((sum, bars) => sum + bars.length, 0) <= limit || gap === Infinity) return merged;
    if (gap <= 0) gap = Number.MIN_VALUE;
  }
}

function longest(bars: readonly GanttBar[], count: number): ReadonlySet<GanttBar> {
  const weight = (bar: GanttBar) => Number(bar.critical ?? false);
  const sorted = [...bars].sort((a, b) => weight(b) - weight(a) || b.to - b.from - (a.to - a.from));
  return new Set(sorted.slice(0, Math.max(0, count)));
}

function mergedLane(bars: readonly GanttBar[], kept: ReadonlySet<GanttBar>, gap: number): DrawnBar[] {
  const drawn: DrawnBar[] = [];
  let open: DrawnBar | null = null;
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    if (kept.has(bar)) {
      open = null;
      drawn.push({ ...bar, count: 1 });
    } else if (open && bar.from - open.to <= gap) {
      open.to = Math.max(open.to, bar.to);
      open.count += 1;
      if (bar.failed) open.failed = true;
      if (bar.kind !== open.kind) open.kind = '';
    } else {
      open = { ...bar, count: 1, waited: null };
      drawn.push(open);
    }
  }
  return drawn.map((bar) => (bar.count === 1 ? bar : { ...bar, label: `${bar.count} short ones`, link: null }));
}
