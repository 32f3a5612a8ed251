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
 *     /alerts/ALERT/                          how an alert was decided
 *
 * src/report/pages/paths.ts makes these paths.
 */
import type { Page } from '../report/page.ts';

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
