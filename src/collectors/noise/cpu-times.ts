/** CPU time from /proc/stat for each CPU. Lanes do not share CPUs, so the figures of one lane exclude the work of others. */
import { readText } from '../cgroup/reading.ts';

/** Seconds since boot, summed over some CPUs. */
export interface CpuTimes {
  readonly total: number;
  readonly idle: number;
  readonly steal: number;
}

/** Of USER_HZ, which is 100 on every platform that Docker runs on. */
const TICKS_A_SECOND = 100;

/** @param cpus their numbers @returns null if there is no /proc/stat or it lacks one of them */
export async function readCpuTimes(cpus: readonly number[]): Promise<CpuTimes | null> {
  const text = await readText('/proc/stat');
  return text === null ? null : cpuTimes(text, cpus);
}

/** user nice system idle iowait irq softirq steal (proc_stat(5)); guest time is in user time already. */
export function cpuTimes(stat: string, cpus: readonly number[]): CpuTimes | null {
  const sum = { total: 0, idle: 0, steal: 0 };
  for (const cpu of cpus) {
    const fields = new RegExp(`^cpu${cpu} +(.*)$`, 'm').exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number);
    if (fields === undefined || !fields.every(Number.isFinite)) return null;
    const [, , , idle = 0, iowait = 0, , , steal = 0] = fields;
    sum.total += fields.reduce((all, ticks) => all + ticks, 0) / TICKS_A_SECOND;
    sum.idle += (idle + iowait) / TICKS_A_SECOND;
    sum.steal += steal / TICKS_A_SECOND;
  }
  return cpus.length === 0 ? null : sum;
}

/** What passed between two readings. */
export function cpuTimesBetween(from: CpuTimes, to: CpuTimes): CpuTimes {
  return { total: to.total - from.total, idle: to.idle - from.idle, steal: to.steal - from.steal };
}
