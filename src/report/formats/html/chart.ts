/** Charts: the picture, its description, and its table below it. */
import type { ChartBlock, Timeline } from '../../blocks.ts';
import { type Chart, type GanttData, SERIES } from '../../charts/chart.ts';
import { describeChart, drawBothWidths, drawChart } from '../../charts/draw.ts';
import { markup, type Markup, NOTHING, trusted } from './markup.ts';
import type { Place } from './place.ts';
import { tableMarkup } from './table.ts';

export function chartMarkup({ id, chart, table }: ChartBlock, place: Place): Markup {
  const figures =
    table === null
      ? NOTHING
      : markup`<details><summary>The figures as a table</summary>${tableMarkup(table, place)}</details>`;
  return figureMarkup(place.anchors.take(place.section, id), chart, figures);
}

/** The timeline of the services' start-up. Its figures are in a table of their own. */
export function timelineMarkup({ names, rows }: Timeline, { section, anchors }: Place): Markup {
  const chart: GanttData = {
    kind: 'gantt',
    title: 'Timeline',
    kinds: names.map((name, i) => ({ id: name, label: name, series: SERIES[i % SERIES.length]! })),
    lanes: rows.map(({ title, spans }) => ({
      label: title,
      bars: spans.map(({ name, fromSeconds, toSeconds }) => ({
        from: fromSeconds,
        to: toSeconds,
        kind: name,
        label: name,
      })),
    })),
  };
  return figureMarkup(anchors.take(section, 'timeline'), chart, NOTHING);
}

function figureMarkup(id: string, chart: Chart, figures: Markup): Markup {
  const { svg, leftOut } = drawBothWidths(chart, id);
  return markup`<figure id="${id}">
<figcaption><h3>${chart.title}<a class="anchor" href="#${id}" aria-label="Link to ${chart.title}">#</a></h3><p>${describeChart(chart)}${leftOut === null ? NOTHING : markup` ${leftOut}`}</p></figcaption>
${trusted(svg)}
${enlarged(id, chart)}${figures}</figure>
`;
}

/** What a screen is too narrow for is drawn once more: to be scrolled sideways, without a script. */
const LARGE_PIXELS = 4_000;
const MANY_BARS = 20;

function enlarged(id: string, chart: Chart): Markup {
  if (chart.kind !== 'gantt' || chart.lanes.reduce((sum, { bars }) => sum + bars.length, 0) < MANY_BARS) return NOTHING;
  const { svg } = drawChart(chart, { idPrefix: `${id}-large`, widthPixels: LARGE_PIXELS });
  return markup`<details><summary>Zoom in</summary><div class="scroll zoom" role="group" tabindex="0" aria-label="${chart.title}, enlarged">${trusted(svg)}</div></details>
`;
}
