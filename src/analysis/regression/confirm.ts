/** A suspicion is decided step by step: the cheapest measurement that can settle it comes next. */
import type { Candidate, ConfirmationStep, Evidence, RegressionAlert } from '../../model/regression.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';
import { concludeAlert } from './alert.ts';
import { decidePairs, firstOf } from './pairs.ts';
import { decideReruns, effectOf } from './reruns.ts';
import { withoutChangedTests } from './tests-taken-out.ts';
import { DECISION } from './tuning.ts';

/**
 * What to measure next, or the final alert. First the commit once more: most suspicions are a run that stalled, and one
 * re-run near the baseline clears them at a tenth of what an A/B costs. One in doubt gets a second. Those that stay over
 * the threshold go to pairs of base and head, which alone confirm, and are given up early where the pairs show less than
 * half of the threshold. Where the base cannot be had, re-runs decide.
 */
export function nextStep(candidate: Candidate, evidence: Evidence): ConfirmationStep {
  if (evidence.stopped !== null) return decided(candidate, evidence, 'inconclusive');
  if (evidence.baseUnavailable !== null) return byReruns(candidate, evidence);
  return evidence.pairs.length === 0 ? beforePairs(candidate, evidence) : byPairs(candidate, evidence);
}

function beforePairs(candidate: Candidate, evidence: Evidence): ConfirmationStep {
  const limit = Math.log1p(candidate.threshold);
  const effects = evidence.reruns.map(({ value }) => effectOf(candidate, value));
  const newest = effects.at(-1);
  if (newest === undefined) return { kind: 'rerun' };
  if (newest < limit / 2) return decided(candidate, evidence, 'cleared');
  if (newest >= limit) return { kind: 'pair', first: firstOf(0) };
  return effects.length < DECISION.rerunsBeforePairs ? { kind: 'rerun' } : decided(candidate, evidence, 'cleared');
}

function byReruns(candidate: Candidate, evidence: Evidence): ConfirmationStep {
  if (evidence.reruns.length === 0) return { kind: 'rerun' };
  const { state } = decideReruns(candidate, evidence.reruns);
  return state === 'undecided' ? { kind: 'rerun' } : decided(candidate, evidence, state);
}

function byPairs(candidate: Candidate, evidence: Evidence): ConfirmationStep {
  const { pairs } = evidence;
  const { direction, threshold, baseline } = candidate;
  const next = { kind: 'pair', first: firstOf(pairs.length) } as const;
  const comparison = decidePairs(pairs, { threshold, tests: baseline.tests });
  if (comparison.kind === 'refused') {
    return pairs.length < 2 ? next : decided(candidate, evidence, 'inconclusive');
  }
  const { verdict } = comparison;
  if (verdict === (direction === 'slower' ? 'regressed' : 'improved')) return decided(candidate, evidence, 'confirmed');
  if (verdict !== 'inconclusive' || isHopeless(candidate, evidence)) return decided(candidate, evidence, 'cleared');
  return pairs.length < DECISION.mostPairs ? next : decided(candidate, evidence, 'inconclusive');
}

/** Two pairs that both show less than half of the threshold, or more whose median does. */
function isHopeless({ direction, threshold, baseline }: Candidate, { pairs }: Evidence): boolean {
  if (pairs.length < DECISION.pairsBeforeGivingUp) return false;
  const sign = direction === 'slower' ? 1 : -1;
  const effects = samplesOf(
    pairs.map((pair) => {
      const { base, head } = withoutChangedTests({ base: pair.base.value, head: pair.head.value }, baseline.tests);
      return sign * Math.log(head / base);
    }),
  )!;
  return (pairs.length === 2 ? Math.max(...effects) : median(effects)) < Math.log1p(threshold) / 2;
}

function decided(candidate: Candidate, evidence: Evidence, state: RegressionAlert['state']): ConfirmationStep {
  return { kind: 'decided', alert: concludeAlert(candidate, evidence, state) };
}
