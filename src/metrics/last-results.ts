/** The last result of each project, read from the store at each request. */
import { Gauge, type Registry } from 'prom-client';
import { VERDICTS, type RunResult } from '../model/result.ts';
import type { Store } from '../store/store.ts';

export type MeasuredStore = Pick<Store, 'finishRun' | 'listRuns' | 'result'>;

const PHASES = ['build', 'startup', 'test', 'total'] as const;
/** The newest runs, in which the last one of each project is looked for. It bounds the number of time series too. */
const NEWEST_RUNS = 200;

/** Adds gauges to the registry. @returns a function that fills them. The library would collect each metric by itself. */
export function lastResults(registry: Registry, store: MeasuredStore): () => Promise<void> {
  const registers = [registry];
  const verdicts = new Gauge({
    name: 'paceline_last_run_verdict',
    help: '1 for the verdict of the last finished run of a project, 0 for the others.',
    labelNames: ['project', 'verdict'],
    registers,
  });
  const finishedAt = new Gauge({
    name: 'paceline_last_run_start_timestamp_seconds',
    help: 'When the last finished run of a project began.',
    labelNames: ['project'],
    registers,
  });
  const seconds = new Gauge({
    name: 'paceline_last_run_phase_seconds',
    help: 'Duration of a phase in the last finished run of a project. Absent if it was not measured.',
    labelNames: ['project', 'phase'],
    registers,
  });
  const targets = new Gauge({
    name: 'paceline_last_run_phase_target_seconds',
    help: 'Target of a phase in the last finished run of a project. Absent if it has none.',
    labelNames: ['project', 'phase'],
    registers,
  });
  const alerts = new Gauge({
    name: 'paceline_last_run_alerts',
    help: 'Alerts of the last finished run of a project.',
    labelNames: ['project'],
    registers,
  });
  const all = [verdicts, finishedAt, seconds, targets, alerts];
  const readable = new Gauge({
    name: 'paceline_store_readable',
    help: '1 if the last results could be read from the store.',
    registers,
  });
  return async () => {
    const results = await newest(store).catch(() => null);
    for (const gauge of all) gauge.reset();
    for (const result of results ?? []) show(result);
    readable.set(results === null ? 0 : 1);
  };

  function show({ project, verdict, startedAt, phases, alerts: raised }: RunResult): void {
    for (const each of VERDICTS) verdicts.set({ project, verdict: each }, each === verdict ? 1 : 0);
    finishedAt.set({ project }, Date.parse(startedAt) / 1000);
    alerts.set({ project }, raised.length);
    for (const phase of PHASES) {
      const { seconds: took, target } = phases[phase];
      if (took !== null) seconds.set({ project, phase }, took);
      if (target !== null) targets.set({ project, phase }, target);
    }
  }
}

async function newest(store: MeasuredStore): Promise<RunResult[]> {
  const rows = await store.listRuns({ finished: true, limit: NEWEST_RUNS });
  const last = new Map<string, string>();
  for (const { project, run } of rows) if (!last.has(project)) last.set(project, run.runId);
  const results = await Promise.all([...last.values()].map((runId) => store.result(runId)));
  return results.filter((result) => result !== null);
}
