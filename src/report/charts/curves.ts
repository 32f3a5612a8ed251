/** Panels on one clock: CPU, memory, network and pressure, with the phases behind them. */
import { area as areaPath, line as linePath } from 'd3-shape';
import { numberTicks, shownIn, valueText } from './axis.ts';
import {
  type ChartOptions,
  type CurveLine,
  type CurvePanel,
  type CurvePoint,
  type CurvesData,
  type Phase,
  type Series,
} from './chart.ts';
import {
  drawable,
  drawing,
  fitted,
  isNarrow,
  type LegendEntry,
  legendOf,
  nothing,
  textPixels,
  widthOf,
} from './frame.ts';
import { rule } from './marks.ts';
import { type Area, bottomAxis, type Scale, scale, valueAxis } from './plot.ts';
import { el, type Svg, tip } from './svg.ts';
import { pieces, thinned } from './thin.ts';

const MAX_LINES = 6;
const AXIS_PIXELS = 46;
/** The second series looks like the line of a limit, so it comes last. */
const TONES: readonly Series[] = ['series-1', 'series-3', 'series-4', 'series-5', 'series-6', 'series-2'];
/** A dash for each line of a panel, since a colour alone would not distinguish them. */
const DASHES = ['', 'dash-2', 'dash-3', 'dash-4', 'dash-5', 'dash-6'];

export function curves(data: CurvesData, options: ChartOptions): string {
  const panels = data.panels.map(cleaned).filter(({ lines }) => lines.length > 0);
  const sheet = { options, kind: 'curves', title: data.title, description: describeCurves(data) };
  const clock = clockOf(panels, data.phases);
  if (!clock) return nothing(sheet);

  const width = widthOf(options);
  const x = scale(clock, AXIS_PIXELS, width - 8);
  const phases = data.phases.filter(({ from, to }) => drawable(from) !== null && drawable(to) !== null && to > from);
  let top = phases.length > 0 ? 20 : 4;
  const plotTop = top;
  const drawn = panels.map((panel) => {
    const panelDrawn = panelMark(panel, x, top, width);
    top = panelDrawn.bottom + 14;
    return panelDrawn.svg;
  });
  const area: Area = { left: AXIS_PIXELS, right: width - 8, top: plotTop, bottom: top - 6 };
  const shown = shownIn('second', 0, clock[1] - clock[0]);
  const ticks = numberTicks(0, clock[1] - clock[0], Math.max(2, width / 90), shown);
  return drawing(
    { ...sheet, height: area.bottom + 24 },
    phaseColumns(phases, x, area),
    drawn,
    bottomAxis(
      ticks.map(({ at, text }) => ({ at: at + clock[0], text })),
      x,
      area,
      shown.word,
    ),
  );
}

/** One sentence: each panel's highest value. */
export function describeCurves(data: CurvesData): string {
  const peaks = data.panels.map(cleaned).flatMap(({ label, unit, perSecond, lines }) => {
    const top = highest(lines);
    return top === null ? [] : [`${label} up to ${valueText(top, unit)}${perSecond ? ' per second' : ''}`];
  });
  if (peaks.length === 0) return 'Nothing was measured.';
  const during = data.phases.length === 0 ? '' : ` during ${data.phases.map(({ label }) => label).join(', ')}`;
  return `${peaks.join('; ')}${during}.`;
}

function cleaned(panel: CurvePanel): CurvePanel {
  const lines = panel.lines
    .slice(0, MAX_LINES)
    .map((line) => ({
      ...line,
      points: line.points
        .filter(({ at }) => drawable(at) !== null)
        .map(({ at, value }) => ({ at, value: drawable(value) }))
        .sort((a, b) => a.at - b.at),
    }))
    .filter(({ points }) => points.some(({ value }) => value !== null));
  return { ...panel, lines };
}

function highest(lines: readonly CurveLine[]): number | null {
  let top: number | null = null;
  for (const { value } of lines.flatMap(({ points }) => points))
    if (value !== null && (top === null || value > top)) top = value;
  return top;
}

function clockOf(panels: readonly CurvePanel[], phases: readonly Phase[]): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { at } of panels.flatMap(({ lines }) => lines).flatMap(({ points }) => points))
    [low, high] = [Math.min(low, at), Math.max(high, at)];
  if (low > high) return null;
  for (const { from, to } of phases)
    [low, high] = [Math.min(low, drawable(from) ?? low), Math.max(high, drawable(to) ?? high)];
  return [low, high];
}

