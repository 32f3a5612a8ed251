/** Renders a stored run's report from its result. */
import { join, resolve } from 'node:path';
import { wrongUsage } from '../../model/failure.ts';
import { alertsTable, WHAT_TO_DO_WITH_ALERTS } from '../../report/history/alerts.ts';
import { renderJson } from '../../report/formats/json.ts';
import { renderMarkdown } from '../../report/formats/markdown.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import type { Io } from '../io.ts';
import { writeFiles } from '../output-folder.ts';
import { verifiedResult } from '../advise/verified-result.ts';
import { inStore, type Opened, storedRun, type StoreFlags } from './open.ts';

export interface ReportFlags extends StoreFlags {
  readonly format: 'terminal' | 'markdown' | 'json';
  readonly json?: boolean;
  readonly output?: string;
}

export interface ReportMore {
  /** Also show the run's alerts with their ids, cleared ones included. */
  readonly alerts?: boolean;
}

export function report(id: string | undefined, flags: ReportFlags, io: Io, more: ReportMore = {}): Promise<void> {
  return inStore(flags, io, async (opened) => {
    const { run } = await storedRun(opened, id);
    const result = await verifiedResult(opened.store, run.runId);
    if (result === null) {
      throw wrongUsage(
        `Run ${run.runId} has no result: it is still running, or its worker stopped before writing a result.`,
        'Run `paceline logs` to see its output.',
      );
    }
    if (flags.output !== undefined) {
      const folder = resolve(io.cwd, flags.output);
      await writeFiles({
        [join(folder, 'result.json')]: renderJson(result),
        [join(folder, 'report.md')]: renderMarkdown(result),
      });
      io.err(`Files: ${folder}\n`);
    }
    const format = flags.json ? 'json' : flags.format;
    if (format === 'json') io.out(renderJson(result));
    else if (format === 'markdown') io.out(renderMarkdown(result));
    else io.out(renderResult(result, { color: io.stdout.color, width: io.stdout.width() }));
    if (more.alerts && format === 'terminal') await showAlerts(opened, run.runId, io);
  });
}

async function showAlerts({ store }: Opened, runId: string, io: Io): Promise<void> {
  const alerts = await store.alerts({ runId });
  if (alerts.length === 0) return;
  io.out(`\n${alertsTable(alerts, io.stdout.width())}\n${WHAT_TO_DO_WITH_ALERTS}`);
}
