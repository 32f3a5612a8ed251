/**
 * The pages of a store: the same ones live (src/site/app.ts) and as files (src/site/write/). Each is found by its path; a page
 * links to others by paths relative to its own, so that a site works below any address and from a folder.
 *
 *     /                                       the projects
 *     /projects/PROJECT/                      a project: its trends, alerts, advice and newest runs
 *     /projects/PROJECT/runs/                 its runs; below it page/N/, verdict/V/, branch/B/ and commit/C/
 *     /projects/PROJECT/figures/SERIES/       one figure on one kind of host; below it branch/B/
 *     /runs/RUN/                              the report of a run
 *     /comparisons/RUN/                       a comparison, or a verification of advice
 *
 * src/report/pages/paths.ts makes these paths.
 */
import { comparisonsIn, readComparison } from '../data/comparisons.ts';
import type { CompareResult } from '../model/comparison.ts';
import type { Page } from '../report/page.ts';
import { comparisonPage } from '../report/pages/comparison.ts';
import { figurePage } from '../report/pages/figure.ts';
import { folderOf, type GoTo, linksFrom, type RunsFilter, trailTo } from '../report/pages/paths.ts';
import { type ComparisonLine, projectPage, SHOWN_RUNS } from '../report/pages/project.ts';
import { projectsPage } from '../report/pages/projects.ts';
import { runsPage } from '../report/pages/runs.ts';
import { shortRunPage } from '../report/pages/short-run.ts';
import { verificationPage } from '../report/pages/verification.ts';
import { heading, verdictWord } from '../report/comparison.ts';
import { withVerifications } from '../analysis/advice/with-verifications.ts';
import type { Store } from '../store/store.ts';
import { type ProjectHistory, projectHistory } from './project-history.ts';
import { runReport } from './run-report.ts';
import { branchesOfFigure, figureView, projectLine, runsView, shortRuns } from './views.ts';

export interface Site {
  /**
   * @param path begins and ends with a slash; decoded
   * @returns null if there is no such page
   * @throws PacelineError StoreUnavailable if the store cannot be read
   */
  page(path: string): Promise<Page | null>;
}

export interface SiteOptions {
  /** Where directories of runs are: comparisons are files there. */
  readonly dataDirectory: string;
}

export function createSite(store: Store, { dataDirectory }: SiteOptions): Site {
  return {
    page: async (path) => {
      const go = linksFrom(path);
      const parts = path.split('/').slice(1, -1);
      const [first, name, ...rest] = parts;
      if (first === undefined) return projectsPage(await projectLines(store, await store.projects()), go);
      if (name === undefined) return null;
      if (first === 'runs' && rest.length === 0) return storedRunPage(store, name, go);
      if (first === 'comparisons' && rest.length === 0) return storedComparisonPage(store, dataDirectory, name, go);
      if (first !== 'projects') return null;
      const project = (await store.projects()).find((each) => folderOf(each) === name);
      if (project === undefined) return null;
      const history = await projectHistory(store, project);
      return pageOfProject(store, dataDirectory, history, rest, go);
    },
  };
}

/** Lists need no more than this of each project. */
export async function projectLines(store: Store, projects: readonly string[]) {
  const lines = [];
  for (const project of projects) lines.push(projectLine(await projectHistory(store, project)));
  return lines.filter((line) => line !== null);
}

async function pageOfProject(
  store: Store,
  dataDirectory: string,
  history: ProjectHistory,
  [kind, id, by, value, ...more]: readonly string[],
  go: GoTo,
): Promise<Page | null> {
  if (kind === undefined) return wholeProjectPage(store, history, await comparisonsOf(dataDirectory, history), go);
  if (kind === 'figures' && id !== undefined && more.length === 0) {
    const series = history.series.find((each) => each.id === id);
    if (series === undefined) return null;
    if (by === undefined) return figurePage(figureView(history, series, null), go);
    const branch = branchesOfFigure(history, series).shown.find((each) => folderOf(each) === value);
    return by === 'branch' && branch !== undefined ? figurePage(figureView(history, series, branch), go) : null;
  }
  if (kind !== 'runs' || more.length > 1) return null;
  const asked = [id, by, value, ...more].filter((each) => each !== undefined);
  const filter = asked.length === 0 || asked[0] === 'page' ? null : filterOf(history, asked[0]!, asked[1]);
  if (filter === undefined) return null;
  const tail = filter === null ? asked : asked.slice(2);
  const page = tail.length === 2 && tail[0] === 'page' ? Number(tail[1]) : null;
  if (tail.length > 0 && page === null) return null;
  const view = runsView(history, filter, page);
  return view === null ? null : runsPage(view, go);
}

/** @returns undefined if nothing matches */
function filterOf({ runs }: ProjectHistory, by: string, folder: string | undefined): RunsFilter | undefined {
  if (by !== 'verdict' && by !== 'branch' && by !== 'commit') return undefined;
  const value = runs.map((run) => run[by]).find((each) => each !== null && folderOf(each) === folder);
  return value == null ? undefined : { by, value };
}

export async function wholeProjectPage(
  store: Store,
  history: ProjectHistory,
  comparisons: readonly ComparisonLine[],
  go: GoTo,
): Promise<Page> {
  const { project, runs, series, alerts, verifications } = history;
  const [newest = null] = await store.recentResults(project, 1);
  return projectPage(
    {
      project,
      newest,
      advice: newest === null ? [] : withVerifications(newest.advice, verifications),
      trends: series.map(history.trend),
      alerts,
      runs: runs.slice(0, SHOWN_RUNS),
      allRuns: runs.length,
      comparisons,
    },
    go,
  );
}

/** Of `compare` and of `advise --verify`, newest first. */
export async function comparisonsOf(
  dataDirectory: string,
  { project, verifications, runs }: ProjectHistory,
  compared?: readonly CompareResult[],
): Promise<readonly ComparisonLine[]> {
  const benchmarks = new Set(runs.map(({ runId }) => runId));
  const all = compared ?? (await comparisonsIn(dataDirectory, (runId) => !benchmarks.has(runId)));
  const verified = [...new Map(verifications.map((each) => [each.verifiedBy, each])).values()];
  return [
    ...all
      .filter((each) => each.project === project)
      .map((each) => ({
        runId: each.runId,
        startedAt: each.startedAt,
        title: `${verdictWord(each)}: ${heading(each)}`,
      })),
    ...verified.map(({ verifiedBy, at }) => ({ runId: verifiedBy, startedAt: at, title: 'verification of advice' })),
  ].toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

async function storedRunPage(store: Store, runId: string, go: GoTo): Promise<Page | null> {
  const run = (await store.listRuns({ id: runId })).find((each) => each.run.runId === runId);
  if (run === undefined) return null;
  const report = await runReport(store, runId, go);
  if (report !== null) return report;
  const { project, startedAt, verdict, commit, branch } = run;
  const row = { runId, project, startedAt, verdict, commit, branch, totalSeconds: null };
  return shortRunPage(shortRuns({ series: [], alerts: [] })(row), go);
}

async function storedComparisonPage(
  store: Store,
  dataDirectory: string,
  runId: string,
  go: GoTo,
): Promise<Page | null> {
  const comparison = await readComparison(dataDirectory, runId);
  if (comparison !== null) return comparisonPage(comparison, trailTo(comparison.project, go));
  const verification = await store.verification(runId);
  return verification === null ? null : verificationPage(verification, trailTo(verification.project, go));
}
