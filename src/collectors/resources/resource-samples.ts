/**
 * What the samples of a trial's containers amount to. Pure: the records are the lines of `samples.jsonl`, in the order in which
 * they came, so a summary can be made again from the file.
 *
 * Limits, all of them consequences of one sample a second:
 * - A peak of memory that lasts less than a second is missed (a 150 MB peak of 0.7 s left no trace).
 * - The last sample of a container is up to a second older than its end, and so is its CPU time. Where cgroup files can be
 *   read, the CPU time is a quarter of a second older at most, and its source is `cgroup`.
 * - A container may end before its first sample, which takes the engine about a second and cgroup files a few milliseconds.
 *   Its measurements are then failed ones, not 0.
 * - The working set leaves inactive page cache out; two containers that map the same file are both charged for it, or one is.
 * A control group around the whole trial continues when containers end: with it only the first of these is left, and that at
 * a quarter of a second.
 */
import type { CgroupReading } from '../cgroup/reading.ts';
import {
  failedMeasurement,
  type Measurement,
  type MetricName,
  measured,
  notAvailable,
  type Subject,
} from '../../model/measurement.ts';

export type SampleRecord =
  /** Sampling starts; it starts again after a worker was lost, and the time between is not sampled. */
  | { readonly kind: 'opened'; readonly at: string }
  /** A container is watched from here on. */
  | {
      readonly kind: 'container';
      readonly id: string;
      readonly name: string;
      /** Ran already when sampling began: its CPU time until then is not the trial's, unless it runs the tests. */
      readonly ranBefore: boolean;
      readonly cgroupCpuNs: number | null;
    }
  | {
      readonly kind: 'sample';
      readonly id: string;
      readonly readAt: string;
      readonly cpuTotalNs: number;
      readonly workingSetBytes: number;
      readonly throttledNs: number;
      readonly networkReceivedBytes: number;
      readonly networkSentBytes: number;
      /** null if the kernel does not count it. */
      readonly blockReadBytes?: number | null;
      readonly blockWrittenBytes?: number | null;
      readonly pids: number | null;
    }
  /** It ended, or sampling did: the last readings of its cgroup files. */
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly cgroupCpuNs: number | null;
      readonly cgroup?: CgroupReading | null;
    }
  /** The control group around all of the trial's containers: just before the tests begin, and once a second while they run. */
  | {
      readonly kind: 'parent';
      readonly at: string;
      readonly moment: 'begin' | 'running';
      readonly reading: CgroupReading;
      /** The largest since the record before, looked at four times a second. */
      readonly peakWorkingSetBytes: number | null;
    }
  /** Something is missing here. */
  | { readonly kind: 'gap'; readonly reason: string };

export interface ResourceSummary {
  readonly containers: readonly ContainerUse[];
  /** The largest sum of all containers' working sets at one time; null without a sample. */
  readonly peakWorkingSetBytes: number | null;
  /** Of all containers, while they were sampled; null without a reading. */
  readonly cpuSeconds: number | null;
  /** `cgroup` only if every container was read that way, at its beginning and its end. */
  readonly cpuSource: CpuSource;
  readonly memorySource: 'cgroup-parent' | 'stats';
  /**
   * All containers' CPU time over wall time, between the first and the last look while the tests ran; null with fewer
   * than two.
   */
  readonly meanCores: number | null;
  readonly meanCoresSource: 'cgroup-parent' | 'stats';
  /** Samples of the tests' container. */
  readonly testSampleCount: number;
  /** Why figures may be too low, in words; empty when nothing is missing. */
  readonly gaps: readonly string[];
}

export type CpuSource = 'cgroup-parent' | 'cgroup' | 'stats';

export interface ContainerUse {
  readonly id: string;
  readonly name: string;
  readonly cpuSeconds: number | null;
  readonly peakWorkingSetBytes: number | null;
}

/** A sample older than this says nothing about now. Samples come once a second, later on a busy machine. */
const FRESH_MS = 3_000;

interface Watched {
  readonly id: string;
  readonly name: string;
  readonly ranBefore: boolean;
  readonly stats: Point[];
  readonly cgroupNs: number[];
  peakWorkingSetBytes: number | null;
}

interface Point {
  readonly atMs: number;
  readonly cpuNs: number;
}

