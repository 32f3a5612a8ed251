/** What a trial's containers used, each and all together, from its records. Pure. */
import type { ContainerResources, ResourceUse, TrialResources } from '../../model/profile/trial-resources.ts';
import type { CgroupReading } from '../cgroup/reading.ts';
import { memoryCurve } from './memory-curve.ts';
import { resourceCurves } from './resource-curves.ts';
import { type ResourceSummary, type SampleRecord, summarize } from './resource-samples.ts';

const MAX_CONTAINERS = 30;

export interface ProfileOptions {
  readonly testContainerId: string;
  /** When it started, ISO 8601; null or absent if unknown. */
  readonly testsStartedAt?: string | null;
  /** The service of each container, and whether the engine says that it was killed for memory, by its id. */
  readonly containers: ReadonlyMap<string, { readonly service: string; readonly oomKilled: boolean }>;
  /** null if the lane has no CPUs of its own. */
  readonly laneCpus: number | null;
  /** Why the trial has no control group of its own; null if it has. */
  readonly noParent: string | null;
}

/** @param summary of the same records @returns null if nothing was sampled */
export function resourceProfile(
  records: readonly SampleRecord[],
  options: ProfileOptions,
  summary: ResourceSummary = summarize(records, options.testContainerId),
): TrialResources | null {
  if (summary.containers.length === 0 && summary.cpuSeconds === null) return null;
  const containers = summary.containers.map((container) => containerUse(records, container, options));
  const { cpuSource: source } = summary;
  const memory = memoryCurve(records, options.testContainerId);
  const curves = resourceCurves(records, options);
  return {
    source,
    fallback:
      source === 'cgroup-parent' ? null : (options.noParent ?? "the trial's own control group could not be read"),
    total: totalUse(records, summary, containers),
    ...pressureRatios(records),
    laneRatio: options.laneCpus === null || summary.meanCores === null ? null : summary.meanCores / options.laneCpus,
    containers: containers.sort((a, b) => (b.cpuSeconds ?? 0) - (a.cpuSeconds ?? 0)).slice(0, MAX_CONTAINERS),
    ...(memory === null ? {} : { memory }),
    ...(curves === null ? {} : { curves }),
  };
}

type Sample = Extract<SampleRecord, { kind: 'sample' }>;

function containerUse(
  records: readonly SampleRecord[],
  { id, name, cpuSeconds, peakWorkingSetBytes }: ResourceSummary['containers'][number],
  { containers, testContainerId }: ProfileOptions,
): ContainerResources {
  const samples = records.filter((record): record is Sample => record.kind === 'sample' && record.id === id);
  const ends = records.flatMap((record) => (record.kind === 'ended' && record.id === id ? (record.cgroup ?? []) : []));
  const known = containers.get(id);
  const fromStart = id === testContainerId;
  const grown = (of: (sample: Sample) => number | null | undefined) => increase(samples.map(of), fromStart);
  const killed = last(ends, ({ oomKills }) => oomKills);
  const throttledNs = grown(({ throttledNs: ns }) => ns);
  return {
    service: known?.service ?? name,
    container: name,
    cpuSeconds,
    peakWorkingSetBytes,
    peakMemoryBytes: last(ends, (reading) => reading.peakMemoryBytes),
    networkReceivedBytes: grown(({ networkReceivedBytes }) => networkReceivedBytes),
    networkSentBytes: grown(({ networkSentBytes }) => networkSentBytes),
    blockReadBytes: grown(({ blockReadBytes }) => blockReadBytes) ?? last(ends, ({ readBytes }) => readBytes),
    blockWrittenBytes:
      grown(({ blockWrittenBytes }) => blockWrittenBytes) ?? last(ends, ({ writtenBytes }) => writtenBytes),
    peakPids: last(ends, ({ peakPids }) => peakPids) ?? largest(samples.map(({ pids }) => pids)),
    refusedPids: last(ends, ({ refusedPids }) => refusedPids),
    throttledSeconds: throttledNs === null ? null : throttledNs / 1e9,
    // The engine knows of a kill that ended the whole container. The group's counter also includes kills that did not.
    oomKills: known?.oomKilled ? Math.max(1, killed ?? 0) : killed,
  };
}

function totalUse(
  records: readonly SampleRecord[],
  summary: ResourceSummary,
  containers: readonly ContainerResources[],
): ResourceUse {
  const readings = parentReadings(records);
  const all = (of: (use: ContainerResources) => number | null) => sumOf(containers.map(of));
  const grown = (of: (reading: CgroupReading) => number | null) => increase(readings.map(of), false);
  return {
    cpuSeconds: summary.cpuSeconds,
    peakWorkingSetBytes: summary.peakWorkingSetBytes,
    peakMemoryBytes: last(readings, ({ peakMemoryBytes }) => peakMemoryBytes),
    networkReceivedBytes: all(({ networkReceivedBytes }) => networkReceivedBytes),
    networkSentBytes: all(({ networkSentBytes }) => networkSentBytes),
    blockReadBytes: grown(({ readBytes }) => readBytes) ?? all(({ blockReadBytes }) => blockReadBytes),
    blockWrittenBytes: grown(({ writtenBytes }) => writtenBytes) ?? all(({ blockWrittenBytes }) => blockWrittenBytes),
    peakPids: last(readings, ({ peakPids }) => peakPids),
    refusedPids: all(({ refusedPids }) => refusedPids),
    throttledSeconds: all(({ throttledSeconds }) => throttledSeconds),
    oomKills: all(({ oomKills }) => oomKills),
  };
}

function parentReadings(records: readonly SampleRecord[]): readonly CgroupReading[] {
  return records.flatMap((record) => (record.kind === 'parent' ? [record.reading] : []));
}

/** Over the time in which the tests ran. */
function pressureRatios(
  records: readonly SampleRecord[],
): Pick<TrialResources, 'cpuPressureRatio' | 'ioPressureRatio' | 'memoryPressureRatio'> {
  const running = records.flatMap((record) =>
    record.kind === 'parent' && record.moment === 'running' ? [record] : [],
  );
  const [first] = running;
  const end = running.at(-1);
  const ms = first === undefined || end === undefined ? 0 : Date.parse(end.at) - Date.parse(first.at);
  const share = (kind: 'cpu' | 'io' | 'memory') => {
    const [from, to] = [first?.reading.pressureUs[kind] ?? null, end?.reading.pressureUs[kind] ?? null];
    return from === null || to === null || ms <= 0 ? null : Math.min(1, Math.max(0, (to - from) / 1_000 / ms));
  };
  return { cpuPressureRatio: share('cpu'), ioPressureRatio: share('io'), memoryPressureRatio: share('memory') };
}

/** How much a counter that may restart has counted; null if it was never read. */
function increase(readings: readonly (number | null | undefined)[], fromStart: boolean): number | null {
  const known = readings.filter((reading) => reading !== null && reading !== undefined);
  const [first] = known;
  if (first === undefined) return null;
  let grown = fromStart ? first : 0;
  for (const [index, reading] of known.entries()) {
    const previous = known[index - 1];
    if (previous !== undefined) grown += reading >= previous ? reading - previous : reading;
  }
  return grown;
}

function last<T>(rows: readonly T[], of: (row: T) => number | null): number | null {
  return rows.map(of).findLast((value) => value !== null) ?? null;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b));
}

/** The sum of the known values; null if none is known. */
function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
