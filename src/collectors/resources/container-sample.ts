/** A sample of one container from the kernel's own files, in the form that the engine's stats stream has. */
import { type CgroupReading, readText } from '../cgroup/reading.ts';
import type { SampleRecord } from './resource-samples.ts';

export type ContainerSample = Omit<Extract<SampleRecord, { kind: 'sample' }>, 'kind' | 'id'>;

interface Traffic {
  readonly networkReceivedBytes: number;
  readonly networkSentBytes: number;
}

/** @returns null if the files do not tell its CPU time, its memory or its traffic */
export function sampleOf(reading: CgroupReading, traffic: Traffic | null, readAt: string): ContainerSample | null {
  const { cpuNs, workingSetBytes, throttledNs, readBytes, writtenBytes, pids } = reading;
  if (cpuNs === null || workingSetBytes === null || traffic === null) return null;
  return {
    readAt,
    cpuTotalNs: cpuNs,
    workingSetBytes,
    throttledNs: throttledNs ?? 0,
    ...traffic,
    blockReadBytes: readBytes,
    blockWrittenBytes: writtenBytes,
    pids: pids ?? null,
  };
}

/**
 * Of all interfaces but the loopback, since the container's start.
 * @param networkMode of the container: one without a network of its own (`host`) has no traffic of its own, as the engine has it
 */
export async function trafficOf(pid: number, networkMode: string): Promise<Traffic | null> {
  if (networkMode === 'host') return { networkReceivedBytes: 0, networkSentBytes: 0 };
  return trafficIn(await readText(`/proc/${pid}/net/dev`));
}

/** Columns of proc_pid_net(5): the interface, eight of what was received, eight of what was sent, each beginning with bytes. */
export function trafficIn(text: string | null): Traffic | null {
  if (text === null) return null;
  const rows = text.split('\n').flatMap((line) => {
    const [, name, columns] = /^\s*([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    return name === undefined || columns === undefined || name === 'lo' ? [] : [columns.split(/\s+/).map(Number)];
  });
  const sum = (column: number) => rows.reduce((bytes, row) => bytes + (row[column] ?? 0), 0);
  return { networkReceivedBytes: sum(0), networkSentBytes: sum(8) };
}