/** @param testContainerId of the container that runs the tests; null when it never came to be */
export function summarize(records: readonly SampleRecord[], testContainerId: string | null): ResourceSummary {
  const { watched, peakWorkingSetBytes } = walk(ofTheTrial(records, testContainerId));
  const containers = [...watched.values()];
  const read = containers.filter((container) => cpuNsOf(container) !== null);
  const test = testContainerId === null ? undefined : watched.get(testContainerId);
  const parent = ofParent(records);
  const sampled = test === undefined ? null : meanCores(containers, test);
  return {
    containers: containers.map((container) => ({
      id: container.id,
      name: container.name,
      cpuSeconds: secondsOrNull(cpuNsOf(container)),
      peakWorkingSetBytes: container.peakWorkingSetBytes,
    })),
    peakWorkingSetBytes: parent.peakWorkingSetBytes ?? peakWorkingSetBytes,
    memorySource: parent.peakWorkingSetBytes === null ? 'stats' : 'cgroup-parent',
    ...(parent.cpuSeconds === null
      ? cpuOfContainers(read)
      : { cpuSeconds: parent.cpuSeconds, cpuSource: 'cgroup-parent' }),
    meanCores: parent.meanCores ?? sampled,
    meanCoresSource: parent.meanCores === null ? 'stats' : 'cgroup-parent',
    testSampleCount: test?.stats.length ?? 0,
    gaps: gapsOf(records, containers),
  };
}

function cpuOfContainers(read: readonly Watched[]): Pick<ResourceSummary, 'cpuSeconds' | 'cpuSource'> {
  if (read.length === 0) return { cpuSeconds: null, cpuSource: 'stats' };
  return {
    cpuSeconds: read.reduce((sum, container) => sum + (cpuNsOf(container) ?? 0), 0) / 1e9,
    cpuSource: read.every((container) => container.cgroupNs.length > 1) ? 'cgroup' : 'stats',
  };
}

/** Over a shorter time, a share of the CPUs depends more on the look than on the tests. */
const SHORTEST_SHARE_MS = 500;

/** What the trial's own control group tells; all null if there is none, or where it was not read before the tests began. */
function ofParent(records: readonly SampleRecord[]) {
  const readings = records.filter((record) => record.kind === 'parent');
  const running = readings.filter(({ moment }) => moment === 'running');
  const [begin, first, end] = [readings.find(({ moment }) => moment === 'begin'), running[0], running.at(-1)];
  const nsBetween = (from: typeof begin, to: typeof begin) => {
    const [before, after] = [from?.reading.cpuNs ?? null, to?.reading.cpuNs ?? null];
    return before === null || after === null ? null : after - before;
  };
  const [totalNs, runningNs] = [nsBetween(begin, end), nsBetween(first, end)];
  const ms = first === undefined || end === undefined ? 0 : Date.parse(end.at) - Date.parse(first.at);
  const peaks = running.flatMap(({ peakWorkingSetBytes }) => peakWorkingSetBytes ?? []);
  return {
    cpuSeconds: totalNs === null ? null : totalNs / 1e9,
    meanCores: runningNs === null || ms < SHORTEST_SHARE_MS ? null : runningNs / 1e6 / ms,
    peakWorkingSetBytes: peaks.length === 0 ? null : peaks.reduce((a, b) => Math.max(a, b)),
  };
}

/** The tests' container belongs to the trial from its start, also if sampling began a moment later. */
function ofTheTrial(records: readonly SampleRecord[], testContainerId: string | null): readonly SampleRecord[] {
  return records.map((record) =>
    record.kind === 'container' && record.id === testContainerId ? { ...record, ranBefore: false } : record,
  );
}

/** One pass in the order of the records: series by container, and the highest sum of the recent samples. */
function walk(records: readonly SampleRecord[]) {
  const watched = new Map<string, Watched>();
  const latest = new Map<string, { readonly atMs: number; readonly workingSetBytes: number }>();
  let peakWorkingSetBytes: number | null = null;
  for (const record of records) {
    switch (record.kind) {
      case 'container': {
        const known = watched.get(record.id);
        const container = known ?? { ...record, stats: [], cgroupNs: [], peakWorkingSetBytes: null };
        if (record.cgroupCpuNs !== null) container.cgroupNs.push(record.cgroupCpuNs);
        watched.set(record.id, container);
        break;
      }
      case 'sample': {
        const atMs = Date.parse(record.readAt);
        const container = watched.get(record.id);
        container?.stats.push({ atMs, cpuNs: record.cpuTotalNs });
        latest.set(record.id, { atMs, workingSetBytes: record.workingSetBytes });
        if (container)
          container.peakWorkingSetBytes = Math.max(container.peakWorkingSetBytes ?? 0, record.workingSetBytes);
        const fresh = [...latest.values()].filter((sample) => atMs - sample.atMs <= FRESH_MS);
        const sum = fresh.reduce((bytes, sample) => bytes + sample.workingSetBytes, 0);
        peakWorkingSetBytes = Math.max(peakWorkingSetBytes ?? 0, sum);
        break;
      }
      case 'ended':
        if (record.cgroupCpuNs !== null) watched.get(record.id)?.cgroupNs.push(record.cgroupCpuNs);
        latest.delete(record.id);
        break;
      case 'opened':
      case 'parent':
      case 'gap':
        break;
    }
  }
  return { watched, peakWorkingSetBytes };
}

