/** What the probe within pytest saw, of the one trial of each scenario that stands for the others. */
import type { Scenario } from '../../model/plan.ts';
import type { PytestDetails, PytestSummary } from '../../model/result.ts';
import type { PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials, isOfFailedTrial, judgedTrials } from '../trials/trials.ts';

export interface SeenTrial {
  readonly trial: TrialRecord;
  readonly pytest: PytestProfile;
}

/** The clean trial nearest to the median; where none is clean, the last that was seen. null if none was. */
export function seenTrial(facts: RunFacts, scenarioId: string): SeenTrial | null {
  const clean = cleanTrials(facts, scenarioId);
  const samples = samplesOf(clean.map(({ seconds }) => seconds));
  const middle = samples === null ? 0 : median(samples);
  const distance = ({ trial: { seconds } }: SeenTrial) => Math.abs((seconds ?? 0) - middle);
  const seen = clean.flatMap(withProfile).sort((a, b) => distance(a) - distance(b));
  return seen[0] ?? judgedTrials(facts, scenarioId).flatMap(withProfile).at(-1) ?? null;
}

function withProfile(trial: TrialRecord): SeenTrial[] {
  return trial.profile?.pytest ? [{ trial, pytest: trial.profile.pytest }] : [];
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
