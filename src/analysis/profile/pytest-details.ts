/** What the probe within pytest saw, of the one trial of each scenario that stands for the others. */
import type { Scenario } from '../../model/plan.ts';
import type { PytestDetails, PytestSummary } from '../../model/result.ts';
import type { PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { isOfFailedTrial } from '../trials/trials.ts';
import { typicalTrial } from '../trials/typical-trial.ts';

export interface SeenTrial {
  readonly trial: TrialRecord;
  readonly pytest: PytestProfile;
}

/** Of the trials that pytest was profiled in, the typical one; null if there is none. */
export function seenTrial(facts: RunFacts, scenarioId: string): SeenTrial | null {
  const trial = typicalTrial(facts, scenarioId, ({ profile }) => profile?.pytest != null);
  const pytest = trial?.profile?.pytest;
  return trial && pytest ? { trial, pytest } : null;
}

/** Of any scenario. */
export function summaryOf(facts: RunFacts, { id }: Scenario): PytestSummary | null {
  const seen = seenTrial(facts, id);
  if (seen === null) return null;
  const { configuration, path, testSet, coverageReportSeconds } = seen.pytest;
  return {
    trial: seen.trial.trial,
    ofFailedTrial: isOfFailedTrial(seen.trial),
    configuration,
    path,
    testSet,
    coverageReportSeconds,
  };
}

/** Of the primary scenario, since the whole would not be small. */
export function detailsOf(facts: RunFacts): PytestDetails | null {
  const primary = facts.plan?.scenarios.find((scenario) => scenario.primary);
  const seen = primary && seenTrial(facts, primary.id);
  if (!seen) return null;
  const { workers, slowestTests, fixtures, markers, directories, files, failedTests, unfinishedTest } = seen.pytest;
  // Records made before tear-downs were looked at lack them.
  const costs = fixtures.map((fixture) => ({ ...fixture, teardown: fixture.teardown ?? null }));
  const lists = { workers, slowestTests, fixtures: costs, markers, directories, files, failedTests, unfinishedTest };
  return {
    scenario: primary.name,
    trial: seen.trial.trial,
    ofFailedTrial: isOfFailedTrial(seen.trial),
    ...lists,
  };
}
