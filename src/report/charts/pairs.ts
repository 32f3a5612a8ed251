/** Measurements in pairs, base against head: one line a pair, and the ratio over all of them with its interval. */
import { changeText, numberTicks, shownIn, valueText, wholeTicks } from './axis.ts';
import type { ChartOptions, Interval, Pair, PairsData } from './chart.ts';
import { drawable, drawing, fitted, isNarrow, type LegendEntry, legendOf, nothing, padded, widthOf } from './frame.ts';
import { diamond, dot, ring, rule } from './marks.ts';
import { type Area, axisPixels, bottomAxis, type Scale, scale, valueAxis } from './plot.ts';
import { el, type Svg, tip } from './svg.ts';

/** More pairs than this are evenly thinned; the ratio counts all of them. */
const MAX_PAIRS = 300;

export function pairs(data: PairsData, options: ChartOptions): string {
  const complete = data.pairs.map((pair, i) => ({ ...pair, number: i + 1 })).filter(isComplete);
  const sheet = { options, kind: 'pairs', title: data.title, description: describePairs(data) };
  if (complete.length === 0) return nothing(sheet);
  const width = widthOf(options);
  const drawn = complete.filter(
    (_, i) => complete.length <= MAX_PAIRS || i % Math.ceil(complete.length / MAX_PAIRS) === 0,
  );
  const domain = padded(drawn.flatMap(({ base, head }) => [base, head]));
  const shown = shownIn(data.unit, ...domain);
  const legend = legendOf([{ glyph: null, word: shown.word }, ...legendEntries(data, drawn)], width);
  const height = isNarrow(width) ? 150 : 180;
  const top = legend.height + 6;
  const area: Area = { left: axisPixels(domain, shown, height), right: width - 8, top, bottom: top + height };
  const x = scale([0.5, data.pairs.length + 0.5], area.left, area.right);
  const y = scale(domain, area.bottom, area.top);
  const ratio = ratioRow(data.ratio, area, area.bottom + 34);
  return drawing(
    { ...sheet, height: ratio ? area.bottom + 100 : area.bottom + 24 },
    legend.svg,
    valueAxis(domain, shown, y, area),
    bottomAxis(pairTicks(data.pairs.length, area), x, area, 'pair'),
    el(
      'g',
      {},
      drawn.map((pair) => pairMark(pair, x(pair.number), y, data)),
    ),
    ratio,
  );
}

/** One sentence: how many pairs, how many of them are higher on head, and the ratio. */
export function describePairs(data: PairsData): string {
  const complete = data.pairs.filter(isComplete).filter(({ excluded }) => !excluded);
  if (complete.length === 0) return `None of ${data.pairs.length} pairs is complete.`;
  const higher = complete.filter(({ base, head }) => head > base).length;
  const ratio = data.ratio ? `; ${ratioText(data.ratio)}` : '';
  return `In ${higher} of ${complete.length} pairs ${data.headLabel} is higher than ${data.baseLabel}${ratio}.`;
}

type Complete = Pair & { base: number; head: number };

function isComplete<P extends Pair>(pair: P): pair is P & Complete {
  return drawable(pair.base) !== null && drawable(pair.head) !== null;
}

function ratioText({ point, low, high }: Interval): string {
  return `change over all pairs: ${changeText(point - 1)}, between ${changeText(low - 1)} and ${changeText(high - 1)}`;
}

function pairTicks(count: number, area: Area) {
  return wholeTicks(1, count, (area.right - area.left) / 60);
}

function pairMark(pair: Complete, x: number, y: Scale, data: PairsData): Svg {
  const { base, head, label, excluded } = pair;
  const change = base > 0 ? `, ${changeText(head / base - 1)}` : '';
  const text = `${label ?? ''} ${data.baseLabel} ${valueText(base, data.unit)}, ${data.headLabel} ${valueText(head, data.unit)}${change}${excluded ? ', not counted' : ''}`;
  const tone = excluded ? 'muted' : head > base ? 'series-2' : 'series-1';
  return el(
    'g',
    {},
    tip(text.trim()),
    rule(x, y(base), x, y(head), tone, excluded ? 'dotted' : ''),
    ring(x, y(base), 3.2, 'muted'),
    excluded ? ring(x, y(head), 2, 'muted') : dot(x, y(head), 3.8, 'accent'),
  );
}

/** The change over all pairs, on its own axis around "no change". */
function ratioRow(ratio: Interval | null, area: Area, top: number): Svg | null {
  if (!ratio || [ratio.point, ratio.low, ratio.high].some((value) => drawable(value) === null)) return null;
  const reach = Math.max(Math.abs(ratio.low - 1), Math.abs(ratio.high - 1), 0.01) * 1.25;
  const x = scale([-reach, reach], area.left, area.right);
  const row: Area = { ...area, top: top + 18, bottom: top + 42 };
  const y = (row.top + row.bottom) / 2;
  const ticks = numberTicks(-reach, reach, (area.right - area.left) / 90, { size: 0.01, word: '' });
  const words = `change over all pairs: ${changeText(ratio.point - 1)} (${changeText(ratio.low - 1)} to ${changeText(ratio.high - 1)})`;
  return el(
    'g',
    {},
    el('text', { x: area.left, y: top + 10, class: 'label strong-label' }, fitted(words, area.right - area.left)),
    bottomAxis(ticks, x, row, 'percent'),
    rule(x(0), row.top, x(0), row.bottom, 'muted', 'dashed'),
    el(
      'g',
      {},
      tip(ratioText(ratio)),
      rule(x(ratio.low - 1), y, x(ratio.high - 1), y, 'accent', 'interval'),
      diamond(x(ratio.point - 1), y, 6, 'accent'),
    ),
  );
}

function legendEntries(data: PairsData, drawn: readonly Complete[]): LegendEntry[] {
  const line = (tone: 'series-1' | 'series-2', headAbove: boolean) => (x: number, y: number) =>
    el('g', {}, rule(x, y - 5, x, y + 5, tone), dot(x, headAbove ? y - 5 : y + 5, 2.2, 'accent'));
  return [
    { word: data.baseLabel, glyph: (x, y) => ring(x, y, 3.2, 'muted') },
    { word: data.headLabel, glyph: (x, y) => dot(x, y, 3.8, 'accent') },
    ...(drawn.some(({ base, head, excluded }) => head > base && !excluded)
      ? [{ word: 'higher', glyph: line('series-2', true) }]
      : []),
    ...(drawn.some(({ base, head, excluded }) => head <= base && !excluded)
      ? [{ word: 'lower', glyph: line('series-1', false) }]
      : []),
    ...(drawn.some(({ excluded }) => excluded)
      ? [{ word: 'not counted', glyph: (x: number, y: number) => rule(x, y - 6, x, y + 6, 'muted', 'dotted') }]
      : []),
  ];
}
