/** Renders a stored run's report from its result. */
import { trendsUpTo } from '../../site/run-trends.ts';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { storedFacts } from '../../activities/support/stored-facts.ts';
import type { CompareResult } from '../../model/comparison.ts';
import { wrongUsage } from '../../model/failure.ts';
import { alertsTable, WHAT_TO_DO_WITH_ALERTS } from '../../report/history/alerts.ts';
import { renderComparison, renderComparisonMarkdown } from '../../report/comparison.ts';
import { comparisonFiles, comparisonHtml, type Files, runFiles, runHtml } from '../../report/files.ts';
import { filesOfFormats, RUN_FORMATS } from '../../report/formats/run-formats.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import type { Io } from '../io.ts';
import { openPage } from '../open-page.ts';
import { writeInto } from '../output-folder.ts';
import { checkFormats, fileFormats, type ReportFormat } from '../report-formats.ts';
import { verifiedResult } from '../advise/verified-result.ts';
import { findComparison } from './comparisons.ts';
import { inStore, type Opened, storedRun, type StoreFlags } from './open.ts';

export interface ReportFlags extends StoreFlags {
  readonly format?: readonly ReportFormat[];
  readonly json?: boolean;
  readonly open?: boolean;
  readonly output?: string;
}

export interface ReportMore {
  /** Also show the run's alerts with their ids, cleared ones included. */
  readonly alerts?: boolean;
}

export function report(id: string | undefined, flags: ReportFlags, io: Io, more: ReportMore = {}): Promise<void> {
  checkFormats(flags.format, flags.output, 1);
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
    const context = async () => {
      const facts = await storedFacts(opened.store, opened.dataDirectory, run);
      return { facts, trends: facts === null ? [] : await trendsUpTo(opened.store, facts) };
    };
    await keep(flags, io, 'report.html', async () => ({
      ...(await runFiles(result, await context())),
      ...filesOfFormats(result, fileFormats(flags.format)),
    }));
    if (flags.open === true) return;
    const format = shownFormat(flags);
    if (format === 'html') io.out(await runHtml(result, await context()));
    else if (format !== 'terminal') io.out(RUN_FORMATS[format].render(result));
    else io.out(renderResult(result, { color: io.stdout.color, width: io.stdout.width() }));
    if (more.alerts && format === 'terminal') await showAlerts(opened, run.runId, io);
  });
}

/** The first one that is named; the others become files. */
function shownFormat({ json, format = [] }: ReportFlags): ReportFormat {
  return json ? 'json' : (format[0] ?? 'terminal');
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

const COMPARISON_FORMATS: ReadonlySet<ReportFormat> = new Set(['terminal', 'markdown', 'html', 'json']);

async function reportComparison(comparison: CompareResult, flags: ReportFlags, io: Io): Promise<void> {
  const format = shownFormat(flags);
  const other = [format, ...(flags.format ?? [])].find((each) => !COMPARISON_FORMATS.has(each));
  if (other !== undefined) {
    throw wrongUsage(
      `A comparison cannot be written as ${other}.`,
      `Specify --format with one of ${[...COMPARISON_FORMATS].join(', ')}.`,
    );
  }
  await keep(flags, io, 'comparison.html', () => comparisonFiles(comparison));
  if (flags.open === true) return;
  if (format === 'json') io.out(`${JSON.stringify(comparison, null, 2)}\n`);
  else if (format === 'html') io.out(await comparisonHtml(comparison));
  else if (format === 'markdown') io.out(renderComparisonMarkdown(comparison));
  else io.out(renderComparison(comparison, { color: io.stdout.color, width: io.stdout.width() }));
}

/** Writes the files that were asked for. `--open` without `--output` makes only the page, in a folder of its own. */
async function keep(
  { output, open = false }: ReportFlags,
  io: Io,
  page: string,
  make: () => Promise<Files>,
): Promise<void> {
  if (output === undefined && !open) return;
  const files = await make();
  const folder = output === undefined ? await mkdtemp(join(tmpdir(), 'paceline-')) : resolve(io.cwd, output);
  await writeInto(folder, output === undefined ? { [page]: files[page]! } : files);
  const path = join(folder, page);
  if (open && !(await openPage(path, io.env))) io.err('No browser could be started here. Open this file yourself.\n');
  io.err(`Report: ${path}\n`);
}

async function showAlerts({ store }: Opened, runId: string, io: Io): Promise<void> {
  const alerts = await store.alerts({ runId });
  if (alerts.length === 0) return;
  io.out(`\n${alertsTable(alerts, io.stdout.width())}\n${WHAT_TO_DO_WITH_ALERTS}`);
}
