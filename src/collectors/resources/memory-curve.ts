/** How the memory of a trial went, from its records. Pure. */
import type { MemoryCurve } from '../../model/profile/trial-resources.ts';
import type { SampleRecord } from './resource-samples.ts';

const MOST_POINTS = 60;

interface Point {
  readonly atMs: number;
  readonly bytes: number;
}

/** @returns null with fewer than two samples */
export function memoryCurve(records: readonly SampleRecord[], testContainerId: string): MemoryCurve | null {
  const ofTrial = records.flatMap((record): Point[] =>
    record.kind === 'parent' && record.moment === 'running' && record.peakWorkingSetBytes !== null
      ? [{ atMs: Date.parse(record.at), bytes: record.peakWorkingSetBytes }]
      : [],
  );
  if (ofTrial.length > 1) return curveOf(ofTrial, 'trial');
  const ofTests = records.flatMap((record): Point[] =>
    record.kind === 'sample' && record.id === testContainerId
      ? [{ atMs: Date.parse(record.readAt), bytes: record.workingSetBytes }]
      : [],
  );
  return ofTests.length > 1 ? curveOf(ofTests, 'tests') : null;
}

/** A peak is what matters, so each stretch keeps its largest value. A stretch without a sample has none. */
function curveOf(points: readonly Point[], of: MemoryCurve['of']): MemoryCurve | null {
  const from = points[0]?.atMs ?? 0;
  const length = (points.at(-1)?.atMs ?? from) - from;
  if (length <= 0) return null;
  const count = Math.min(MOST_POINTS, points.length);
  const largest = new Map<number, number>();
  for (const { atMs, bytes } of points) {
    const stretch = Math.min(count - 1, Math.max(0, Math.floor(((atMs - from) / length) * count)));
    largest.set(stretch, Math.max(bytes, largest.get(stretch) ?? 0));
  }
  const kept = [...largest].toSorted(([a], [b]) => a - b);
  return {
    of,
    atSeconds: kept.map(([stretch]) => Number((((stretch + 1) / count) * (length / 1000)).toFixed(3))),
    workingSetBytes: kept.map(([, bytes]) => bytes),
  };
}
