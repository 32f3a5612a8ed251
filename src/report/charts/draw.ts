/** The one entry to the charts: which function draws and which describes each kind. */
import { bars, describeBars } from './bars.ts';
import { type Chart, type ChartOptions, NARROW_PIXELS, WIDE_PIXELS } from './chart.ts';
import { curves, describeCurves } from './curves.ts';
import { describeGantt, gantt } from './gantt.ts';
import { describeIntervals, intervals } from './intervals.ts';
import { describePairs, pairs } from './pairs.ts';
import { describeSparkline, sparkline } from './sparkline.ts';
import { describeTrend, trend } from './trend.ts';

export interface Drawn {
  /** An svg element. Text in it is escaped, and it needs neither style nor script of its own. */
  readonly svg: string;
  /** What is not drawn, in one sentence; null if all is. */
  readonly leftOut: string | null;
}

export function drawChart(chart: Chart, options: ChartOptions): Drawn {
  switch (chart.kind) {
    case 'trend':
      return whole(trend(chart, options));
    case 'gantt':
      return ganttWithCounts(gantt(chart, options));
    case 'pairs':
      return whole(pairs(chart, options));
    case 'curves':
      return whole(curves(chart, options));
    case 'intervals':
      return whole(intervals(chart, options));
    case 'bars':
      return whole(bars(chart, options));
    case 'sparkline':
      return whole(sparkline(chart, options));
  }
}

/**
 * A phone's drawing and one for wider windows: letters that are scaled down to a phone's width cannot be read. The style shows the one
 * that fits; the other is hidden from everyone.
 */
export function drawBothWidths(chart: Chart, idPrefix: string): Drawn {
  const narrow = drawChart(chart, { idPrefix: `${idPrefix}-narrow`, widthPixels: NARROW_PIXELS });
  const wide = drawChart(chart, { idPrefix: `${idPrefix}-wide`, widthPixels: WIDE_PIXELS });
  return { svg: narrow.svg + wide.svg, leftOut: wide.leftOut };
}

/** One sentence from the chart's data, for those who do not see it. */
export function describeChart(chart: Chart): string {
  switch (chart.kind) {
    case 'trend':
      return describeTrend(chart);
    case 'gantt':
      return describeGantt(chart);
    case 'pairs':
      return describePairs(chart);
    case 'curves':
      return describeCurves(chart);
    case 'intervals':
      return describeIntervals(chart);
    case 'bars':
      return describeBars(chart);
    case 'sparkline':
      return describeSparkline(chart);
  }
}

function whole(svg: string): Drawn {
  return { svg, leftOut: null };
}

function ganttWithCounts({ svg, mergedBars, lanesLeftOut }: ReturnType<typeof gantt>): Drawn {
  const said = [
    ...(mergedBars > 0 ? [`${mergedBars} short bars are drawn together with their neighbours.`] : []),
    ...(lanesLeftOut > 0 ? [`${lanesLeftOut} more lanes are not drawn.`] : []),
  ];
  return { svg, leftOut: said.length === 0 ? null : said.join(' ') };
}
