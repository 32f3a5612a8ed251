/** A container's CPU time from its cgroup file. A reading costs a few hundredths of a ms, a stats sample about 3 ms. */
import { placeOfProcess, readText } from './reading.ts';

/** Reads the CPU time since the container's start in ns; null when the container is gone. */
export type CpuCounter = () => Promise<number | null>;

/**
 * @param pid of the container's first process, on this machine
 * @returns null if the file cannot be read: the engine is elsewhere, or this user may not
 */
export async function cpuCounterOf(pid: number): Promise<CpuCounter | null> {
  const cgroups = await readText(`/proc/${pid}/cgroup`);
  const file = cgroups === null ? null : cpuFileOf(cgroups);
  if (file === null) return null;
  const read = async () => cpuTimeNs(await readText(file));
  return (await read()) === null ? null : read;
}

/** The file with the CPU time, according to /proc/PID/cgroup. */
export function cpuFileOf(cgroups: string): string | null {
  const place = placeOfProcess(cgroups);
  if (place === null) return null;
  return place.version === 1 ? `${place.folders['cpuacct']}/cpuacct.usage` : `${place.folder}/cpu.stat`;
}

/** @param text of cpuacct.usage (ns) or cpu.stat (`usage_usec` in µs) */
export function cpuTimeNs(text: string | null): number | null {
  if (text === null) return null;
  const usec = /^usage_usec (\d+)$/m.exec(text);
  const ns = /^\d+\s*$/.test(text) ? Number(text) : Number(usec?.[1]) * 1_000;
  return Number.isFinite(ns) ? ns : null;
}
