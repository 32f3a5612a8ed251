/** What each scenario of the plan came to. */
import type { Scenario } from '../../model/plan.ts';
import type { ScenarioResult, TrialResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { targetVerdict } from './target-verdict.ts';
import { summaryOf } from '../profile/pytest-details.ts';
import { interruption } from './interruption.ts';
import { testSetOf } from '../trials/same-tests.ts';
import { concurrentWith } from '../trials/concurrent-trials.ts';
import { median } from '../statistics/median.ts';
import { medianInterval } from '../statistics/median-interval.ts';
import { type Samples, samplesOf } from '../statistics/samples.ts';
import { minimumDetectableEffect } from '../statistics/minimum-detectable-effect.ts';
import { cleanTrials, judgedTrials, OUTCOMES, reasonOf } from '../trials/trials.ts';

/** One result a scenario, in the plan's order; none if the run ended before it had a plan. */
export function judgeScenarios(facts: RunFacts): ScenarioResult[] {
  return (facts.plan?.scenarios ?? []).map((scenario) => judgeScenario(facts, scenario));
}

function judgeScenario(facts: RunFacts, scenario: Scenario): ScenarioResult {
  const samples = samplesOf(cleanTrials(facts, scenario.id).map(({ seconds }) => seconds));
  return {
    name: scenario.name,
    command: scenario.command,
    target: scenario.targetSeconds,
    primary: scenario.primary,
    ...outcomeOf(facts, scenario, samples),
    pytest: summaryOf(facts, scenario),
    ...spreadOf(samples),
    trials: facts.trials
      .filter(({ scenarioId }) => scenarioId === scenario.id)
      .sort((a, b) => a.trial - b.trial || a.try - b.try)
      .map((record) => trialResult(record, facts)),
  };
}

/**
 * The first that applies: a trial that never came to its tests, a red or broken trial, no clean trial at all, the median
 * against the target. A scenario with one red trial has failed, however fast its other trials were.
 */
function outcomeOf(
  facts: RunFacts,
  { id, targetSeconds }: Scenario,
  samples: Samples | null,
): Pick<ScenarioResult, 'seconds' | 'reason' | 'verdict'> {
  const trials = judgedTrials(facts, id);
  const seconds = samples && median(samples);
  for (const verdict of ['error', 'failed'] as const) {
    const affected = trials.filter(({ outcome }) => OUTCOMES[outcome].means === verdict);
    if (affected.length > 0) return { seconds, verdict, reason: reasonOfAll(affected, trials.length) };
  }
  if (seconds !== null) return { seconds, verdict: targetVerdict(seconds, targetSeconds), reason: null };
  if (trials.length > 0) {
    return { seconds, verdict: 'notMeasured', reason: 'Its trials passed, but none has a time.' };
  }
  return { seconds, ...interruption(facts, 'test') };
}

function reasonOfAll(affected: readonly TrialRecord[], trials: number): string {
  const reason = reasonOf(affected[0]!);
  return trials === 1 ? reason : `${affected.length} of ${trials} trials: ${reason}`;
}

function spreadOf(samples: Samples | null): Pick<ScenarioResult, 'samples' | 'interval' | 'minimumDetectableEffect'> {
  if (samples === null) return { samples: 0, interval: null, minimumDetectableEffect: null };
  return {
    samples: samples.length,
    interval: medianInterval(samples),
    minimumDetectableEffect: minimumDetectableEffect(samples),
  };
}

function trialResult(record: TrialRecord, facts: RunFacts): TrialResult {
  return {
    trial: record.trial,
    try: record.try,
    kind: record.kind,
    seconds: record.seconds,
    exitCode: record.exitCode,
    outcome: record.outcome,
    reason: record.reason,
    hostId: record.hostId,
    lane: record.lane,
    tests: record.tests,
    testsReason: record.testsReason,
    testSet: testSetOf(record),
    unfinishedTest: record.profile?.pytest?.unfinishedTest ?? null,
    reattached: record.reattached,
    disturbed: record.disturbed?.reason ?? null,
    concurrentWith: concurrentWith(record, facts),
  };
}
