/** A figure over its newest runs, as small as a word. */
import { line as linePath } from 'd3-shape';
import { valueText } from './axis.ts';
import type { ChartOptions, SparklineData } from './chart.ts';
import { drawable, drawing, padded } from './frame.ts';
import { dot, rule } from './marks.ts';
import { scale } from './plot.ts';
import { el } from './svg.ts';
import { pieces, thinned } from './thin.ts';

const WIDTH = 120;
const HEIGHT = 24;

/** Always of one width: it is part of a line of text or of a table. */
export function sparkline(data: SparklineData, options: ChartOptions): string {
  const points = data.values.map((value, at) => ({ at, value: drawable(value) }));
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const target = drawable(data.target);
  const sheet = {
    options: { ...options, widthPixels: WIDTH },
    kind: 'sparkline',
    title: data.title,
    description: describeSparkline(data),
    height: HEIGHT,
  };
  const domain = padded(values, 0.02);
  const x = scale([0, Math.max(1, points.length - 1)], 4, WIDTH - 5);
  const y = scale(domain, HEIGHT - 4, 4);
  const shape = linePath<(typeof points)[number]>(
    ({ at }) => x(at),
    ({ value }) => y(value!),
  ).digits(1);
  const kept = thinned(points, WIDTH, ({ at }) => Math.floor(x(at)));
  const last = points.findLast(({ value }) => value !== null);
  const shownTarget = target !== null && target >= domain[0] && target <= domain[1] ? y(target) : null;
  return drawing(
    sheet,
    shownTarget === null ? null : rule(0, shownTarget, WIDTH, shownTarget, 'warn', 'dashed'),
    last
      ? el('path', {
          d: pieces(kept)
            .map((piece) => shape(piece))
            .join(''),
          class: 'stroke c-series-1',
        })
      : rule(0, HEIGHT / 2, WIDTH, HEIGHT / 2, 'muted', 'dotted'),
    last ? dot(x(last.at), y(last.value!), 2.6, 'accent') : null,
  );
}

/** One sentence: how many values, the first and the newest. */
export function describeSparkline(data: SparklineData): string {
  const values = data.values.filter((value) => drawable(value) !== null);
  if (values.length === 0) return 'No value.';
  if (values.length === 1) return `One value, ${valueText(values[0]!, data.unit)}.`;
  return `${values.length} values, from ${valueText(values[0]!, data.unit)} to ${valueText(values.at(-1)!, data.unit)}.`;
}
