/** Every page of a static site, with a digest of what it is made from: a page whose digest is known is not made again. */
import { createHash } from 'node:crypto';
import { comparisonsIn } from '../../data/comparisons.ts';
import { type CompareResult } from '../../model/comparison.ts';
import { VERDICTS } from '../../model/result.ts';
import type { Page } from '../../report/page.ts';
import { comparisonPage } from '../../report/pages/comparison.ts';
import { verificationPage } from '../../report/pages/verification.ts';
import { figurePage } from '../../report/pages/figure.ts';
import {
  comparisonPath,
  figurePath,
  type GoTo,
  HOME,
  linksFrom,
  projectPath,
  type RunsFilter,
  runPath,
  trailTo,
  runsPath,
} from '../../report/pages/paths.ts';
import { projectsPage } from '../../report/pages/projects.ts';
import { pagesOf, runsPage } from '../../report/pages/runs.ts';
import { shortRunPage } from '../../report/pages/short-run.ts';
import type { Store } from '../../store/store.ts';
import { branchesOf, type ProjectHistory, projectHistory, type Series } from '../project-history.ts';
import { runReport } from '../run-report.ts';
import { comparisonsOf, wholeProjectPage } from '../site.ts';
import { branchesOfFigure, figureView, matching, projectLine, runsView, shortRuns } from '../views.ts';

export interface PlannedPage {
  readonly path: string;
  readonly stamp: string;
  /** null: what it would show is gone meanwhile. */
  readonly make: (go: GoTo) => Page | null | Promise<Page | null>;
}

export interface ContentsOptions {
  readonly dataDirectory: string;
  /** null: all. */
  readonly projects: readonly string[] | null;
  /** Number of newest runs of each project with their whole report. */
  readonly reports: number;
}

/** Links of a page that is a file: they name the file, so that a folder can be opened without a server. */
export function linksOfFile(path: string): GoTo {
  return linksFrom(path, 'index.html');
}

/** In the order in which they are written: what a page links to comes before it. */
export async function contents(store: Store, options: ContentsOptions): Promise<readonly PlannedPage[]> {
  const histories: ProjectHistory[] = [];
  for (const project of options.projects ?? (await store.projects())) {
    const history = await projectHistory(store, project);
    if (history.runs.length > 0) histories.push(history);
  }
  const benchmarks = new Set(histories.flatMap(({ runs }) => runs.map(({ runId }) => runId)));
  const compared = await comparisonsIn(options.dataDirectory, (runId) => !benchmarks.has(runId));
  const pages: PlannedPage[] = [];
  for (const history of histories) pages.push(...(await pagesOfProject(store, history, compared, options)));
  const lines = histories.map(projectLine).filter((line) => line !== null);
  return [...pages, page(HOME, lines, (go) => projectsPage(lines, go))];
}

async function pagesOfProject(
  store: Store,
  history: ProjectHistory,
  compared: readonly CompareResult[],
  options: ContentsOptions,
): Promise<readonly PlannedPage[]> {
  const { project } = history;
  const ofProject = compared.filter((each) => each.project === project);
  const comparisons = await comparisonsOf(options.dataDirectory, history, ofProject);
  const stamp = { comparisons, ...ofWhole(history) };
  return [
    ...runPages(store, history, options.reports),
    ...ofProject.map((each) =>
      page(comparisonPath(each.runId), each, (go) => comparisonPage(each, trailTo(project, go))),
    ),
    ...verificationPages(store, history),
    ...history.series.flatMap((series) => figurePages(history, series)),
    ...listPages(history),
    page(projectPath(project), stamp, (go) => wholeProjectPage(store, history, comparisons, go)),
  ];
}

function runPages(store: Store, history: ProjectHistory, reports: number): readonly PlannedPage[] {
  const { runs, alerts, verifications } = history;
  const short = shortRuns(history);
  const decided = alerts.map(({ alert, acknowledged }) => ({
    at: alert.at,
    id: alert.id,
    state: alert.state,
    acknowledged,
  }));
  return runs.map((run, place) => {
    const path = runPath(run.runId);
    const view = short(run);
    if (place >= reports || run.verdict === null) return page(path, view, (go) => shortRunPage(view, go));
    const seen = decided.filter(({ at }) => at <= run.startedAt);
    const stamp = { whole: run, older: runs.length - place, seen, verifications };
    return page(path, stamp, (go) => runReport(store, run.runId, go));
  });
}

function verificationPages(store: Store, { verifications }: ProjectHistory): readonly PlannedPage[] {
  const ids = [...new Set(verifications.map(({ verifiedBy }) => verifiedBy))];
  return ids.map((id) =>
    page(comparisonPath(id), id, async (go) => {
      const result = await store.verification(id);
      return result === null ? null : verificationPage(result, trailTo(result.project, go));
    }),
  );
}

function figurePages(history: ProjectHistory, series: Series): readonly PlannedPage[] {
  const { shown } = branchesOfFigure(history, series);
  const branchOf = new Map(history.runs.map(({ runId, branch }) => [runId, branch]));
  return [null, ...shown].map((branch) => {
    const points = series.history.points.filter(({ runId }) => branch === null || branchOf.get(runId) === branch);
    const { events, alerts } = series.history;
    const acknowledged = history.alerts.filter(({ seriesId }) => seriesId === series.id);
    const stamp = { key: series.key, shown, points: digest(points), events, alerts, acknowledged, plan: history.plan };
    const path = figurePath(history.project, series.id, branch);
    return page(path, stamp, (go) => figurePage(figureView(history, series, branch), go));
  });
}

/** All runs; and those of each verdict, of each branch, and of each commit that ran more than once. */
function listPages(history: ProjectHistory): readonly PlannedPage[] {
  const { runs } = history;
  const commits = Map.groupBy(runs, ({ commit }) => commit);
  const filters: readonly (RunsFilter | null)[] = [
    null,
    ...VERDICTS.map((value) => ({ by: 'verdict', value }) as const),
    ...branchesOf(runs).map((value) => ({ by: 'branch', value }) as const),
    ...[...commits].flatMap(([value, of]) =>
      value === null || of.length < 2 || of.length === runs.length ? [] : [{ by: 'commit', value } as const],
    ),
  ];
  return filters.flatMap((filter) => listOf(history, filter));
}

function listOf({ project, runs }: ProjectHistory, filter: RunsFilter | null): readonly PlannedPage[] {
  const of = matching(runs, filter);
  if (of.length === 0) return [];
  const older = Array.from({ length: pagesOf(of.length) - 1 }, (_, i) => i + 1);
  return [...older, null].flatMap((number) => {
    const view = runsView({ project, runs }, filter, number, of);
    return view === null ? [] : [page(runsPath(project, filter, number), view, (go) => runsPage(view, go))];
  });
}

/** What the page of a project shows, without what is long. */
function ofWhole({ runs, series, alerts, verifications, plan }: ProjectHistory) {
  return {
    runs: runs.slice(0, 50),
    count: runs.length,
    series: series.map(({ id, history }) => [id, digest(history.points), history.events]),
    alerts,
    verifications,
    plan,
  };
}

function page(path: string, from: unknown, make: PlannedPage['make']): PlannedPage {
  return { path, stamp: digest(from), make };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
