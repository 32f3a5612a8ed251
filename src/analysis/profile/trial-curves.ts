/** What a trial used over time, with its phases and stages on the same clock, for a picture. Pure. */
import type { ResourceCurves } from '../../model/profile/trial-resources.ts';
import type { TrialRecord } from '../../model/run.ts';
import type { Span } from '../../model/span.ts';
import { trialSpan } from '../spans/trial-spans.ts';

/** All times in seconds since the test container started; before it, below 0. */
export interface TrialCurves {
  /** The end of each stretch. */
  readonly atSeconds: readonly number[];
  readonly curves: Omit<ResourceCurves, 'startedAt' | 'atSeconds'>;
  /** The largest working set of each stretch; null in a stretch without a sample, and where no stretch has one. */
  readonly memory: { readonly of: 'trial' | 'tests'; readonly workingSetBytes: readonly (number | null)[] } | null;
  /** Of pytest, and what is outside of it, one after another; none if pytest was not instrumented or ran several times. */
  readonly phases: readonly Stretch[];
  /** Of the trial: waits, services, tests, reading of results. */
  readonly stages: readonly Stretch[];
}

export interface Stretch {
  /** As the spans of a run have it: `start`, `collection`, `tests`, `report`; `services`, `prepare`, `tests`, `collect` … */
  readonly id: string;
  readonly name: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** @returns null where older versions stored no curves, and where nothing was sampled twice */
export function trialCurves(trial: TrialRecord): TrialCurves | null {
  const { curves: stored, memory } = trial.profile?.resources ?? {};
  if (stored === undefined) return null;
  const { startedAt, atSeconds, ...curves } = stored;
  const zeroMs = Date.parse(trial.startedAt ?? startedAt);
  const since = (iso: string) => (Date.parse(iso) - zeroMs) / 1_000;
  const peaks = new Map(memory?.atSeconds.map((at, index) => [at, memory.workingSetBytes[index] ?? null]));
  const stages = trialSpan(trial, since)?.children ?? [];
  const isOneRun = trial.profile?.pytest?.sessions === 1;
  return {
    atSeconds: atSeconds.map((at) => rounded(at + since(startedAt))),
    curves,
    memory:
      memory === undefined ? null : { of: memory.of, workingSetBytes: atSeconds.map((at) => peaks.get(at) ?? null) },
    phases: isOneRun ? stages.flatMap(({ id, children }) => (id === 'tests' ? children.map(stretchOf) : [])) : [],
    stages: stages.map(stretchOf),
  };
}

function stretchOf({ id, name, fromSeconds, toSeconds }: Span): Stretch {
  return { id, name, fromSeconds, toSeconds };
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(3));
}