function panelMark(panel: CurvePanel, x: Scale, top: number, width: number): { svg: Svg; bottom: number } {
  const peak = highest(panel.lines) ?? 0;
  const limit = drawable(panel.limit?.value);
  const nearLimit = limit !== null && limit <= peak * 2.5 ? limit : null;
  const domain: [number, number] = [0, Math.max(peak, nearLimit ?? 0) * 1.08 || 1];
  const shown = shownIn(panel.unit, ...domain);
  const several = panel.lines.length > 1;
  const legend = legendOf(
    [
      { glyph: null, word: `${panel.label}, ${shown.word}${panel.perSecond ? ' per second' : ''}`, strong: true },
      ...(several
        ? panel.lines.map(({ label }, i) => ({
            word: label,
            glyph: (gx: number, gy: number) => rule(gx - 7, gy, gx + 7, gy, TONES[i]!, DASHES[i]),
          }))
        : []),
      ...limitEntry(panel, nearLimit !== null),
    ],
    width,
  );
  const start = top + legend.height + 4;
  const area: Area = { left: AXIS_PIXELS, right: width - 8, top: start, bottom: start + (isNarrow(width) ? 62 : 76) };
  const y = scale(domain, area.bottom, area.top);
  const svg = el(
    'g',
    {},
    el('g', { transform: `translate(0 ${top})`, class: 'panel-head' }, legend.svg),
    valueAxis(domain, shown, y, area),
    panel.lines.map((line, i) => curve(line, i, panel, several, x, y)),
    nearLimit === null ? null : rule(area.left, y(nearLimit), area.right, y(nearLimit), 'warn', 'dashed'),
  );
  return { svg, bottom: area.bottom };
}

function curve(line: CurveLine, i: number, panel: CurvePanel, several: boolean, x: Scale, y: Scale): Svg {
  const kept = thinned(line.points, Math.floor(x.range()[1]! - x.range()[0]!), ({ at }) => Math.floor(x(at)));
  const found = pieces<CurvePoint>(kept);
  const stroke = linePath<CurvePoint>(
    ({ at }) => x(at),
    ({ value }) => y(value!),
  ).digits(1);
  const fill = areaPath<CurvePoint>(
    ({ at }) => x(at),
    y(0),
    ({ value }) => y(value!),
  ).digits(1);
  const top = highest([line]);
  return el(
    'g',
    {},
    tip(
      `${panel.label}${several ? `, ${line.label}` : ''}: up to ${top === null ? 'nothing' : valueText(top, panel.unit)}`,
    ),
    several ? null : el('path', { d: found.map((piece) => fill(piece)).join(''), class: `area c-${TONES[i]!}` }),
    el('path', {
      d: found.map((piece) => stroke(piece)).join(''),
      class: `stroke c-${TONES[i]!} ${DASHES[i]!}`.trim(),
    }),
  );
}

/** A limit far above the values is named, not drawn: it would press the curve flat. */
function limitEntry({ limit, unit }: CurvePanel, drawn: boolean): LegendEntry[] {
  if (drawable(limit?.value) === null) return [];
  const glyph = (x: number, y: number) => rule(x - 7, y, x + 7, y, 'warn', 'dashed');
  const word = `${limit!.label} ${valueText(limit!.value, unit)}`;
  return [drawn ? { word, glyph } : { word: `(${word}, above)`, glyph: null }];
}

function phaseColumns(phases: readonly Phase[], x: Scale, area: Area): Svg {
  let free = -Infinity;
  const drawn = phases.map(({ label, from, to }, i) => {
    const [start, end] = [x(from), x(to)];
    const text = fitted(label, Math.max(end - start - 4, 0));
    const shows = end - start > Math.min(textPixels(label), 40) && start >= free;
    if (shows) free = start + textPixels(text) + 4;
    return el(
      'g',
      {},
      tip(`${label}: ${valueText(to - from, 'second')}`),
      el('rect', {
        x: start,
        y: area.top - 16,
        width: end - start,
        height: area.bottom - area.top + 16,
        class: i % 2 === 0 ? 'phase' : 'phase phase-odd',
      }),
      rule(start, area.top - 16, start, area.bottom, 'muted', 'dotted'),
      shows ? el('text', { x: start + 4, y: area.top - 4, class: 'label' }, text) : null,
    );
  });
  return el('g', {}, drawn);
}
