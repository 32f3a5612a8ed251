/** Where each page is, and how one links to another. A path begins and ends with a slash; links are relative. */
import { hashOf } from '../../model/hash.ts';
import { type Link, link } from '../blocks.ts';

export const HOME = '/';

export function projectPath(project: string): string {
  return `/projects/${folderOf(project)}/`;
}

export type RunsFilter =
  | { readonly by: 'verdict' | 'branch'; readonly value: string }
  | { readonly by: 'commit'; readonly value: string };

/** @param page counted from the oldest; null: the newest runs */
export function runsPath(project: string, filter: RunsFilter | null = null, page: number | null = null): string {
  const of = filter === null ? '' : `${filter.by}/${folderOf(filter.value)}/`;
  return `${projectPath(project)}runs/${of}${page === null ? '' : `page/${page}/`}`;
}

/** @param branch only its runs; null: all of them */
export function figurePath(project: string, seriesId: string, branch: string | null = null): string {
  return `${projectPath(project)}figures/${seriesId}/${branch === null ? '' : `branch/${folderOf(branch)}/`}`;
}

export function runPath(runId: string): string {
  return `/runs/${runId}/`;
}

/** Of `paceline compare` and `paceline advise --verify`. */
export function comparisonPath(runId: string): string {
  return `/comparisons/${runId}/`;
}

/** From one page to another: works on a server, below any address, and in a folder. */
export function hrefTo(from: string, to: string): string {
  const [here, there] = [segmentsOf(from), segmentsOf(to)];
  const differs = here.findIndex((segment, i) => segment !== there[i]);
  const shared = differs === -1 ? here.length : differs;
  const way = `${'../'.repeat(here.length - shared)}${there
    .slice(shared)
    .map((segment) => `${encodeURIComponent(segment)}/`)
    .join('')}`;
  return way === '' ? './' : way;
}

export type GoTo = (text: string, path: string) => Link;

/** The way to a page of a project, from the first page on. @param project null: not known */
export function trailTo(project: string | null, go: GoTo): readonly Link[] {
  return [go('Projects', HOME), ...(project === null ? [] : [go(project, projectPath(project))])];
}

/** Links of the page at `from`. @param suffix `index.html` for files that are opened without a server */
export function linksFrom(from: string, suffix = ''): GoTo {
  return (text, path) => link(text, `${hrefTo(from, path)}${suffix}`);
}

/**
 * A name from outside as one folder: names that any file system takes stay as they are, others get a digest, so that no two names
 * share a folder where capitals do not count.
 */
export function folderOf(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,59}$/.test(name) && !/-[0-9a-f]{16}$/.test(name) && !/[.]$/.test(name)) return name;
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return `${readable === '' ? 'x' : readable}-${hashOf(name)}`;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
