/** The history of the run's figures up to this run: levels, the band of noise, changes, and the targets. */
import { METRICS } from '../../model/measurement.ts';
import type { Trend } from '../../model/trend.ts';
import { type Block, type Cell, code, quantity, table } from '../blocks.ts';
import { minute } from '../text/minute.ts';
import { trendChart } from '../trend-chart.ts';
import type { SectionMaker } from './section.ts';

export const trends: SectionMaker = {
  id: 'trends',
  title: 'Trends',
  make: ({ runId }, { trends: all }) => ({
    details: all.filter(({ points }) => points.length > 1).flatMap((trend) => trendBlocks(trend, runId)),
  }),
};

/** Rows of the table: the newest. */
const SHOWN_POINTS = 10;

export function trendBlocks(trend: Trend, runId: string | null): readonly Block[] {
  const { unit } = METRICS[trend.key.metric];
  const newest = trend.points.slice(-SHOWN_POINTS).toReversed();
  const [shown] = table(
    ['Run', 'Commit', 'Started (UTC)', '>Value', ''],
    newest.map(({ runId: of, commit, at, value, disturbed }): readonly Cell[] => [
      code(of.slice(0, 8)),
      commit === null ? null : code(commit.slice(0, 7)),
      minute(at),
      quantity(value, unit),
      [of === runId ? 'this run' : '', disturbed === null ? '' : `disturbed: ${disturbed}`].filter(Boolean).join('; '),
    ]),
    trend.points.length > SHOWN_POINTS ? `The newest ${SHOWN_POINTS} of ${trend.points.length} runs.` : null,
  );
  return [{ kind: 'chart', id: `trend-${trend.id}`, chart: trendChart(trend, runId), table: shown ?? null }];
}
