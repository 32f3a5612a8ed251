/** One figure of a project on one kind of host: the whole of its trend, its changes, its alerts, and the same by branch. */
import { METRICS } from '../../model/measurement.ts';
import { formatRatio } from '../../format/format-quantity.ts';
import { type Cell, code, type Inline, joined, paragraph, quantity, type Section, table } from '../blocks.ts';
import { seriesOf } from '../history/alerts.ts';
import type { Page } from '../page.ts';
import { trendChart } from '../trend-chart.ts';
import type { Trend } from '../../model/trend.ts';
import { type AlertRow, alertsList } from './lines.ts';
import { minute } from '../text/minute.ts';
import { figurePath, type GoTo, runPath, trailTo } from './paths.ts';

export interface FigureView {
  readonly trend: Trend;
  /** null: the runs of all branches. */
  readonly branch: string | null;
  /** Branches that have a page of their own. */
  readonly branches: readonly string[];
  /** Whether there are branches without one: they have too few runs of this figure. */
  readonly branchesLeftOut: number;
  readonly alerts: readonly AlertRow[];
}

const SHOWN_POINTS = 30;

export function figurePage(view: FigureView, go: GoTo): Page {
  const { trend, branch } = view;
  const { key, title, points } = trend;
  const chart = trendChart(trend, null, (runId) => go('', runPath(runId)).href);
  return {
    title: `${title} of ${key.project}${branch === null ? '' : `, ${branch}`}`,
    trail: trailTo(key.project, go),
    headline: null,
    about: seriesOf(key),
    lead: [],
    sections: [
      {
        id: 'trend',
        title: branch === null ? 'All branches' : `Branch ${branch}`,
        summary: [
          ...branchLinks(view, go),
          points.length === 0
            ? paragraph('No run has this figure.')
            : { kind: 'chart', id: 'trend-chart', chart, table: null },
        ],
        details: [],
      },
      levelsSection(trend, go),
      { id: 'alerts', title: 'Alerts and decisions', summary: decisions(view, go), details: [] },
      pointsSection(trend, go),
    ],
  };
}

function branchLinks({ trend, branch, branches, branchesLeftOut }: FigureView, go: GoTo) {
  if (branches.length === 0) return [];
  const of = (name: string | null): Inline =>
    name === branch ? (name ?? 'all') : go(name ?? 'all', figurePath(trend.key.project, trend.id, name));
  const left = branchesLeftOut === 0 ? '' : ` (${branchesLeftOut} more with few runs)`;
  return [paragraph(['By branch: ', joined([null, ...branches].map(of)), left])];
}

function levelsSection({ key, points, segments }: Trend, go: GoTo): Section {
  const { unit } = METRICS[key.metric];
  const rows = segments
    .map(({ first, last, level, low, high }, i): readonly Cell[] => {
      const [begin, before] = [points[first]!, segments[i - 1]];
      const change = before === undefined || before.level === 0 ? null : level / before.level - 1;
      return [
        go(minute(begin.at), runPath(begin.runId)),
        begin.commit === null ? null : code(begin.commit.slice(0, 7)),
        quantity(level, unit),
        change === null ? null : `${change < 0 ? '−' : '+'}${formatRatio(Math.abs(change))}`,
        [quantity(low, unit), ' to ', quantity(high, unit)],
        String(last - first + 1),
      ];
    })
    .toReversed();
  const shown = table(['Level since (UTC)', 'Commit', '>Level', '>Change', '>Nine of ten runs', '>Runs'], rows);
  return { id: 'levels', title: 'Levels', summary: shown.length > 0 ? shown : [paragraph('None.')], details: [] };
}

function decisions({ alerts, trend }: FigureView, go: GoTo) {
  const resets = (trend.events ?? []).filter(({ kind }) => kind === 'reset');
  const shown = [
    ...alertsList(alerts, go, new Set()),
    ...table(
      ['Reset (UTC)', 'Reason'],
      resets.map(({ at, reason }) => [minute(at), reason]),
    ),
  ];
  return shown.length > 0 ? shown : [paragraph('This figure has neither an alert nor a reset.')];
}

function pointsSection({ key, points }: Trend, go: GoTo): Section {
  const { unit } = METRICS[key.metric];
  const newest = points.slice(-SHOWN_POINTS).toReversed();
  const rows = newest.map(({ runId, at, commit, value, samples, disturbed }): readonly Cell[] => [
    go(minute(at), runPath(runId)),
    commit === null ? null : code(commit.slice(0, 7)),
    quantity(value, unit),
    String(samples),
    disturbed === null ? '' : `disturbed: ${disturbed}`,
  ]);
  const caption = points.length > newest.length ? `The newest ${newest.length} of ${points.length} runs.` : null;
  return {
    id: 'runs',
    title: 'Runs',
    summary: table(['Run began (UTC)', 'Commit', '>Value', '>Trials', ''], rows, caption),
    details: [],
  };
}
