/** `paceline history list | targets | regressions | series | rejudge`: reads the store. */
import { rejudge } from '../../analysis/history/rejudge.ts';
import { targetShares, WINDOW } from '../../analysis/history/target-shares.ts';
import type { RunResult } from '../../model/result.ts';
import { formatRatio } from '../../format/format-quantity.ts';
import { alertsTable, WHAT_TO_DO_WITH_ALERTS } from '../../report/history/alerts.ts';
import { rejudgedTable, runsTable, seriesTable, targetsTable } from '../../report/history/runs.ts';
import type { Store } from '../../store/store.ts';
import type { Io } from '../io.ts';
import { type Opened, printJson, START_ONE, type StoreFlags, withStore } from './open.ts';

export interface LookFlags extends StoreFlags {
  readonly project?: string;
  readonly json?: boolean;
  readonly limit?: number;
}

/** Failed, broken and cancelled runs among the newest are skipped. */
const RESULTS_LOOKED_AT = 3 * WINDOW;

export function listRuns(flags: LookFlags, io: Io): Promise<void> {
  return look(flags, io, [], async ({ store, place }) => {
    const runs = await store.listRuns({ ...projectOf(flags), limit: flags.limit ?? 20 });
    const rows = await Promise.all(
      runs.map(async ({ run, ...summary }) => ({
        ...summary,
        runId: run.runId,
        workflowId: run.workflowId,
        totalSeconds: (await store.result(run.runId))?.phases.total.seconds ?? null,
      })),
    );
    if (flags.json) return printJson(io, rows);
    if (rows.length === 0) return io.out(nothingIn(place, flags, await store.projects()));
    io.out(runsTable(rows, io.stdout.width()));
  });
}

export function listTargets(flags: LookFlags, io: Io): Promise<void> {
  return look(flags, io, {}, async ({ store, place }) => {
    const projects = flags.project === undefined ? await store.projects() : [flags.project];
    const shares: Record<string, ReturnType<typeof targetShares>> = {};
    for (const project of projects) {
      const results: readonly RunResult[] = await store.recentResults(project, RESULTS_LOOKED_AT);
      shares[project] = targetShares(results, flags.limit ?? WINDOW);
    }
    if (flags.json) return printJson(io, shares);
    if (Object.values(shares).every(({ length }) => length === 0)) return io.out(noTargets(place, flags));
    for (const [project, ofProject] of Object.entries(shares)) {
      if (ofProject.length === 0) continue;
      const runs = Math.max(...ofProject.map(({ judged }) => judged));
      io.out(`${project}: the last ${runs} clean runs (${flags.limit ?? WINDOW} at most)\n`);
      io.out(targetsTable(ofProject, io.stdout.width()));
    }
  });
}

export function listRegressions(flags: LookFlags & { readonly all?: boolean; readonly open?: boolean }, io: Io) {
  return look(flags, io, [], async ({ store, place }) => {
    const alerts = await store.alerts({
      ...projectOf(flags),
      limit: flags.limit ?? 50,
      ...(flags.open ? { open: true } : {}),
      ...(flags.all || flags.open ? {} : { states: ['candidate', 'confirmed', 'inconclusive'] as const }),
    });
    if (flags.json) return printJson(io, alerts);
    if (alerts.length === 0) {
      return io.out(`No ${flags.open ? 'open ' : ''}regression is recorded in ${place}.\n`);
    }
    io.out(alertsTable(alerts, io.stdout.width()));
    io.out(`\n${WHAT_TO_DO_WITH_ALERTS}`);
  });
}

export function listSeries(flags: LookFlags, io: Io): Promise<void> {
  return look(flags, io, { series: [], imported: [] }, async ({ store, place }) => {
    const [series, imported] = [await store.listSeries(projectOf(flags)), await store.importedSeries()];
    if (flags.json) return printJson(io, { series, imported });
    if (series.length + imported.length === 0) return io.out(nothingIn(place, flags, await store.projects()));
    if (series.length > 0) io.out(seriesTable(series, io.stdout.width()));
    for (const { origin, name, measure, points } of imported) {
      io.out(`imported from ${origin}: ${name}, ${measure}, ${points} ${points === 1 ? 'point' : 'points'}\n`);
    }
  });
}

export interface RejudgeFlags extends LookFlags {
  readonly regression: number;
  readonly floor?: number;
  readonly last: number;
}

export function rejudgeRuns(flags: RejudgeFlags, io: Io): Promise<void> {
  return look(flags, io, [], async ({ store, place }) => {
    const series = await store.listSeries(projectOf(flags));
    const histories = await store.seriesHistories(series.map(({ key }) => key));
    const floors = new Map<string, number>();
    for (const { key } of series) {
      if (!floors.has(key.project)) floors.set(key.project, flags.floor ?? (await floorOf(store, key.project)));
    }
    const rows = series
      .flatMap(({ key }, index) =>
        rejudge(key, histories[index]!, {
          threshold: flags.regression,
          floorSeconds: floors.get(key.project)!,
          last: flags.last,
        }),
      )
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    if (flags.json) return printJson(io, rows);
    const threshold = formatRatio(flags.regression);
    if (rows.length === 0) {
      return io.out(
        series.length === 0
          ? nothingIn(place, flags, await store.projects())
          : `With threshold ${threshold}, none of the last ${flags.last} runs of any series would be a suspected regression.\n`,
      );
    }
    io.out(rejudgedTable(rows, io.stdout.width()));
    const [now, before] = [rows.filter(({ suspected }) => suspected), rows.filter(({ alerted }) => alerted !== null)];
    io.out(
      `\nWith threshold ${threshold}: ${now.length} suspicions in the last ${flags.last} runs of ${series.length} series. The actual number was ${before.length}.\n` +
        'Whether a suspicion would have been confirmed cannot be computed: it needs a measurement on that day.\n',
    );
  });
}

/** The threshold in the plan of the newest run. */
async function floorOf(store: Store, project: string): Promise<number> {
  const [newest] = await store.listRuns({ project, limit: 1, finished: true });
  const facts = newest === undefined ? null : await store.loadFacts(newest.run);
  return facts?.plan?.alerts.floorSeconds ?? 0;
}

async function look(flags: LookFlags, io: Io, empty: unknown, work: (opened: Opened) => Promise<void>): Promise<void> {
  await withStore(flags, io, work, (place) => {
    if (flags.json) printJson(io, empty);
    else io.out(nothingIn(place, {}));
  });
}

function projectOf({ project }: LookFlags): { readonly project?: string } {
  return project === undefined ? {} : { project };
}

/** @param projects those with runs */
function nothingIn(place: string, { project }: Pick<LookFlags, 'project'>, projects: readonly string[] = []): string {
  const what = `No run ${project === undefined ? '' : `of ${project} `}is recorded in ${place}.`;
  const known = project === undefined || projects.length === 0 ? START_ONE : `It has runs of ${projects.join(', ')}.`;
  return `${what} ${known}\n`;
}

function noTargets(place: string, flags: LookFlags): string {
  return `No clean run with a target ${flags.project === undefined ? '' : `of ${flags.project} `}is recorded in ${place} yet. Set targets in paceline.yml; \`paceline plan\` shows them.\n`;
}