/** The larger of the two sources: both count the same, and the later reading is nearer to the truth. */
function cpuNsOf(container: Watched): number | null {
  const stats = increaseNs(
    container.stats.map((point) => point.cpuNs),
    container.ranBefore,
  );
  const cgroup = increaseNs(container.cgroupNs, container.ranBefore);
  return stats === null || cgroup === null ? (stats ?? cgroup) : Math.max(stats, cgroup);
}

/** How much a counter that restarts with its container has counted, from 0 or from its first reading. */
function increaseNs(readings: readonly number[], fromFirst: boolean): number | null {
  const [first] = readings;
  if (first === undefined) return null;
  let increase = fromFirst ? 0 : first;
  let previous = first;
  for (const reading of readings.slice(1)) {
    increase += reading >= previous ? reading - previous : reading;
    previous = reading;
  }
  return increase;
}

function meanCores(containers: readonly Watched[], test: Watched): number | null {
  const [first, last] = [test.stats[0], test.stats.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  const usedNs = containers.reduce((sum, { stats }) => sum + usedBetween(stats, first.atMs, last.atMs), 0);
  return usedNs / 1e6 / (last.atMs - first.atMs);
}

/** What a counter gained between two times, its readings joined by straight lines. */
function usedBetween(points: readonly Point[], fromMs: number, toMs: number): number {
  let usedNs = 0;
  for (const [index, end] of points.entries()) {
    const start = points[index - 1];
    if (start === undefined || end.atMs <= start.atMs || end.cpuNs < start.cpuNs) continue;
    const overlapMs = Math.min(end.atMs, toMs) - Math.max(start.atMs, fromMs);
    if (overlapMs > 0) usedNs += ((end.cpuNs - start.cpuNs) * overlapMs) / (end.atMs - start.atMs);
  }
  return usedNs;
}

function gapsOf(records: readonly SampleRecord[], containers: readonly Watched[]): readonly string[] {
  const reopened = records.filter((record) => record.kind === 'opened').length - 1;
  return [
    ...(reopened > 0
      ? [`sampling was interrupted ${reopened === 1 ? 'once' : `${reopened} times`} while no worker ran`]
      : []),
    ...records.flatMap((record) => (record.kind === 'gap' ? [record.reason] : [])),
    ...containers.flatMap((each) => (each.stats.length === 0 ? [`${each.name} ended before its first sample`] : [])),
  ];
}

function secondsOrNull(ns: number | null): number | null {
  return ns === null ? null : ns / 1e9;
}

/**
 * A trial's measurements: peak of memory, CPU time, and how much of the host and of the lane it used.
 * @param cpus.lane null if the lane has no CPUs of its own
 */
export function resourceMeasurements(
  summary: ResourceSummary,
  subject: Subject,
  cpus: { readonly host: number; readonly lane: number | null },
): readonly Measurement[] {
  // Without the tests' own container, the services' figures would look like the trial's.
  const seen = summary.testSampleCount > 0;
  const noSample = "the tests' container ended before its first sample";
  const tooFew = summary.meanCores === null ? "the tests' container ended before its second sample" : null;
  const give = (metric: MetricName, value: number | null, source: string, missing: string | null) =>
    missing === null && value !== null
      ? measured(metric, value, source, subject)
      : failedMeasurement(metric, missing ?? 'no sample was taken', source, subject);
  const { memorySource, meanCoresSource } = summary;
  // The trial's own control group has seen the tests, however short they were.
  const missingOf = (source: CpuSource) => (source === 'cgroup-parent' || seen ? null : noSample);
  const share = (count: number) => (summary.meanCores === null ? null : summary.meanCores / count);
  return [
    give('memory.workingSet.peak', summary.peakWorkingSetBytes, memorySource, missingOf(memorySource)),
    give('trial.cpu.time', summary.cpuSeconds, summary.cpuSource, missingOf(summary.cpuSource)),
    give('cpu.host.utilization', share(cpus.host), meanCoresSource, tooFew),
    cpus.lane === null
      ? notAvailable('cpu.lane.utilization', 'no CPUs are pinned on this engine', meanCoresSource, subject)
      : give('cpu.lane.utilization', share(cpus.lane), meanCoresSource, tooFew),
  ];
}
