/** The first page: each project with its last verdict, its total over time, and what is open. */
import type { Verdict } from '../../model/result.ts';
import { type Cell, paragraph, seconds, type Section, table } from '../blocks.ts';
import type { Page } from '../page.ts';
import { verdictWords } from './lines.ts';
import { minute } from '../text/minute.ts';
import { folderOf, type GoTo, projectPath, runPath } from './paths.ts';

export interface ProjectLine {
  readonly project: string;
  readonly newest: { readonly runId: string; readonly startedAt: string; readonly verdict: Verdict | null };
  /** Totals of the newest clean runs, oldest first. */
  readonly totals: readonly number[];
  readonly target: number | null;
  readonly openAlerts: number;
  readonly runs: number;
}

export function projectsPage(lines: readonly ProjectLine[], go: GoTo): Page {
  const red = lines.filter(({ newest, openAlerts }) => openAlerts > 0 || isBad(newest.verdict)).length;
  const count = `${lines.length} ${lines.length === 1 ? 'project' : 'projects'}`;
  return {
    title: 'Projects',
    trail: [],
    headline: null,
    about:
      lines.length === 0 ? '' : `${count}; ${red === 0 ? 'none needs attention' : `${red} with something to look at`}.`,
    lead: [],
    sections: [listed(lines, go)],
  };
}

function listed(lines: readonly ProjectLine[], go: GoTo): Section {
  const rows = lines.map(({ project, newest, totals, target, openAlerts, runs }): readonly Cell[] => {
    const last = totals.at(-1);
    const id = `spark-${folderOf(project).replaceAll(/[^a-z0-9]+/g, '-')}`;
    const chart = { kind: 'sparkline', title: `Total of ${project}`, unit: 'second', values: totals, target } as const;
    return [
      go(project, projectPath(project)),
      verdictWords(newest.verdict),
      last === undefined ? null : seconds(last),
      target === null ? null : { kind: 'limit', value: target, unit: 'second' },
      totals.length < 2 ? null : { kind: 'spark', id, chart },
      openAlerts === 0 ? 'none' : `! ${openAlerts} open`,
      go(minute(newest.startedAt), runPath(newest.runId)),
      String(runs),
    ];
  });
  const columns = ['Project', 'Last verdict', '>Total', '>Target', 'Trend', 'Alerts', 'Last run (UTC)', '>Runs'];
  const shown = table(columns, rows);
  return {
    id: 'projects',
    title: 'All projects',
    summary: shown.length > 0 ? shown : [paragraph('No run is recorded yet. Start one with "paceline run".')],
    details: [],
  };
}

function isBad(verdict: Verdict | null): boolean {
  return verdict !== null && !['pass', 'inconclusive', 'cancelled'].includes(verdict);
}
