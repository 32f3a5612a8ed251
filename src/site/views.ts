/** What each page shows, from the history of a project. */
import { VERDICTS } from '../model/result.ts';
import type { SeriesKey } from '../model/regression.ts';
import { targetOf, trendOf } from '../analysis/history/trend.ts';
import type { FigureView } from '../report/pages/figure.ts';
import type { RunRow } from '../report/history/runs.ts';
import type { RunsFilter } from '../report/pages/paths.ts';
import type { ProjectLine } from '../report/pages/projects.ts';
import { pageOfRuns, pagesOf, type RunsView } from '../report/pages/runs.ts';
import type { ShortRun } from '../report/pages/short-run.ts';
import { branchesOf, type ProjectHistory, type Series } from './project-history.ts';

/** With fewer runs a branch shows no trend. */
const FEWEST_OF_BRANCH = 5;
/** Each branch costs a page for each figure. Those that ran last have one. */
const MOST_BRANCHES = 10;
const SPARK_RUNS = 30;

export function projectLine({ project, runs, series, plan, openAlerts }: ProjectHistory): ProjectLine | null {
  const [newest] = runs;
  if (newest === undefined) return null;
  const totals = series
    .filter(({ key }) => key.metric === 'total.duration')
    .toSorted((a, b) => (lastAt(a) < lastAt(b) ? 1 : -1))[0];
  return {
    project,
    newest,
    totals: (totals?.history.points ?? []).slice(-SPARK_RUNS).map(({ value }) => value),
    target: targetOf({ metric: 'total.duration', scenario: null }, plan),
    openAlerts,
    runs: runs.length,
  };
}

function lastAt({ history }: Series): string {
  return history.points.at(-1)?.at ?? '';
}

/** Branches with enough runs of this figure, the one that ran last first; and how many have fewer. */
export function branchesOfFigure({ runs }: ProjectHistory, { history }: Series) {
  const branchOf = new Map(runs.map(({ runId, branch }) => [runId, branch]));
  const counts = new Map<string, number>();
  for (const { runId } of history.points.toReversed()) {
    const branch = branchOf.get(runId);
    if (branch != null) counts.set(branch, (counts.get(branch) ?? 0) + 1);
  }
  const enough = [...counts].filter(([, count]) => count >= FEWEST_OF_BRANCH).map(([branch]) => branch);
  // By name: their order must not change with each run.
  const shown = counts.size < 2 ? [] : enough.slice(0, MOST_BRANCHES).sort();
  return { shown, leftOut: counts.size < 2 ? 0 : counts.size - shown.length };
}

/** @param branch null: all of them */
export function figureView(project: ProjectHistory, series: Series, branch: string | null): FigureView {
  const { shown, leftOut } = branchesOfFigure(project, series);
  const alerts = project.alerts.filter(({ seriesId }) => seriesId === series.id);
  const common = { branch, branches: shown, branchesLeftOut: leftOut };
  if (branch === null) return { ...common, trend: project.trend(series), alerts };
  const of = new Set(project.runs.filter((run) => run.branch === branch).map(({ runId }) => runId));
  const points = series.history.points.filter(({ runId }) => of.has(runId));
  const history = { ...series.history, points, alerts: series.history.alerts.filter(({ runId }) => of.has(runId)) };
  return {
    ...common,
    trend: trendOf(series.key, history, targetOf(series.key, project.plan)),
    alerts: alerts.filter(({ alert }) => of.has(alert.runId)),
  };
}

export function matching(runs: readonly RunRow[], filter: RunsFilter | null): readonly RunRow[] {
  return filter === null ? runs : runs.filter((run) => run[filter.by] === filter.value);
}

/** @param of the runs that match, where they are known @returns null if there is no such page */
export function runsView(
  project: Pick<ProjectHistory, 'project' | 'runs'>,
  filter: RunsFilter | null,
  page: number | null,
  of: readonly RunRow[] = matching(project.runs, filter),
): RunsView | null {
  const pages = pagesOf(of.length);
  if (page !== null && (!Number.isInteger(page) || page < 1 || page >= pages)) return null;
  if (filter !== null && of.length === 0) return null;
  // Older pages stay as they are when runs are added.
  const isNewest = page === null;
  return {
    project: project.project,
    filter,
    place:
      page === null
        ? { kind: 'newest', count: of.length, pages }
        : { kind: 'older', page, isNextNewest: page + 1 === pages },
    runs: pageOfRuns(of, page),
    verdicts: isNewest ? VERDICTS.filter((verdict) => project.runs.some((run) => run.verdict === verdict)) : [],
    branches: isNewest ? branchesOf(project.runs) : [],
  };
}

interface FigureOfRun {
  readonly seriesId: string;
  readonly key: SeriesKey;
  readonly value: number;
  readonly disturbed: string | null;
}

/** For pages of many runs: each run's figures and alerts are found without a search. */
export function shortRuns({ series, alerts }: Pick<ProjectHistory, 'series' | 'alerts'>): (run: RunRow) => ShortRun {
  const figures = new Map<string, FigureOfRun[]>();
  for (const { id, key, history } of series) {
    for (const { runId, value, disturbed } of history.points) {
      const of = figures.get(runId) ?? [];
      of.push({ seriesId: id, key, value, disturbed });
      figures.set(runId, of);
    }
  }
  const alertsOf = Map.groupBy(alerts, ({ alert }) => alert.runId);
  return (run) => ({
    run,
    figures: figures.get(run.runId) ?? [],
    alerts: alertsOf.get(run.runId) ?? [],
    missing: run.verdict === null ? 'no result' : 'older run',
  });
}
