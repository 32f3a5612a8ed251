/** Rows that several pages show: runs, alerts, advice. */
import { percent, titleOf } from '../../analysis/regression/words.ts';
import type { Advice, Verdict } from '../../model/result.ts';
import { openOpportunities } from '../../analysis/advice/listing.ts';
import { adviceLine } from '../advice-line.ts';
import { type Cell, code, type Inline, item, type List, list, message, seconds, type Table, table } from '../blocks.ts';
import type { AlertRow } from '../history/alerts.ts';
import type { RunRow } from '../history/runs.ts';
import { VERDICT_MARKS } from '../sections/verdict-marks.ts';
import { PAGE_SIGNS } from '../text/marks.ts';
import { minute } from '../text/minute.ts';
import { figurePath, type GoTo, runPath, runsPath } from './paths.ts';

export type { AlertRow, RunRow };

/** "✓ pass"; a run without a verdict is running, or was given up. */
export function verdictWords(verdict: Verdict | null): string {
  return verdict === null ? 'no result yet' : `${PAGE_SIGNS[VERDICT_MARKS[verdict]]} ${verdict}`;
}

/** Newest first. */
export function runsTable(rows: readonly RunRow[], go: GoTo, caption: Inline | null = null): readonly Table[] {
  return table(
    ['Run began (UTC)', 'Verdict', '>Total', 'Branch', 'Commit'],
    rows.map(({ runId, startedAt, verdict, commit, branch, totalSeconds, project }): readonly Cell[] => [
      go(minute(startedAt), runPath(runId)),
      verdictWords(verdict),
      totalSeconds === null ? null : seconds(totalSeconds),
      branch === null ? null : go(branch, runsPath(project, { by: 'branch', value: branch })),
      commit === null ? null : code(commit.slice(0, 7)),
    ]),
    caption,
  );
}

/** One line an alert: what, how much, since when, and whether someone has accepted it. */
export function alertsList(rows: readonly AlertRow[], go: GoTo, shown: ReadonlySet<string>): readonly List[] {
  return list(
    rows.map(({ alert, seriesId, acknowledged }) => {
      const { key, ratio, at, runId, state, message: why } = alert;
      const what = titleOf(key);
      const title = shown.has(seriesId) ? go(what, figurePath(key.project, seriesId)) : what;
      return item([title, ` ${percent(ratio)} since the run of `, go(minute(at), runPath(runId)), ` (${state})`], {
        sign: acknowledged === null && state === 'confirmed' && alert.direction === 'slower' ? 'bad' : 'none',
        details: [
          message(why),
          acknowledged === null
            ? state === 'confirmed'
              ? ['Not acknowledged. To accept it: ', code(`paceline ack ${alert.id.slice(0, 8)} --reason …`)]
              : 'Not confirmed.'
            : `Acknowledged on ${acknowledged.at.slice(0, 10)}: ${acknowledged.reason}`,
        ],
      });
    }),
  );
}

/** What to do, the largest saving first, and what pairs have shown. */
export function adviceList(advice: readonly Advice[], most: number): readonly List[] {
  const open = openOpportunities(advice).slice(0, most);
  return list(open.map((each) => item(adviceLine(each), { sign: 'action' })));
}
