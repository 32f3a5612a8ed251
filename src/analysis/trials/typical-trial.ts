/** The one trial of a scenario that stands for the others where a report shows a single one. */
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials, judgedTrials } from './trials.ts';

/**
 * The clean trial nearest to the median of all clean ones; if none is clean, the last one. Only trials with the wanted
 * profile are chosen.
 * @returns null if no trial has it
 */
export function typicalTrial(
  facts: RunFacts,
  scenarioId: string,
  isSeen: (trial: TrialRecord) => boolean,
): TrialRecord | null {
  const clean = cleanTrials(facts, scenarioId);
  const samples = samplesOf(clean.map(({ seconds }) => seconds));
  const middle = samples === null ? 0 : median(samples);
  const distance = ({ seconds }: TrialRecord) => Math.abs((seconds ?? 0) - middle);
  const [nearest] = clean.filter(isSeen).sort((a, b) => distance(a) - distance(b));
  return nearest ?? judgedTrials(facts, scenarioId).findLast(isSeen) ?? null;
}

/** The last try of a measured trial that a result names; null if the facts do not have it. */
export function namedTrial({ trials }: RunFacts, scenarioName: string, number: number): TrialRecord | null {
  return (
    trials.findLast(
      (each) => each.scenarioName === scenarioName && each.trial === number && each.kind === 'measured',
    ) ?? null
  );
}
