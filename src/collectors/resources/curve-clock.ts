/** The clock of a trial's curves: its samples, in at most 60 stretches of equal length. Pure. */
import type { SampleRecord } from './resource-samples.ts';

const MOST_STRETCHES = 60;

export interface CurveClock {
  /** Since 1970. */
  readonly fromMs: number;
  readonly seconds: number;
  readonly stretches: number;
}

/** @returns null with fewer than two samples, or without time between them */
export function curveClock(records: readonly SampleRecord[], testContainerId: string): CurveClock | null {
  const ofTrial = records.flatMap((record) =>
    record.kind === 'parent' && record.moment === 'running' ? [Date.parse(record.at)] : [],
  );
  return clockOf(ofTrial) ?? clockOf(momentsOf(records, testContainerId));
}

/** The end of each stretch, since the start of the clock. */
export function endsOf({ seconds, stretches }: CurveClock): readonly number[] {
  return Array.from({ length: stretches }, (_, stretch) => Number((((stretch + 1) / stretches) * seconds).toFixed(3)));
}

/** The stretch that has this moment in it; the first or the last for a moment outside of the clock. */
export function stretchOf({ fromMs, seconds, stretches }: CurveClock, atMs: number): number {
  const stretch = Math.floor(((atMs - fromMs) / (seconds * 1_000)) * stretches);
  return Math.min(stretches - 1, Math.max(0, stretch));
}

function momentsOf(records: readonly SampleRecord[], id: string): readonly number[] {
  return records.flatMap((record) => (record.kind === 'sample' && record.id === id ? [Date.parse(record.readAt)] : []));
}

function clockOf(all: readonly number[]): CurveClock | null {
  const moments = all.filter((moment) => Number.isFinite(moment));
  const [from] = moments;
  const to = moments.at(-1);
  if (from === undefined || to === undefined || to <= from) return null;
  return { fromMs: from, seconds: (to - from) / 1_000, stretches: Math.min(MOST_STRETCHES, moments.length) };
}
