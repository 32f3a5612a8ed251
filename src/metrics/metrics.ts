/**
 * A worker's metrics: what it does now, what it did since it started, and the last results in its store. Names and units
 * follow https://prometheus.io/docs/practices/naming/.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Lanes, Lease, LaneRequest } from '../docker/lanes.ts';
import type { RunResult } from '../model/result.ts';
import { lastResults } from './last-results.ts';
import type { MeasuredStore } from './last-results.ts';

const PHASES = ['build', 'startup', 'test', 'total'] as const;
/** From a second to an hour. */
const PHASE_SECONDS = [1, 5, 15, 30, 60, 120, 180, 300, 600, 1200, 3600];
const WAIT_SECONDS = [0.1, 1, 5, 15, 60, 300, 900, 3600];

export interface Metrics {
  readonly contentType: string;
  /** All of them, in Prometheus' text format. */
  page(): Promise<string>;
  /** The same lanes, each wait measured. */
  measuredLanes(lanes: Lanes): Lanes;
  /** The same store, each finished run counted. */
  measuredStore<S extends MeasuredStore>(store: S): S;
}

/** @param nowMs a clock that only moves forward */
export function createMetrics(nowMs: () => number = () => performance.now()): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const finished = new Counter({
    name: 'paceline_runs_finished_total',
    help: 'Runs that this worker judged since it started.',
    labelNames: ['project', 'verdict'],
    registers,
  });
  const phases = new Histogram({
    name: 'paceline_phase_duration_seconds',
    help: 'Durations of phases in runs that this worker judged since it started.',
    labelNames: ['project', 'phase'],
    buckets: PHASE_SECONDS,
    registers,
  });
  const waits = new Histogram({
    name: 'paceline_lane_wait_seconds',
    help: 'How long trials waited for a lane.',
    buckets: WAIT_SECONDS,
    registers,
  });
  const held = new Gauge({ name: 'paceline_lanes_held', help: 'Lanes in use.', registers });
  const waiting = new Gauge({ name: 'paceline_lanes_waiting', help: 'Trials that wait for a lane.', registers });
  let measureTable: () => void = () => {};
  let refresh: () => Promise<void> = async () => {};
  return {
    contentType: registry.contentType,
    page: async () => {
      measureTable();
      await refresh();
      return registry.metrics();
    },
    measuredLanes: (lanes) => {
      measureTable = () => {
        held.set(lanes.held().size);
        waiting.set(lanes.waiting().length);
      };
      const acquire = async (request: LaneRequest): Promise<Lease> => {
        const askedMs = nowMs();
        const lease = await lanes.acquire(request);
        waits.observe((nowMs() - askedMs) / 1000);
        return lease;
      };
      return { ...lanes, acquire };
    },
    measuredStore: (store) => {
      refresh = lastResults(registry, store);
      const finishRun: typeof store.finishRun = async (run, conclusion) => {
        const result = await store.finishRun(run, conclusion);
        if (!isSide(result)) count(result);
        return result;
      };
      return { ...store, finishRun };
    },
  };

  function count({ project, verdict, phases: of }: RunResult): void {
    finished.inc({ project, verdict });
    for (const phase of PHASES) {
      const { seconds } = of[phase];
      if (seconds !== null) phases.observe({ project, phase }, seconds);
    }
  }
}

/** Sides of a comparison are not runs of their own. Their ids are their parent's and a suffix. */
function isSide({ runId }: RunResult): boolean {
  return runId.includes('.');
}
