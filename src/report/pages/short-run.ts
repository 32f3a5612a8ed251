/** A run without its report: what the history has of it, and how to get the rest. */
import { METRICS } from '../../model/measurement.ts';
import type { SeriesKey } from '../../model/regression.ts';
import { titleOf } from '../../analysis/regression/words.ts';
import { code, type Inline, paragraph, quantity, table } from '../blocks.ts';
import type { Page } from '../page.ts';
import { VERDICT_MARKS } from '../sections/verdict-marks.ts';
import { type AlertRow, alertsList, type RunRow } from './lines.ts';
import { minute } from '../text/minute.ts';
import { figurePath, type GoTo, runsPath, trailTo } from './paths.ts';

export interface ShortRun {
  readonly run: RunRow;
  readonly figures: readonly {
    readonly seriesId: string;
    readonly key: SeriesKey;
    readonly value: number;
    readonly disturbed: string | null;
  }[];
  readonly alerts: readonly AlertRow[];
  /** Why there is no report here. */
  readonly missing: 'no result' | 'older run';
}

export function shortRunPage({ run, figures, alerts, missing }: ShortRun, go: GoTo): Page {
  const { project, verdict, commit, branch, runId, startedAt } = run;
  const at = commit === null ? '' : ` at ${commit.slice(0, 7)}${branch === null ? '' : ` (${branch})`}`;
  return {
    title: `${project}: ${verdict ?? 'no result'}`,
    trail: [...trailTo(project, go), go('Runs', runsPath(project))],
    headline: {
      mark: verdict === null ? 'none' : VERDICT_MARKS[verdict],
      verdict: verdict ?? 'no result',
      subject: `${project}${at}`,
      summary:
        missing === 'no result'
          ? 'This run has no result: it is still running, or its worker stopped before writing one.'
          : 'This is an older run. Its page has the figures alone.',
    },
    about: [`Started ${minute(startedAt)} UTC; run `, code(runId), '.'],
    lead: [],
    sections: [
      {
        id: 'figures',
        title: 'Figures',
        summary:
          figures.length === 0
            ? [paragraph('No figure of this run is in the history: only clean, finished runs have figures there.')]
            : table(
                ['What', '>Measured', ''],
                figures.map(({ seriesId, key, value, disturbed }) => [
                  go(titleOf(key), figurePath(project, seriesId)),
                  quantity(value, METRICS[key.metric].unit),
                  disturbed === null ? '' : `disturbed: ${disturbed}`,
                ]),
              ),
        details: [],
      },
      ...(alerts.length === 0
        ? []
        : [{ id: 'alerts', title: 'Alerts', summary: alertsList(alerts, go, new Set()), details: [] }]),
      { id: 'report', title: 'The whole report', summary: [paragraph(whereTheReportIs(runId, missing))], details: [] },
    ],
  };
}

function whereTheReportIs(runId: string, missing: ShortRun['missing']): Inline {
  if (missing === 'no result') return ['Its output: ', code(`paceline logs ${runId}`)];
  return [
    'A static site has the whole report of the newest runs. For this one, use ',
    code(`paceline report ${runId}`),
    ', or open it with ',
    code('paceline up'),
    '.',
  ];
}
