/** Everything that the pages of a project are made from, in a fixed number of queries however many runs there are. */
import { targetOf, trendOf } from '../analysis/history/trend.ts';
import type { StoredVerification } from '../model/advice.ts';
import type { Plan } from '../model/plan.ts';
import type { SeriesHistory, SeriesKey } from '../model/regression.ts';
import type { Trend } from '../model/trend.ts';
import type { RunRow } from '../report/history/runs.ts';
import type { Store, StoredAlert } from '../store/store.ts';

export interface Series {
  readonly id: string;
  readonly key: SeriesKey;
  readonly history: SeriesHistory;
}

export interface ProjectHistory {
  readonly project: string;
  /** Benchmarks, newest first. */
  readonly runs: readonly RunRow[];
  /** Of the newest run with a plan. */
  readonly plan: Plan | null;
  readonly series: readonly Series[];
  /** Newest first. */
  readonly alerts: readonly StoredAlert[];
  readonly openAlerts: number;
  readonly verifications: readonly StoredVerification[];
  /** Levels take time to find: each is computed when it is asked for, once. */
  readonly trend: (series: Series) => Trend;
}

const ALL = 1_000_000;
/** A trend of more runs shows the newest. */
const MOST_POINTS = 20_000;

/** @throws PacelineError StoreUnavailable */
export async function projectHistory(store: Store, project: string): Promise<ProjectHistory> {
  const runs = await store.listRuns({ project, limit: ALL });
  const known = await store.listSeries({ project });
  const histories = await store.seriesHistories(
    known.map(({ key }) => key),
    { limit: MOST_POINTS },
  );
  const series = known.map(({ id, key }, i): Series => ({ id, key, history: histories[i]! }));
  const totals = totalsOf(series);
  const newest = runs.find(({ finishedAt }) => finishedAt !== null);
  const plan = newest === undefined ? null : (await store.loadFacts(newest.run)).plan;
  const made = new Map<string, Trend>();
  return {
    project,
    runs: runs.map(({ run, startedAt, verdict, commit, branch }) => ({
      runId: run.runId,
      project,
      startedAt,
      verdict,
      commit,
      branch,
      totalSeconds: totals.get(run.runId) ?? null,
    })),
    plan,
    series,
    alerts: await store.alerts({ project, limit: ALL }),
    openAlerts: (await store.alerts({ project, open: true, limit: ALL })).length,
    verifications: await store.verifications({ project }),
    trend: (each) => {
      const trend = made.get(each.id) ?? trendOf(each.key, each.history, targetOf(each.key, plan));
      made.set(each.id, trend);
      return trend;
    },
  };
}

function totalsOf(series: readonly Series[]): ReadonlyMap<string, number> {
  const totals = series.filter(({ key }) => key.metric === 'total.duration');
  return new Map(totals.flatMap(({ history }) => history.points.map(({ runId, value }) => [runId, value] as const)));
}

/** Branches that have runs, the one that ran last first. */
export function branchesOf(runs: readonly RunRow[]): readonly string[] {
  return [...new Set(runs.flatMap(({ branch }) => branch ?? []))];
}
