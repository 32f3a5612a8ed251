/** The runs of a project, in pages that are counted from the oldest, so that a page stays as it is when runs are added. */
import type { Verdict } from '../../model/result.ts';
import { type Inline, joined, paragraph, type Paragraph } from '../blocks.ts';
import type { Page } from '../page.ts';
import { type RunRow, runsTable } from './lines.ts';
import { type GoTo, HOME, projectPath, type RunsFilter, runsPath } from './paths.ts';

export const RUNS_PER_PAGE = 200;
const SHOWN_BRANCHES = 30;

export interface RunsView {
  readonly project: string;
  readonly filter: RunsFilter | null;
  /** null: the newest. */
  readonly page: number | null;
  /** Of this page, newest first. */
  readonly runs: readonly RunRow[];
  /** Of the filter. */
  readonly count: number;
  readonly verdicts: readonly Verdict[];
  /** The one that ran last comes first. */
  readonly branches: readonly string[];
}

/** The newest page also has what does not fill a page of its own. */
export function pagesOf(count: number): number {
  return Math.max(1, Math.floor(count / RUNS_PER_PAGE));
}

/** @param rows all of them, newest first @param page counted from 1 */
export function pageOfRuns<T>(rows: readonly T[], page: number | null): readonly T[] {
  const pages = pagesOf(rows.length);
  const oldestFirst = rows.toReversed();
  const from = ((page ?? pages) - 1) * RUNS_PER_PAGE;
  const to = page === null || page === pages ? rows.length : from + RUNS_PER_PAGE;
  return oldestFirst.slice(from, to).toReversed();
}

export function runsPage(view: RunsView, go: GoTo): Page {
  const { project, filter, runs, count } = view;
  const of = filter === null ? '' : `, ${filter.by} ${filter.by === 'commit' ? filter.value.slice(0, 7) : filter.value}`;
  const table = runsTable(runs, go);
  return {
    title: `Runs of ${project}${of}`,
    trail: [
      go('Projects', HOME),
      go(project, projectPath(project)),
      ...(filter === null ? [] : [go('Runs', runsPath(project))]),
    ],
    headline: null,
    about: `${count} ${count === 1 ? 'run' : 'runs'}, newest first.`,
    lead: [],
    sections: [
      {
        id: 'runs',
        title: filter === null ? 'All runs' : `Runs with ${filter.by} ${filter.value}`,
        summary: [
          ...filters(view, go),
          ...(table.length > 0 ? table : [paragraph('No run matches.')]),
          ...pager(view, go),
        ],
        details: [],
      },
    ],
  };
}

function filters({ project, filter, verdicts, branches }: RunsView, go: GoTo): readonly Paragraph[] {
  const choice = (by: 'verdict' | 'branch', value: string): Inline =>
    filter?.by === by && filter.value === value ? value : go(value, runsPath(project, { by, value }));
  const all: Inline = filter === null ? 'all' : go('all', runsPath(project));
  const shown = branches.slice(0, SHOWN_BRANCHES);
  const rest = branches.length - shown.length;
  return [
    ...(verdicts.length < 2
      ? []
      : [paragraph(['By verdict: ', joined([all, ...verdicts.map((each) => choice('verdict', each))])])]),
    ...(branches.length < 2
      ? []
      : [
          paragraph([
            'By branch: ',
            joined([all, ...shown.map((each) => choice('branch', each))]),
            rest > 0 ? ` and ${rest} more: each branch in the table is a link` : '',
          ]),
        ]),
  ];
}

function pager({ project, filter, page, count }: RunsView, go: GoTo): readonly Paragraph[] {
  const pages = pagesOf(count);
  if (pages === 1) return [];
  const numbers = Array.from({ length: pages }, (_, i) => pages - i);
  const links = numbers.map((number): Inline => {
    const text = number === pages ? 'newest' : String(number);
    return number === (page ?? pages) ? text : go(text, runsPath(project, filter, number === pages ? null : number));
  });
  return [paragraph(['Pages: ', joined(links)])];
}
