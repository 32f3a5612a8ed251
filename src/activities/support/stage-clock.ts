/** Notes when the parts of a stage happened, for the span tree of the run. */
import type { StagePart, StagePartKind, StageTimes } from '../../model/stage-times.ts';

export interface StageClock {
  /** Does the work and notes when it began and ended, also where it fails. Parts do not overlap: never one within another. */
  part<T>(kind: StagePartKind, name: string | null, work: () => Promise<T>): Promise<T>;
  /** Up to now. */
  times(): StageTimes;
}

/** A wait that is shorter was none. */
const SHORTEST_WAIT_SECONDS = 0.01;

/** @param now seconds by a monotonic clock */
export function stageClock(now: () => number = () => performance.now() / 1_000): StageClock {
  const begunMs = Date.now();
  const begunSeconds = now();
  const elapsed = () => Math.round((now() - begunSeconds) * 1e6) / 1e6;
  const parts: StagePart[] = [];
  return {
    part: async (kind, name, work) => {
      const fromSeconds = elapsed();
      try {
        return await work();
      } finally {
        parts.push({ kind, name, fromSeconds, toSeconds: elapsed() });
      }
    },
    times: () => ({
      startedAt: new Date(begunMs).toISOString(),
      finishedAt: new Date(begunMs + elapsed() * 1_000).toISOString(),
      parts: parts.filter(isWorthKeeping),
    }),
  };
}

function isWorthKeeping({ kind, fromSeconds, toSeconds }: StagePart): boolean {
  return !kind.startsWith('waitFor') || toSeconds - fromSeconds >= SHORTEST_WAIT_SECONDS;
}
