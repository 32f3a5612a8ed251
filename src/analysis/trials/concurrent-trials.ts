import type { TrialResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';

/** The trials of the run whose tests ran at the same time on the same host, by the engine's clock. */
export function concurrentWith(record: TrialRecord, { trials }: RunFacts): TrialResult['concurrentWith'] {
  return trials
    .filter((other) => other.hostId === record.hostId && !isSame(other, record) && overlaps(other, record))
    .map(({ scenarioName, trial }) => ({ scenario: scenarioName, trial }));
}

function isSame(a: TrialRecord, b: TrialRecord): boolean {
  return a.scenarioId === b.scenarioId && a.trial === b.trial && a.try === b.try;
}

function overlaps(a: TrialRecord, b: TrialRecord): boolean {
  const [one, other] = [spanOf(a), spanOf(b)];
  return one !== null && other !== null && one.start < other.end && other.start < one.end;
}

function spanOf({ startedAt, finishedAt }: TrialRecord): { readonly start: number; readonly end: number } | null {
  if (startedAt === null || finishedAt === null) return null;
  return { start: Date.parse(startedAt), end: Date.parse(finishedAt) };
}
