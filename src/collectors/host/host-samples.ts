/**
 * The host's own counters from Linux's /proc, and the difference of two readings. Counters only rise, so any two
 * samples give the figures of the time between them, also if samples in between are missing.
 */
import { readdir } from 'node:fs/promises';
import type { HostProfile } from '../../model/profile/host-profile.ts';
import { readText as read } from '../cgroup/reading.ts';

/** One reading; null for values that this kernel does not report. */
export interface HostSample {
  /** By the host's clock, ISO 8601: places the sample among other files. */
  readonly at: string;
  /** Seconds since boot: what durations are made of. */
  readonly uptimeSeconds: number;
  /** Clock ticks of all CPUs since boot. */
  readonly cpu: { readonly total: number; readonly idle: number; readonly steal: number } | null;
  /** µs in which some task was held up, since boot: https://docs.kernel.org/accounting/psi.html */
  readonly pressureUs: { readonly cpu: number | null; readonly io: number | null; readonly memory: number | null };
  readonly loadAverage: number | null;
  readonly disk: { readonly readBytes: number; readonly writtenBytes: number } | null;
  /** CPU seconds of each of the engine's processes, by pid. */
  readonly engineCpuSeconds: Readonly<Record<string, number>> | null;
}

/** Of the processes, not of their containers. */
const ENGINE = /^(dockerd|containerd|containerd-shim.*|docker-proxy|buildkitd)$/;
const SECTOR_BYTES = 512;
/** Of USER_HZ, which is 100 on every platform that Docker runs on. */
const TICKS_A_SECOND = 100;

/** @param enginePids from `enginePids`: to search for them in each sample would cost more than the rest of it */
export async function readHostSample(enginePids: readonly number[]): Promise<HostSample> {
  const [uptime, stat, load, disks, cpu, io, memory] = await Promise.all([
    read('/proc/uptime'),
    read('/proc/stat'),
    read('/proc/loadavg'),
    read('/proc/diskstats'),
    pressure('cpu'),
    pressure('io'),
    pressure('memory'),
  ]);
  return {
    at: new Date().toISOString(),
    uptimeSeconds: Number(uptime?.split(' ')[0] ?? Number.NaN),
    cpu: cpuTicks(stat),
    pressureUs: { cpu, io, memory },
    loadAverage: load === null ? null : Number(load.split(' ')[0]),
    disk: diskBytes(disks),
    engineCpuSeconds: enginePids.length === 0 ? null : await cpuSecondsOf(enginePids),
  };
}

/** The engine's processes on this machine; [] where there is no /proc. */
export async function enginePids(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => (ENGINE.test((await read(`/proc/${pid}/comm`))?.trim() ?? '') ? [Number(pid)] : [])),
  );
  return found.flat();
}

/** Between the first and the last sample. null if there are not two, or if this is not Linux. */
export function hostProfile(samples: readonly HostSample[]): HostProfile | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const seconds = last.uptimeSeconds - first.uptimeSeconds;
  if (!(seconds > 0)) return null;
  const ticks = first.cpu === null || last.cpu === null ? 0 : last.cpu.total - first.cpu.total;
  const share = (part: (cpu: NonNullable<HostSample['cpu']>) => number) =>
    ticks > 0 && first.cpu !== null && last.cpu !== null ? ratio((part(last.cpu) - part(first.cpu)) / ticks) : null;
  const stalled = (kind: keyof HostSample['pressureUs']) => {
    const [from, to] = [first.pressureUs[kind], last.pressureUs[kind]];
    return from === null || to === null ? null : ratio((to - from) / 1e6 / seconds);
  };
  return {
    samples: samples.length,
    seconds,
    cpuPressureRatio: stalled('cpu'),
    ioPressureRatio: stalled('io'),
    memoryPressureRatio: stalled('memory'),
    busyRatio: share(({ total, idle }) => total - idle),
    stealRatio: share(({ steal }) => steal),
    loadAverageMax: samples.reduce<number | null>(
      (highest, { loadAverage }) => (loadAverage === null ? highest : Math.max(loadAverage, highest ?? loadAverage)),
      null,
    ),
    diskReadBytes: difference(first.disk?.readBytes, last.disk?.readBytes),
    diskWrittenBytes: difference(first.disk?.writtenBytes, last.disk?.writtenBytes),
    engineCpuSeconds: engineCpu(samples),
  };
}

/**
 * Process by process, because some start and end meanwhile. What a process used before it was first seen does not
 * count.
 */
function engineCpu(samples: readonly HostSample[]): number | null {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const { engineCpuSeconds } of samples) {
    for (const [pid, seconds] of Object.entries(engineCpuSeconds ?? {})) {
      if (!first.has(pid)) first.set(pid, seconds);
      last.set(pid, seconds);
    }
  }
  if (first.size === 0) return null;
  return [...last].reduce((sum, [pid, seconds]) => sum + Math.max(0, seconds - (first.get(pid) ?? seconds)), 0);
}

/** user nice system idle iowait irq softirq steal (proc_stat(5)); guest time is in user time already. */
function cpuTicks(stat: string | null): HostSample['cpu'] {
  const fields = /^cpu +(.*)$/m
    .exec(stat ?? '')?.[1]
    ?.split(' ')
    .slice(0, 8)
    .map(Number);
  if (fields === undefined) return null;
  const [, , , idle = 0, iowait = 0, , , steal = 0] = fields;
  return { total: fields.reduce((sum, ticks) => sum + ticks, 0), idle: idle + iowait, steal };
}

async function pressure(kind: 'cpu' | 'io' | 'memory'): Promise<number | null> {
  const total = /^some .*total=(\d+)/m.exec((await read(`/proc/pressure/${kind}`)) ?? '')?.[1];
  return total === undefined ? null : Number(total);
}

/** Only whole disks: a partition's traffic is its disk's as well (Documentation/admin-guide/iostats.rst). */
function diskBytes(text: string | null): HostSample['disk'] {
  if (text === null) return null;
  const disks = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , name = '']) => /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(name));
  if (disks.length === 0) return null;
  const sum = (column: number) =>
    disks.reduce((total, fields) => total + Number(fields[column] ?? 0) * SECTOR_BYTES, 0);
  return { readBytes: sum(5), writtenBytes: sum(9) };
}

async function cpuSecondsOf(pids: readonly number[]): Promise<Readonly<Record<string, number>>> {
  const each = await Promise.all(
    pids.map(async (pid) => {
      // After the name in brackets, which may contain anything: state is field 3, utime and stime are 14 and 15.
      const fields = (await read(`/proc/${pid}/stat`))?.replace(/^.*\) /s, '').split(' ');
      if (fields === undefined) return [];
      return [[String(pid), (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND] as const];
    }),
  );
  return Object.fromEntries(each.flat());
}

function difference(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : Math.max(0, to - from);
}

function ratio(value: number): number {
  return Math.min(1, Math.max(0, value));
}
