/** The runs of a project, in pages that are counted from the oldest, so that a page stays as it is when runs are added. */
import type { Verdict } from '../../model/result.ts';
import { type Inline, joined, paragraph, type Paragraph } from '../blocks.ts';
import type { Page } from '../page.ts';
import { type RunRow, runsTable } from './lines.ts';
import { type GoTo, type RunsFilter, runsPath, trailTo } from './paths.ts';

export const RUNS_PER_PAGE = 200;
const SHOWN_BRANCHES = 30;

/** An older page knows nothing of the runs after it, so that it does not change. */
export type RunsPlace =
  | { readonly kind: 'newest'; readonly count: number; readonly pages: number }
  | { readonly kind: 'older'; readonly page: number; readonly isNextNewest: boolean };

export interface RunsView {
  readonly project: string;
  readonly filter: RunsFilter | null;
  readonly place: RunsPlace;
  /** Of this page, newest first. */
  readonly runs: readonly RunRow[];
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
  const { project, filter, runs, place } = view;
  const of =
    filter === null ? '' : `, ${filter.by} ${filter.by === 'commit' ? filter.value.slice(0, 7) : filter.value}`;
  const table = runsTable(runs, go);
  return {
    title: `Runs of ${project}${of}`,
    trail: [...trailTo(project, go), ...(filter === null ? [] : [go('Runs', runsPath(project))])],
    headline: null,
    about: aboutWords(place),
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

function aboutWords(place: RunsPlace): string {
  if (place.kind === 'older') return `Page ${place.page}, counted from the oldest runs. Newest first.`;
  return `${place.count} ${place.count === 1 ? 'run' : 'runs'}, newest first.`;
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

function pager({ project, filter, place }: RunsView, go: GoTo): readonly Paragraph[] {
  const to = (text: string, page: number | null) => go(text, runsPath(project, filter, page));
  if (place.kind === 'older') {
    const { page, isNextNewest } = place;
    const newer = isNextNewest ? [] : [to(`newer: page ${page + 1}`, page + 1)];
    const older = page > 1 ? [to(`older: page ${page - 1}`, page - 1)] : [];
    return [paragraph(['Pages: ', joined([to('newest', null), ...newer, ...older])])];
  }
  if (place.pages === 1) return [];
  const numbers = Array.from({ length: place.pages - 1 }, (_, i) => place.pages - 1 - i);
  return [paragraph(['Older runs: ', joined(numbers.map((number) => to(`page ${number}`, number)))])];
}
