/** What the probe within pytest saw, of the one trial of each scenario that stands for the others. */
import type { Scenario } from '../../model/plan.ts';
import type { PytestDetails, PytestSummary } from '../../model/result.ts';
import type { FixtureCost, PytestProfile } from '../../model/profile/pytest-profile.ts';
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
  const { slowestTests, markers, directories, files, failedTests, unfinishedTest } = seen.pytest;
  return {
    scenario: primary.name,
    trial: seen.trial.trial,
    ofFailedTrial: isOfFailedTrial(seen.trial),
    workers: seen.pytest.workers.map(({ worker, tests, busySeconds }) => ({ worker, tests, busySeconds })),
    slowestTests,
    fixtures: seen.pytest.fixtures.map(shownFixture),
    markers,
    directories,
    files,
    failedTests,
    unfinishedTest,
    ...waitsOf(seen.pytest),
  };
}

/** Records made before tear-downs and users were looked at lack them. */
function shownFixture({ definition: _definition, value: _value, ...fixture }: FixtureCost) {
  return { ...fixture, teardown: fixture.teardown ?? null };
}

/** Those that are known. */
function waitsOf({ sleeps, collectedFiles, connections, coverageSettings }: PytestProfile) {
  return {
    ...(sleeps === undefined ? {} : { sleeps }),
    ...(collectedFiles === undefined ? {} : { collectedFiles }),
    ...(connections === undefined ? {} : { connections }),
    ...(coverageSettings === undefined ? {} : { coverageSettings }),
  };
}
