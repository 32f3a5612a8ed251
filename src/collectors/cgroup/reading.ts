/** Reads a control group's files at one moment, in version 1 or 2 of the kernel's interface. */
import { readFileSync } from 'node:fs';

/** @returns null for a file that does not exist or may not be read */
export type ReadText = (file: string) => Promise<string | null>;

/**
 * Synchronous: the kernel makes such a file up at once, so nothing is waited for. It costs 3 to 20 µs of CPU time, where the
 * asynchronous way costs 50 to 80 µs, and dozens of files are read each second while tests run.
 */
export const readText: ReadText = async (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/** Where one control group's files are. */
export type CgroupPlace =
  /** A folder for each controller; `unified` if the kernel has a version 2 hierarchy (for pressure) next to version 1. */
  | { readonly version: 1; readonly folders: Readonly<Record<string, string>> }
  | { readonly version: 2; readonly folder: string };

/** Counters since the group was made; null if this kernel does not report them. */
export interface CgroupReading {
  readonly cpuNs: number | null;
  /** Time in which the group's own CPU limit held it back. Neither version includes the limits of groups within it. */
  readonly throttledNs: number | null;
  /** Without inactive page cache, as `docker stats` has it. */
  readonly workingSetBytes: number | null;
  /** With page cache. */
  readonly peakMemoryBytes: number | null;
  readonly oomKills: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  /** Processes and threads in it now. Absent in what older versions stored. */
  readonly pids?: number | null;
  readonly peakPids: number | null;
  /** Processes and threads that the group's limit of them refused. */
  readonly refusedPids: number | null;
  /** Microseconds in which some process was waiting: https://docs.kernel.org/accounting/psi.html */
  readonly pressureUs: { readonly cpu: number | null; readonly io: number | null; readonly memory: number | null };
}

/**
 * By the lines `id:controllers:path` of /proc/PID/cgroup (cgroups(7)). Version 1 hierarchies are mounted under the names of
 * their controllers; a version 2 hierarchy next to them has no controllers, and only its pressure files are useful.
 */
export function placeOfProcess(cgroups: string, root = '/sys/fs/cgroup'): CgroupPlace | null {
  const lines = cgroups.split('\n').flatMap((line) => {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    return id === undefined || controllers === undefined || path === undefined ? [] : [{ id, controllers, path }];
  });
  const unified = lines.find(({ id, controllers }) => id === '0' && controllers === '');
  const v1 = lines.filter(({ controllers }) => controllers !== '' && !controllers.startsWith('name='));
  if (!v1.some(({ controllers }) => controllers.split(',').includes('cpuacct')))
    return unified === undefined ? null : { version: 2, folder: `${root}${unified.path}` };
  const folders = v1.flatMap(({ controllers, path }) =>
    controllers.split(',').map((controller) => [controller, `${root}/${controllers}${path}`] as const),
  );
  const pressure = unified === undefined ? [] : [['unified', `${root}/unified${unified.path}`] as const];
  return { version: 1, folders: Object.fromEntries([...folders, ...pressure]) };
}

/** Never rejects: a group that is gone reads as null throughout. */
export async function readCgroup(place: CgroupPlace, read: ReadText = readText): Promise<CgroupReading> {
  return place.version === 1 ? await readV1(place.folders, read) : await readV2(place.folder, read);
}

/** Only the working set, which is read more often than the rest. */
export async function readWorkingSet(place: CgroupPlace, read: ReadText = readText): Promise<number | null> {
  const [folder, usage, inactive] =
    place.version === 1
      ? [place.folders['memory'], 'memory.usage_in_bytes', 'total_inactive_file']
      : [place.folder, 'memory.current', 'inactive_file'];
  if (folder === undefined) return null;
  const [used, stat] = await Promise.all([read(`${folder}/${usage}`), read(`${folder}/memory.stat`)]);
  const bytes = count(used);
  return bytes === null ? null : Math.max(0, bytes - (keyed(stat, inactive) ?? 0));
}

/** Only what the limit of processes refused: a suite often ends at the first refusal, and its group with it. */
export async function readRefusedPids(place: CgroupPlace, read: ReadText = readText): Promise<number | null> {
  const folder = place.version === 1 ? place.folders['pids'] : place.folder;
  return folder === undefined ? null : keyed(await read(`${folder}/pids.events`), 'max');
}

/** https://docs.kernel.org/admin-guide/cgroup-v1/ */
async function readV1(folders: Readonly<Record<string, string>>, read: ReadText): Promise<CgroupReading> {
  const of = async (controller: string, file: string) =>
    folders[controller] === undefined ? null : await read(`${folders[controller]}/${file}`);
  const [usage, cpu, workingSetBytes, peak, oom, block, pids, peakPids, refusedPids, ...pressure] = await Promise.all([
    of('cpuacct', 'cpuacct.usage'),
    of('cpu', 'cpu.stat'),
    readWorkingSet({ version: 1, folders }, read),
    of('memory', 'memory.max_usage_in_bytes'),
    of('memory', 'memory.oom_control'),
    of('blkio', 'blkio.throttle.io_service_bytes_recursive'),
    of('pids', 'pids.current'),
    of('pids', 'pids.peak'),
    readRefusedPids({ version: 1, folders }, read),
    of('unified', 'cpu.pressure'),
    of('unified', 'io.pressure'),
    of('unified', 'memory.pressure'),
  ]);
  const [cpuPressure, ioPressure, memoryPressure] = pressure.map(stalledUs);
  return {
    cpuNs: count(usage),
    throttledNs: keyed(cpu, 'throttled_time'),
    workingSetBytes,
    peakMemoryBytes: count(peak),
    oomKills: keyed(oom, 'oom_kill'),
    ...v1Block(block),
    pids: count(pids),
    peakPids: count(peakPids),
    refusedPids,
    pressureUs: { cpu: cpuPressure ?? null, io: ioPressure ?? null, memory: memoryPressure ?? null },
  };
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html */
async function readV2(folder: string, read: ReadText): Promise<CgroupReading> {
  const of = async (file: string) => await read(`${folder}/${file}`);
  const [cpu, workingSetBytes, peak, events, io, pids, peakPids, refusedPids, ...pressure] = await Promise.all([
    of('cpu.stat'),
    readWorkingSet({ version: 2, folder }, read),
    of('memory.peak'),
    of('memory.events'),
    of('io.stat'),
    of('pids.current'),
    of('pids.peak'),
    readRefusedPids({ version: 2, folder }, read),
    of('cpu.pressure'),
    of('io.pressure'),
    of('memory.pressure'),
  ]);
  const [cpuPressure, ioPressure, memoryPressure] = pressure.map(stalledUs);
  return {
    cpuNs: thousandfold(keyed(cpu, 'usage_usec')),
    throttledNs: thousandfold(keyed(cpu, 'throttled_usec')),
    workingSetBytes,
    peakMemoryBytes: count(peak),
    oomKills: keyed(events, 'oom_kill'),
    readBytes: io === null ? null : summed(io, /\brbytes=(\d+)/g),
    writtenBytes: io === null ? null : summed(io, /\bwbytes=(\d+)/g),
    pids: count(pids),
    peakPids: count(peakPids),
    refusedPids,
    pressureUs: { cpu: cpuPressure ?? null, io: ioPressure ?? null, memory: memoryPressure ?? null },
  };
}

/** Kernels report "Total 0" without a device if their IO does not pass here. So that does not mean no IO. */
function v1Block(text: string | null): Pick<CgroupReading, 'readBytes' | 'writtenBytes'> {
  if (text === null || !/^\d+:\d+ /m.test(text)) return { readBytes: null, writtenBytes: null };
  return {
    readBytes: summed(text, /^\d+:\d+ Read (\d+)$/gm),
    writtenBytes: summed(text, /^\d+:\d+ Write (\d+)$/gm),
  };
}

function summed(text: string, pattern: RegExp): number | null {
  return finite([...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0));
}

function count(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? finite(Number(text)) : null;
}

function keyed(text: string | null, key: string): number | null {
  const value = new RegExp(`^${key} (\\d+)$`, 'm').exec(text ?? '')?.[1];
  return value === undefined ? null : finite(Number(value));
}

/** Every 64-bit counter is within this range. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function thousandfold(value: number | null): number | null {
  return value === null ? null : finite(value * 1_000);
}

function stalledUs(text: string | null): number | null {
  const total = /^some .*total=(\d+)/m.exec(text ?? '')?.[1];
  return total === undefined ? null : finite(Number(total));
}
