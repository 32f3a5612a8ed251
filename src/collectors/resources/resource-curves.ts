/** How CPU, network, IO and pressure of a trial went, from the counters in its records. Pure. */
import type { CurveColumn, ResourceCurves } from '../../model/profile/trial-resources.ts';
import type { CgroupReading } from '../cgroup/reading.ts';
import { type CurveClock, curveClock, endsOf, stretchOf } from './curve-clock.ts';
import type { SampleRecord } from './resource-samples.ts';

type Sample = Extract<SampleRecord, { kind: 'sample' }>;

/** A reading of a counter. */
interface Reading {
  readonly atMs: number;
  readonly value: number;
}

/** What was counted in each stretch; null where nothing was read. */
type Gains = readonly (number | null)[];

/** @returns null with fewer than two samples */
export function resourceCurves(
  records: readonly SampleRecord[],
  options: { readonly testContainerId: string; readonly testsStartedAt?: string | null },
): ResourceCurves | null {
  const clock = curveClock(records, options.testContainerId);
  if (clock === null) return null;
  const ofTrial = trialCounter(records, clock);
  const ofContainers = containerCounters(records, clock, options);
  const perSecond = (gains: Gains, unit = 1) => column(gains, (clock.seconds / clock.stretches) * unit);
  const pressure = (kind: keyof CgroupReading['pressureUs']) =>
    column(
      ofTrial(({ pressureUs }) => pressureUs[kind]),
      (clock.seconds / clock.stretches) * 1e6,
      1,
    );
  const cpuNs = known(ofTrial(({ cpuNs: ns }) => ns)) ?? ofContainers(({ cpuTotalNs }) => cpuTotalNs);
  const read = known(ofTrial(({ readBytes }) => readBytes)) ?? ofContainers(({ blockReadBytes }) => blockReadBytes);
  const written =
    known(ofTrial(({ writtenBytes }) => writtenBytes)) ?? ofContainers(({ blockWrittenBytes }) => blockWrittenBytes);
  return {
    startedAt: new Date(clock.fromMs).toISOString(),
    atSeconds: endsOf(clock),
    cpusInUse: perSecond(cpuNs, 1e9),
    networkReceivedBytesPerSecond: perSecond(ofContainers(({ networkReceivedBytes }) => networkReceivedBytes)),
    networkSentBytesPerSecond: perSecond(ofContainers(({ networkSentBytes }) => networkSentBytes)),
    blockReadBytesPerSecond: perSecond(read),
    blockWrittenBytesPerSecond: perSecond(written),
    cpuPressureRatio: pressure('cpu'),
    ioPressureRatio: pressure('io'),
    memoryPressureRatio: pressure('memory'),
  };
}

/** By the control group around the trial, which continues when containers end. */
function trialCounter(records: readonly SampleRecord[], clock: CurveClock) {
  const running = records.flatMap((record) =>
    record.kind === 'parent' && record.moment === 'running' ? [{ ...record, atMs: Date.parse(record.at) }] : [],
  );
  return (of: (reading: CgroupReading) => number | null): Gains =>
    gainsOf(
      running.flatMap(({ atMs, reading }) => readingAt(atMs, of(reading))),
      clock,
    );
}

/** Of all containers together. The tests' own counts from its start, where its counters were 0; the others from their first sample. */
function containerCounters(
  records: readonly SampleRecord[],
  clock: CurveClock,
  {
    testContainerId,
    testsStartedAt = null,
  }: { readonly testContainerId: string; readonly testsStartedAt?: string | null },
) {
  const samples = records.flatMap((record) =>
    record.kind === 'sample' ? [{ ...record, atMs: Date.parse(record.readAt) }] : [],
  );
  const startMs = Date.parse(testsStartedAt ?? '');
  const containers = [...Map.groupBy(samples, ({ id }) => id)];
  return (of: (sample: Sample) => number | null | undefined): Gains => {
    const each = containers.map(([id, own]) => {
      const readings = own.flatMap((sample) => readingAt(sample.atMs, of(sample)));
      const fromStart = id === testContainerId && startMs < (readings[0]?.atMs ?? Number.NEGATIVE_INFINITY);
      return gainsOf(fromStart ? [{ atMs: startMs, value: 0 }, ...readings] : readings, clock);
    });
    return Array.from({ length: clock.stretches }, (_, stretch) =>
      sumOfKnown(each.map((gains) => gains[stretch] ?? null)),
    );
  };
}

function readingAt(atMs: number, value: number | null | undefined): readonly Reading[] {
  return value === null || value === undefined ? [] : [{ atMs, value }];
}

/** Readings are joined by straight lines. A counter that went back started again at 0. */
function gainsOf(readings: readonly Reading[], clock: CurveClock): Gains {
  const gains: (number | null)[] = Array.from({ length: clock.stretches }, () => null);
  const stretchMs = (clock.seconds * 1_000) / clock.stretches;
  for (const [index, to] of readings.entries()) {
    const from = readings[index - 1];
    if (from === undefined || to.atMs <= from.atMs) continue;
    const perMs = (to.value >= from.value ? to.value - from.value : to.value) / (to.atMs - from.atMs);
    for (let stretch = stretchOf(clock, from.atMs); stretch <= stretchOf(clock, to.atMs); stretch += 1) {
      const start = clock.fromMs + stretch * stretchMs;
      const overlapMs = Math.min(to.atMs, start + stretchMs) - Math.max(from.atMs, start);
      if (overlapMs > 0) gains[stretch] = (gains[stretch] ?? 0) + perMs * overlapMs;
    }
  }
  return gains;
}

function known(gains: Gains): Gains | null {
  return gains.every((gain) => gain === null) ? null : gains;
}

/** @param divisor what a gain is divided by: the length of a stretch, and the size of a unit */
function column(gains: Gains, divisor: number, most = Number.POSITIVE_INFINITY): CurveColumn {
  return known(gains)?.map((gain) => (gain === null ? null : rounded(Math.min(most, gain / divisor)))) ?? null;
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);
}

/** Four figures are more than a picture can show. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
