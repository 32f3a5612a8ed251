/** A project: its total first, then each figure, what is open, what to do, and the newest runs. */
import { METRICS, type MetricName } from '../../model/measurement.ts';
import type { Advice, RunResult } from '../../model/result.ts';
import { type Block, type Cell, item, link, list, paragraph, quantity, type Section, table } from '../blocks.ts';
import type { Page } from '../page.ts';
import { headline } from '../sections/headline.ts';
import { seriesOf } from '../history/alerts.ts';
import { trendChart } from '../trend-chart.ts';
import type { Trend } from '../../model/trend.ts';
import { adviceList, type AlertRow, alertsList, type RunRow, runsTable } from './lines.ts';
import { minute } from '../text/minute.ts';
import { comparisonPath, figurePath, type GoTo, runPath, runsPath, trailTo } from './paths.ts';

export interface ComparisonLine {
  readonly runId: string;
  readonly startedAt: string;
  readonly title: string;
}

export interface ProjectView {
  readonly project: string;
  /** Of the newest finished run; null if none has finished. */
  readonly newest: RunResult | null;
  /** Of that run, with what was verified since. */
  readonly advice: readonly Advice[];
  /** Of all series of the project. */
  readonly trends: readonly Trend[];
  readonly alerts: readonly AlertRow[];
  /** Newest first. */
  readonly runs: readonly RunRow[];
  readonly allRuns: number;
  readonly comparisons: readonly ComparisonLine[];
}

const SHOWN_ALERTS = 10;
const SHOWN_ADVICE = 5;
export const SHOWN_RUNS = 15;
const SHOWN_COMPARISONS = 10;

/** What people ask for first. Other metrics follow. */
const ORDER: readonly MetricName[] = [
  'total.duration',
  'build.cold.duration',
  'build.warm.duration',
  'startup.duration',
  'test.duration',
  'trial.duration',
];

export function projectPage(view: ProjectView, go: GoTo): Page {
  const { project, newest, runs, allRuns, trends } = view;
  const shown = figuresOf(trends);
  const count = `${allRuns} ${allRuns === 1 ? 'run' : 'runs'}`;
  const [last] = runs;
  return {
    title: project,
    trail: trailTo(null, go),
    headline: newest === null ? null : { ...headline(newest), subject: project },
    about: [
      `${count}, `,
      ...(last === undefined
        ? ['none is shown']
        : ['the newest of ', go(`${minute(last.startedAt)} UTC`, runPath(last.runId))]),
      '. ',
      go('All runs', runsPath(project)),
    ],
    lead: [alertsSection(view, go), ...adviceSection(view)],
    sections: [
      {
        id: 'trends',
        title: 'Trends',
        summary:
          shown.length === 0
            ? [paragraph('No run has a figure yet.')]
            : shown.flatMap((trend) => figureBlocks(trend, go)),
        details: [],
      },
      ...othersSection(trends, shown, go),
      ...runsSection(view, go),
      ...comparisonsSection(view, go),
    ],
  };
}

/** Of each figure the series with the newest run: the host that is used today. */
function figuresOf(trends: readonly Trend[]): readonly Trend[] {
  const groups = Map.groupBy(trends, ({ key }) => `${key.metric} ${key.scenario ?? ''}`);
  const newest = [...groups.values()].map((group) => group.toSorted((a, b) => (lastAt(a) < lastAt(b) ? 1 : -1))[0]!);
  const rank = ({ key }: Trend) =>
    (ORDER.indexOf(key.metric) + 1 || ORDER.length + 1) * 2 + (key.scenario === null ? 0 : 1);
  return newest.toSorted((a, b) => rank(a) - rank(b) || (a.title < b.title ? -1 : 1));
}

function lastAt({ points }: Trend): string {
  return points.at(-1)?.at ?? '';
}

function figureBlocks(trend: Trend, go: GoTo): readonly Block[] {
  const { key, id, points } = trend;
  if (points.length === 0) return [];
  const more = go('Changes, alerts and branches', figurePath(key.project, id));
  const chart = trendChart(trend, null, (runId) => go('', runPath(runId)).href);
  return [{ kind: 'chart', id: `trend-${id}`, chart, table: null }, paragraph(more)];
}

function alertsSection({ alerts, trends, project }: ProjectView, go: GoTo): Section {
  const known = new Set(trends.map(({ id }) => id));
  const shown = alerts.filter(({ alert }) => alert.state !== 'cleared').slice(0, SHOWN_ALERTS);
  const rest = alerts.length - shown.length;
  const blocks = alertsList(shown, go, known);
  return {
    id: 'alerts',
    title: 'Alerts',
    summary: [
      ...(blocks.length > 0 ? blocks : [paragraph('No change was found that is worth an alert.')]),
      ...(rest > 0
        ? [
            paragraph(
              `${rest} older or cleared ${rest === 1 ? 'alert is' : 'alerts are'} not shown: "paceline history regressions --all --project ${project}" lists them.`,
            ),
          ]
        : []),
    ],
    details: [],
  };
}

function adviceSection({ advice, newest }: ProjectView): readonly Section[] {
  if (newest === null) return [];
  const blocks = adviceList(advice, SHOWN_ADVICE);
  const summary = blocks.length > 0 ? blocks : [paragraph('The newest run shows nothing that would save time.')];
  return [{ id: 'advice', title: 'What to do', summary, details: [] }];
}

/** The same figures on other hosts, in other lanes, or from another source. */
function othersSection(trends: readonly Trend[], shown: readonly Trend[], go: GoTo): readonly Section[] {
  const others = trends.filter(({ id }) => !shown.some((trend) => trend.id === id));
  const rows = others.map(({ id, key, title, points }): readonly Cell[] => [
    go(title, figurePath(key.project, id)),
    seriesOf(key),
    quantity(points.at(-1)?.value ?? 0, METRICS[key.metric].unit),
    points.length === 0 ? null : minute(lastAt({ points } as Trend)),
    String(points.length),
  ]);
  const blocks = table(['Figure', 'Measured on', '>Newest', 'Newest run (UTC)', '>Runs'], rows);
  return blocks.length === 0
    ? []
    : [{ id: 'hosts', title: 'Other hosts and conditions', summary: blocks, details: [] }];
}

function runsSection({ runs, allRuns, project }: ProjectView, go: GoTo): readonly Section[] {
  const blocks = runsTable(runs.slice(0, SHOWN_RUNS), go);
  if (blocks.length === 0) return [];
  const all = allRuns > SHOWN_RUNS ? [paragraph(go(`All ${allRuns} runs`, runsPath(project)))] : [];
  return [{ id: 'runs', title: 'Newest runs', summary: [...blocks, ...all], details: [] }];
}

function comparisonsSection({ comparisons }: ProjectView, go: GoTo): readonly Section[] {
  const shown = comparisons.slice(0, SHOWN_COMPARISONS);
  const items = shown.map(({ runId, startedAt, title }) =>
    item([link(minute(startedAt), go('', comparisonPath(runId)).href), ` ${title}`]),
  );
  return items.length === 0 ? [] : [{ id: 'comparisons', title: 'Comparisons', summary: list(items), details: [] }];
}
