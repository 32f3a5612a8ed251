/** Whether other work used the trial's CPUs, or slowed it down, while its tests ran. Judged from two readings. */
import { figure } from '../../format/figure.ts';
import type { Disturbance } from '../../model/run.ts';
import type { CpuTimes } from './cpu-times.ts';

/**
 * Share of the lane's CPU time for work that is not the trial's. The engine, the worker and Temporal use some as well,
 * and must stay below this. Calibrated by `npm run bench:disturbance`, figures in docs/benchmarks.md.
 */
export const MOST_OUTSIDE_RATIO = 0.1;
/** CPU time that a hypervisor takes is lost. Below 1 % it is within the noise of 10 ms ticks. */
export const MOST_STEAL_RATIO = 0.01;
/** Share of the time in which other processes waited for the disk and none of the trial did. Calibrated in the same way. */
export const MOST_OUTSIDE_IO_RATIO = 0.1;
/** Share of the time in which other processes waited for memory to be freed. Calibrated in the same way. */
export const MOST_OUTSIDE_MEMORY_RATIO = 0.03;
/** Of the time, for which a CPU quota on the trial as a whole held it back. Any is too much; below 1 % it is not worth a repeat. */
export const MOST_THROTTLED_RATIO = 0.01;
/** In a shorter time, the ticks of 10 ms are coarser than the thresholds. */
const SHORTEST_SECONDS = 1;

/** What passed while the tests ran. */
export interface Evidence {
  readonly wallSeconds: number;
  readonly cpus: number;
  /** On the lane's CPUs, all of them together. */
  readonly passed: CpuTimes;
  /** CPU time of the trial's containers. */
  readonly ownSeconds: number;
  /** So much of their CPU time may be missing in it. */
  readonly unseenSeconds: number;
  /** In which some process on the host but none of the trial was waiting; null if that cannot be distinguished. */
  readonly outsideStallSeconds: { readonly io: number | null; readonly memory: number | null };
  /**
   * By a quota on the trial's control group. A container's own limit belongs to the project and is the same in every
   * run, so it does not count.
   */
  readonly throttledSeconds: number | null;
  /**
   * Time in which some process of the trial waited for a CPU. No sign by itself: with more workers than CPUs, some
   * always wait.
   */
  readonly waitedSeconds: number | null;
}

/** The first sign that applies; null if there is none, or if the time was too short. */
export function disturbanceOf(evidence: Evidence): Disturbance | null {
  const { passed, wallSeconds, cpus, throttledSeconds, outsideStallSeconds } = evidence;
  if (passed.total / cpus < SHORTEST_SECONDS) return null;
  const steal = passed.steal / passed.total;
  if (steal > MOST_STEAL_RATIO)
    return { reason: `other virtual machines on the same hardware took ${figure(steal, 'ratio')} of its CPU time` };
  const outside = outsideRatio(evidence);
  if (outside > MOST_OUTSIDE_RATIO)
    return { reason: `other work took ${figure(outside, 'ratio')} of its CPU time${waiting(evidence)}` };
  const of = (seconds: number | null) => (seconds === null ? 0 : seconds / wallSeconds);
  const throttled = of(throttledSeconds);
  if (throttled > MOST_THROTTLED_RATIO)
    return { reason: `a CPU quota held it back for ${figure(throttled, 'ratio')} of the time` };
  const io = of(outsideStallSeconds.io);
  if (io > MOST_OUTSIDE_IO_RATIO)
    return { reason: `other work waited for the disk for ${figure(io, 'ratio')} of the time` };
  const memory = of(outsideStallSeconds.memory);
  return memory > MOST_OUTSIDE_MEMORY_RATIO
    ? { reason: `other work ran short of memory for ${figure(memory, 'ratio')} of the time` }
    : null;
}

/** Share of the lane's CPU time that went to work which is not the trial's. */
export function outsideRatio({ passed, ownSeconds, unseenSeconds }: Evidence): number {
  return (passed.total - passed.idle - passed.steal - ownSeconds - unseenSeconds) / passed.total;
}

function waiting({ waitedSeconds, wallSeconds }: Evidence): string {
  return waitedSeconds === null
    ? ''
    : `; it waited for a CPU ${figure(waitedSeconds / wallSeconds, 'ratio')} of the time`;
}
