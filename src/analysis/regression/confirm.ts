/** A suspicion is decided step by step: the cheapest measurement that can settle it comes next. */
import type { Candidate, ConfirmationStep, Evidence, RegressionAlert } from '../../model/regression.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { concludeAlert } from './alert.ts';
import { decidePairs, firstOf } from './pairs.ts';
import { decideReruns, effectOf } from './reruns.ts';
import { withoutChangedTests } from './tests-taken-out.ts';
import { DECISION } from './constants.ts';

/**
 * What to measure next, or the final alert.
 *
 * First the commit is run again. Most suspicions are a run that stalled, and one re-run near the baseline clears them
 * at a tenth of the cost of an A/B comparison. If two re-runs stay away from the baseline, pairs of base and head
 * decide. Only pairs confirm. They stop early if they show less than half of the threshold. If the base cannot be
 * built, re-runs decide, except for a proposed change: it is inconclusive then.
 */
export function nextStep(candidate: Candidate, evidence: Evidence): ConfirmationStep {
  if (evidence.stopped !== null) return decided(candidate, evidence, 'inconclusive');
  if (evidence.baseUnavailable !== null) {
    return candidate.onlyPairs ? decided(candidate, evidence, 'inconclusive') : byReruns(candidate, evidence);
  }
  return evidence.pairs.length === 0 ? beforePairs(candidate, evidence) : byPairs(candidate, evidence);
}

function beforePairs(candidate: Candidate, evidence: Evidence): ConfirmationStep {
  const limit = Math.log1p(candidate.threshold);
  const effects = evidence.reruns.map(({ value }) => effectOf(candidate, value));
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / effects.length;
  if (effects.some((effect) => effect < DECISION.rerunClears * limit)) return decided(candidate, evidence, 'cleared');
  if (effects.length < DECISION.rerunsBeforePairs) return { kind: 'rerun' };
  if (mean < DECISION.rerunsClear * limit) return decided(candidate, evidence, 'cleared');
  return { kind: 'pair', first: firstOf(0) };
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
  if (isHopeless(candidate, evidence)) return decided(candidate, evidence, 'cleared');
  if (comparison.kind === 'refused') {
    return pairs.length < 2 ? next : decided(candidate, evidence, 'inconclusive');
  }
  const { verdict } = comparison;
  if (verdict === (direction === 'slower' ? 'regressed' : 'improved')) return decided(candidate, evidence, 'confirmed');
  if (verdict !== 'inconclusive') return decided(candidate, evidence, 'cleared');
  return pairs.length < DECISION.mostPairs ? next : decided(candidate, evidence, 'inconclusive');
}

/**
 * One pair shows the opposite because its head is back near the baseline. (A base that stalled would show it as well.)
 * Or two pairs both show less than half of the threshold, or the median of more pairs does.
 */
function isHopeless(candidate: Candidate, { pairs }: Evidence): boolean {
  const { direction, threshold, baseline } = candidate;
  const limit = Math.log1p(threshold);
  const sign = direction === 'slower' ? 1 : -1;
  const effects = pairs.map((pair) => {
    const { base, head } = withoutChangedTests({ base: pair.base.value, head: pair.head.value }, baseline.tests);
    return sign * Math.log(head / base);
  });
  const [only, ...more] = effects;
  if (more.length === 0) {
    return only! < 0 && effectOf(candidate, pairs[0]!.head.value) < DECISION.rerunClears * limit;
  }
  const shown = more.length === 1 ? Math.max(...effects) : median(effects as unknown as Samples);
  return shown < limit / 2;
}

function decided(candidate: Candidate, evidence: Evidence, state: RegressionAlert['state']): ConfirmationStep {
  return { kind: 'decided', alert: concludeAlert(candidate, evidence, state) };
}
