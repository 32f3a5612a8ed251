import { attributionSentence } from '../../analysis/attribution/sentence.ts';
import { nextStep } from '../../analysis/regression/confirm.ts';
import { decidePairs } from '../../analysis/regression/pairs.ts';
import { typicalPair } from '../../analysis/regression/typical-pair.ts';
import type { BenchmarkActivities } from '../../model/activities.ts';
import type { Pair, RegressionAlert } from '../../model/regression.ts';
import { activity } from '../support/attempt.ts';
import type { ActivityDeps, Make } from '../support/deps.ts';
import { evidenceOf } from './measured.ts';
import { movedBetween } from './moved.ts';

type Input = Parameters<BenchmarkActivities['nextMeasurement']>[0];

/** Decided in an activity, so that the decision is in Temporal's history: a changed threshold does not break a replay. */
export const nextMeasurement: Make<'nextMeasurement'> = (deps) =>
  activity({ phase: 'collecting' }, async (input) => {
    const { candidate, head, base, taken, baseUnavailable, stopped } = input;
    const { reruns, pairs, missing } = await evidenceOf(deps, { base, head }, candidate.suspect, taken);
    const step = nextStep(candidate, {
      reruns,
      pairs,
      baseUnavailable: baseUnavailable ?? (missing.base === null ? null : `The base has no figure: ${missing.base}`),
      stopped: stopped ?? (missing.head === null ? null : `This commit has no second figure: ${missing.head}`),
    });
    return step.kind === 'decided' ? { ...step, alert: await explained(deps, step.alert, input, pairs) } : step;
  });

/** The runs before a proposed change were on other machines, so its pairs tell what moved. */
async function explained(
  { store }: ActivityDeps,
  alert: RegressionAlert,
  { candidate, head, base, taken }: Input,
  pairs: readonly Pair[],
): Promise<RegressionAlert> {
  const { suspect, threshold, baseline, direction, onlyPairs } = candidate;
  if (!onlyPairs || alert.state !== 'confirmed' || alert.decidedBy !== 'pairs') return alert;
  const comparison = decidePairs(pairs, { threshold, tests: baseline.tests });
  const ofPairs = taken.filter(({ kind }) => kind === 'pair');
  const moved = await movedBetween(store, { base, head }, suspect, { comparison, pairs, taken: ofPairs });
  const typical = pairs[typicalPair(pairs, direction === 'slower' ? 'regressed' : 'improved') ?? -1];
  const sentence = typical === undefined ? null : attributionSentence(moved, typical.head.value - typical.base.value);
  return sentence === null ? alert : { ...alert, message: `${alert.message} ${sentence}`, moved };
}
