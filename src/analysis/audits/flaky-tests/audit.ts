import type { TrialRecord } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';
import { judgedTrials } from '../../trials/trials.ts';
import { type Audit, type AuditContext, type Finding, scenarioNames } from '../audit.ts';
import { placeOfTest } from '../support/primary.ts';

/** A test that fails in some trials of the same commit, on the same machine, with the same command, is flaky. */
export const flakyTests: Audit = {
  id: 'flaky-tests',
  title: 'Tests pass in some trials and fail in others',
  ok: 'No test passed in one trial and failed in another one of the same scenario.',
  requires: ['pytest'],
  audit: (context) => context.plan.scenarios.flatMap(({ id }) => findings(context, id)),
};

function findings({ facts }: AuditContext, scenarioId: string): Finding[] {
  // A trial that broke off says nothing of the tests that it did not reach.
  const trials = judgedTrials(facts, scenarioId).filter(
    ({ outcome, profile }) => (outcome === 'passed' || outcome === 'testsFailed') && profile?.pytest != null,
  );
  if (trials.length < 2) return [];
  const failures = new Map<string, number>();
  for (const { profile } of trials) {
    for (const id of new Set(profile?.pytest?.failedTests)) failures.set(id, (failures.get(id) ?? 0) + 1);
  }
  return [...failures].flatMap(([id, failed]) => (failed === trials.length ? [] : [finding(id, failed, trials)]));
}

function finding(id: string, failed: number, trials: readonly TrialRecord[]): Finding {
  const { low, high } = wilsonInterval(failed, trials.length);
  return {
    kind: 'problem',
    message: `Fix ${id}, or mark it: it failed in ${failed} of ${trials.length} trials of ${scenarioNames(trials)}.`,
    evidence: [`it fails in ${figure(low, 'ratio')} to ${figure(high, 'ratio')} of trials (95 % Wilson interval)`],
    where: placeOfTest(trials[0]?.profile?.pytest ?? {}, id),
  };
}
