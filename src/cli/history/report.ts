/** Renders a stored run's report from its result. */
import { join, resolve } from 'node:path';
import type { CompareResult } from '../../model/comparison.ts';
import { wrongUsage } from '../../model/failure.ts';
import { alertsTable, WHAT_TO_DO_WITH_ALERTS } from '../../report/history/alerts.ts';
import { renderComparison, renderComparisonMarkdown } from '../../report/comparison.ts';
import { renderJson } from '../../report/formats/json.ts';
import { renderMarkdown } from '../../report/formats/markdown.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import type { Io } from '../io.ts';
import { writeFiles } from '../output-folder.ts';
import { verifiedResult } from '../advise/verified-result.ts';
import { findComparison } from './comparisons.ts';
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
    const comparison = id === undefined ? null : await comparisonOf(opened, id);
    if (comparison !== null) return reportComparison(comparison, flags, io);
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

/** null if a benchmark is meant. A benchmark and a comparison that began in the same minute may begin alike. */
async function comparisonOf({ store, dataDirectory }: Opened, id: string): Promise<CompareResult | null> {
  const found = await findComparison(dataDirectory, id);
  if (found === null || found.runId === id) return found;
  const benchmark = (await store.listRuns({ id, limit: 50 })).find(({ kind }) => kind !== 'comparison');
  if (benchmark === undefined) return found;
  throw wrongUsage(
    `A run and a comparison begin with \`${id}\`.`,
    `Specify more characters: ${benchmark.run.runId}, ${found.runId}.`,
  );
}

async function reportComparison(comparison: CompareResult, flags: ReportFlags, io: Io): Promise<void> {
  const json = `${JSON.stringify(comparison, null, 2)}\n`;
  if (flags.output !== undefined) {
    const folder = resolve(io.cwd, flags.output);
    await writeFiles({
      [join(folder, 'comparison.json')]: json,
      [join(folder, 'comparison.md')]: renderComparisonMarkdown(comparison),
    });
    io.err(`Files: ${folder}\n`);
  }
  const format = flags.json ? 'json' : flags.format;
  if (format === 'json') io.out(json);
  else if (format === 'markdown') io.out(renderComparisonMarkdown(comparison));
  else io.out(renderComparison(comparison, { color: io.stdout.color, width: io.stdout.width() }));
}

async function showAlerts({ store }: Opened, runId: string, io: Io): Promise<void> {
  const alerts = await store.alerts({ runId });
  if (alerts.length === 0) return;
  io.out(`\n${alertsTable(alerts, io.stdout.width())}\n${WHAT_TO_DO_WITH_ALERTS}`);
}
