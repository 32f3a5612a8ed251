/** Whether the same tests run with a remedy as without it, and are as green. */
import type { Verification } from '../../model/advice.ts';
import type { TrialRecord } from '../../model/run.ts';
import { OUTCOMES } from '../trials/trials.ts';

export type TestsJudged =
  | { readonly kind: 'same'; readonly wereRed: boolean }
  | { readonly kind: 'more'; readonly side: 'base' | 'head' }
  | ({ readonly kind: 'ended' } & Pick<Verification, 'state' | 'reason'>);

/**
 * One trial of each side. A red one with the remedy is repeated once: red twice is rejected, red once is inconclusive, for a flaky test
 * must not decide. Tests that are red without the remedy as well must not get redder.
 */
export function judgeTests(base: readonly TrialRecord[], head: readonly TrialRecord[]): TestsJudged {
  const before = base.at(-1);
  if (before === undefined) return { kind: 'more', side: 'base' };
  const isRed = before.outcome === 'testsFailed' && before.tests !== null;
  if (OUTCOMES[before.outcome].means !== 'clean' && !isRed) {
    return { kind: 'ended', state: 'inconclusive', reason: { kind: 'baseRed', reason: before.reason } };
  }
  if (head.length === 0) return { kind: 'more', side: 'head' };
  const lost = head.find(({ outcome }) => outcome === 'lost');
  if (lost !== undefined) {
    const reason = { kind: 'notMeasured', reason: lost.reason ?? 'The trial was lost.' } as const;
    return { kind: 'ended', state: 'inconclusive', reason };
  }
  const worse = head.filter((trial) => isWorse(trial, before));
  const [last] = worse.slice(-1);
  if (last === undefined) return sameSet(before, head.at(-1)!, isRed);
  if (head.length < 2) return { kind: 'more', side: 'head' };
  if (worse.length < 2) return { kind: 'ended', state: 'inconclusive', reason: { kind: 'testsUnstable' } };
  return {
    kind: 'ended',
    state: 'rejected',
    reason: { kind: 'testsRed', outcome: last.outcome, reason: last.reason },
  };
}

function isWorse({ outcome, tests }: TrialRecord, before: TrialRecord): boolean {
  if (OUTCOMES[outcome].means === 'clean') return false;
  if (OUTCOMES[before.outcome].means === 'clean' || outcome !== 'testsFailed' || tests === null) return true;
  return redOf(tests) > redOf(before.tests!);
}

function sameSet(before: TrialRecord, now: TrialRecord, wereRed: boolean): TestsJudged {
  const [a, b] = [countOf(before), countOf(now)];
  const [one, other] = [before.profile?.pytest?.testSet.digest, now.profile?.pytest?.testSet.digest];
  const isSame = one !== undefined && other !== undefined ? one === other : a === b;
  if (isSame) return { kind: 'same', wereRed };
  return { kind: 'ended', state: 'rejected', reason: { kind: 'testsChanged', base: a, head: b } };
}

function countOf({ tests, profile }: TrialRecord): number {
  return profile?.pytest?.testSet.count ?? (tests === null ? 0 : tests.passed + tests.failed + tests.errors);
}

function redOf({ failed, errors }: NonNullable<TrialRecord['tests']>): number {
  return failed + errors;
}
