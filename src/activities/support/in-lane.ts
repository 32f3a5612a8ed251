/** Work that has a lane to itself, or the whole host. */
import type { Lane, RunRef } from '../../model/run.ts';
import type { LaneRequest } from '../../docker/lanes.ts';
import { reapIfClosed } from '../reap.ts';
import type { Attempt } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';
import { type StageClock, stageClock } from './stage-clock.ts';

export interface LaneWork<T> {
  readonly request: Pick<LaneRequest, 'cpus' | 'memoryBytes' | 'key'>;
  readonly work: (lane: Lane) => Promise<T>;
  /** Removes what failed work has left at the engine, before the lane is given back. */
  readonly undo?: () => Promise<void>;
  /** Notes how long the lane was waited for. */
  readonly clock?: StageClock;
}

/**
 * Waits for the lane, works in it and gives it back. An attempt that only lost its claim keeps the lane: what it started goes on,
 * and the next attempt finds it there. A trial has other rules, in run-trial.ts: its containers outlive a failed attempt too.
 * @throws what the work throws; the signal's reason
 */
export async function inLane<T>(
  deps: ActivityDeps,
  run: RunRef,
  attempt: Attempt,
  { request, work, undo = async () => {}, clock = stageClock() }: LaneWork<T>,
): Promise<T> {
  const { signal } = attempt;
  const acquire = () => deps.lanes.acquire({ ...request, run: run.runId, signal });
  const lease = await clock.part('waitForLane', null, acquire);
  try {
    const value = await work(lease.lane);
    lease.release();
    return value;
  } catch (error) {
    if (!signal.aborted || attempt.cancelRequested()) {
      await undo();
      lease.release();
    }
    await reapIfClosed(deps, run, attempt);
    throw error;
  }
}
