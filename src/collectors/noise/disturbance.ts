/** Whether anything but the trial was at work on its CPUs while its tests ran. Costs two readings of /proc/stat. */
import type { Measurement } from '../../model/measurement.ts';
import type { Disturbance, Lane } from '../../model/run.ts';
import { figure } from '../../analysis/figure.ts';
import { type CpuTimes, cpuTimesBetween, readCpuTimes } from './cpu-times.ts';

/**
 * A judgement, not calibrated: the engine, the worker and Temporal beside it take some of the lane's CPUs as well, and must
 * stay below it.
 */
export const MOST_OUTSIDE_RATIO = 0.1;
/** The containers' own time is sampled four times a second, so up to a quarter of a second of each CPU may be missed at the end. */
const UNSAMPLED_SECONDS = 0.25;
/** What a hypervisor takes is lost to whatever was to run; below 1 % it is in the noise of 10 ms ticks. */
export const MOST_STEAL_RATIO = 0.01;
/** Shorter than this, the ticks and samples are coarser than what is looked for. */
const SHORTEST_SECONDS = 1;

export interface DisturbanceWatch {
  /** The tests have ended. */
  readonly stop: () => Promise<void>;
  /** @param measurements of the trial, with its containers' CPU time */
  readonly judge: (measurements: readonly Measurement[]) => Disturbance | null;
}

/** Begins as the tests do. A lane without CPUs of its own, on a remote engine, is never called disturbed: nothing is seen of it. */
export async function watchDisturbance(lane: Lane): Promise<DisturbanceWatch> {
  const before = await readCpuTimes(lane.cpus);
  let passed: CpuTimes | null = null;
  return {
    stop: async () => {
      const after = await readCpuTimes(lane.cpus);
      passed = before === null || after === null ? null : cpuTimesBetween(before, after);
    },
    judge: (measurements) => {
      const own = measurements.find(({ metric }) => metric === 'trial.cpu.time')?.value;
      return passed === null || own?.kind !== 'measured' ? null : disturbanceOf(passed, own.value, lane.cpus.length);
    },
  };
}

/** @param passed on the lane's CPUs @param ownSeconds CPU time of the trial's containers @param cpus how many the lane has */
export function disturbanceOf(passed: CpuTimes, ownSeconds: number, cpus: number): Disturbance | null {
  if (passed.total / cpus < SHORTEST_SECONDS) return null;
  const steal = passed.steal / passed.total;
  if (steal > MOST_STEAL_RATIO) return { reason: `the hypervisor took ${figure(steal, 'ratio')} of its CPU time` };
  const outside = passed.total - passed.idle - passed.steal - ownSeconds - UNSAMPLED_SECONDS * cpus;
  const ratio = outside / passed.total;
  return ratio > MOST_OUTSIDE_RATIO ? { reason: `other work took ${figure(ratio, 'ratio')} of its CPU time` } : null;
}
