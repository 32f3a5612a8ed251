/** The identity of the host, and how busy it is at this moment. */
import { readFile, statfs } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../../docker/command/endpoint.ts';
import type { EngineInfo } from '../../docker/engine/engine.ts';
import type { MeasuredValue } from '../../model/measurement.ts';
import type { Fingerprint } from '../../model/run.ts';

/**
 * Of the engine's machine, since that is where everything runs. RAM is in GiB rounded, because the kernel keeps a little back
 * that differs between its versions.
 */
export function fingerprint(info: EngineInfo, endpoint: Pick<Endpoint, 'local' | 'versions'>): Fingerprint {
  return {
    key: {
      cpuModel: endpoint.local ? localCpuModel() : `${info.architecture} (remote engine)`,
      cores: info.cpus,
      memoryGib: Math.round(info.memoryBytes / 2 ** 30),
      engineMajor: info.version.split('.')[0] ?? info.version,
    },
    detail: {
      engine: info.version,
      compose: endpoint.versions.compose,
      buildx: endpoint.versions.buildx,
      dockerCli: endpoint.versions.cli,
      kernel: info.kernel,
      operatingSystem: info.operatingSystem,
      architecture: info.architecture,
      cgroupVersion: info.cgroupVersion,
      cgroupDriver: info.cgroupDriver,
      storageDriver: info.storageDriver,
      node: process.version,
    },
  };
}

/** E.g. `Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz`; some ARM kernels do not tell. */
function localCpuModel(): string {
  return cpus()[0]?.model.trim().replace(/\s+/g, ' ') || `${process.arch} (model unknown)`;
}

/** How busy and how full this machine is. Ratios are of all its CPUs together. */
export interface HostLoad {
  /** Runnable (on Linux also blocked) tasks, averaged over a minute. */
  readonly loadAverage1m: MeasuredValue;
  /** Share of the last 10 s in which some task waited for a CPU: https://docs.kernel.org/accounting/psi.html */
  readonly cpuPressureRatio: MeasuredValue;
  /** Idle share of the CPU time over the window. */
  readonly idleRatio: MeasuredValue;
  /** Share of CPU time that the hypervisor gave to others, over the window. */
  readonly stealRatio: MeasuredValue;
  /** Memory that is available without swapping. */
  readonly memoryAvailableBytes: MeasuredValue;
  /** Space for this user on the disk of Paceline's data. */
  readonly diskFreeBytes: MeasuredValue;
}

/** @param options.dataDirectory an existing folder @param options.windowMs how long idle time is watched */
export async function hostLoad(options: {
  readonly dataDirectory: string;
  readonly windowMs?: number;
}): Promise<HostLoad> {
  const [cpuShares, pressure, memory, disk] = await Promise.all([
    watchCpu(options.windowMs ?? 1_000),
    cpuPressure(),
    memoryAvailable(),
    diskFree(options.dataDirectory),
  ]);
  return {
    loadAverage1m:
      process.platform === 'win32' ? notAvailable('Windows has no load average') : value(loadavg()[0] ?? Number.NaN),
    cpuPressureRatio: pressure,
    ...cpuShares,
    memoryAvailableBytes: memory,
    diskFreeBytes: disk,
  };
}

async function watchCpu(windowMs: number): Promise<Pick<HostLoad, 'idleRatio' | 'stealRatio'>> {
  const before = await cpuTicks();
  await delay(windowMs);
  const after = await cpuTicks();
  const total = after.total - before.total;
  if (total <= 0) {
    const reason = `the CPU clocks did not move within ${windowMs} ms`;
    return { idleRatio: failed(reason), stealRatio: failed(reason) };
  }
  return {
    idleRatio: value((after.idle - before.idle) / total),
    stealRatio:
      after.steal === null || before.steal === null
        ? notAvailable('only Linux reports it')
        : value((after.steal - before.steal) / total),
  };
}

interface CpuTicks {
  readonly total: number;
  readonly idle: number;
  readonly steal: number | null;
}

/** Of all CPUs since boot: user nice system idle iowait irq softirq steal (proc_stat(5)); guest time is in user time already. */
async function cpuTicks(): Promise<CpuTicks> {
  const stat = await readOrNull('/proc/stat');
  const fields = /^cpu +(.*)$/m
    .exec(stat ?? '')?.[1]
    ?.split(' ')
    .slice(0, 8)
    .map(Number);
  if (fields !== undefined) {
    const [, , , idle = 0, iowait = 0, , , steal = 0] = fields;
    return { total: fields.reduce((sum, ticks) => sum + ticks, 0), idle: idle + iowait, steal };
  }
  const times = cpus().map((cpu) => cpu.times);
  return {
    total: times.reduce((sum, each) => sum + each.user + each.nice + each.sys + each.idle + each.irq, 0),
    idle: times.reduce((sum, each) => sum + each.idle, 0),
    steal: null,
  };
}

async function cpuPressure(): Promise<MeasuredValue> {
  const text = await readOrNull('/proc/pressure/cpu');
  const percent = /^some avg10=([\d.]+)/m.exec(text ?? '')?.[1];
  return percent === undefined
    ? notAvailable('this kernel has no pressure stall information')
    : value(Number(percent) / 100);
}

async function memoryAvailable(): Promise<MeasuredValue> {
  const kib = /^MemAvailable: +(\d+) kB$/m.exec((await readOrNull('/proc/meminfo')) ?? '')?.[1];
  return kib === undefined ? notAvailable('only Linux reports it') : value(Number(kib) * 1_024);
}

async function diskFree(directory: string): Promise<MeasuredValue> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return value(bavail * bsize);
  } catch (error) {
    return failed(`${directory}: ${(error as Error).message}`);
  }
}

const value = (figure: number): MeasuredValue =>
  Number.isFinite(figure) ? { kind: 'measured', value: figure } : { kind: 'failed', reason: `read as ${figure}` };
const failed = (reason: string): MeasuredValue => ({ kind: 'failed', reason });
const notAvailable = (reason: string): MeasuredValue => ({ kind: 'notAvailable', reason });

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
