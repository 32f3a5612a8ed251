/** How the memory of a trial went, from its records. Pure. */
import type { MemoryCurve } from '../../model/profile/trial-resources.ts';
import { type CurveClock, curveClock, endsOf, stretchOf } from './curve-clock.ts';
import type { SampleRecord } from './resource-samples.ts';

interface Point {
  readonly atMs: number;
  readonly bytes: number;
}

/** @returns null with fewer than two samples */
export function memoryCurve(records: readonly SampleRecord[], testContainerId: string): MemoryCurve | null {
  const clock = curveClock(records, testContainerId);
  if (clock === null) return null;
  const ofTrial = records.flatMap((record): Point[] =>
    record.kind === 'parent' && record.moment === 'running' && record.peakWorkingSetBytes !== null
      ? [{ atMs: Date.parse(record.at), bytes: record.peakWorkingSetBytes }]
      : [],
  );
  if (ofTrial.length > 1) return curveOf(ofTrial, clock, 'trial');
  const ofTests = records.flatMap((record): Point[] =>
    record.kind === 'sample' && record.id === testContainerId
      ? [{ atMs: Date.parse(record.readAt), bytes: record.workingSetBytes }]
      : [],
  );
  return ofTests.length > 1 ? curveOf(ofTests, clock, 'tests') : null;
}

/** A peak is what matters, so each stretch keeps its largest value. A stretch without a sample has none. */
function curveOf(points: readonly Point[], clock: CurveClock, of: MemoryCurve['of']): MemoryCurve {
  const largest = new Map<number, number>();
  for (const { atMs, bytes } of points) {
    const stretch = stretchOf(clock, atMs);
    largest.set(stretch, Math.max(bytes, largest.get(stretch) ?? 0));
  }
  const kept = [...largest].toSorted(([a], [b]) => a - b);
  const ends = endsOf(clock);
  return {
    of,
    atSeconds: kept.map(([stretch]) => ends[stretch]!),
    workingSetBytes: kept.map(([, bytes]) => bytes),
  };
}
