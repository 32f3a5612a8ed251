/** What the trials used, and how busy their host was: one trial stands for each scenario. */
import type { ResourcesResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials, isOfFailedTrial, judgedTrials } from '../trials/trials.ts';

/** In the plan's order; scenarios of which nothing was seen are left out. */
export function resourcesOf(facts: RunFacts): ResourcesResult[] {
  return (facts.plan?.scenarios ?? []).flatMap(({ id, name, primary }) => {
    const seen = seenTrial(facts, id);
    if (seen === null) return [];
    const { resources = null, host = null } = seen.profile ?? {};
    // Of the primary scenario alone container by container: a result with many scenarios stays small.
    const shown = resources === null || primary ? resources : { ...resources, containers: [] };
    return [{ scenario: name, trial: seen.trial, ofFailedTrial: isOfFailedTrial(seen), resources: shown, host }];
  });
}

/** The clean trial nearest to the median; where none is clean, the last that was seen. */
function seenTrial(facts: RunFacts, scenarioId: string): TrialRecord | null {
  const clean = cleanTrials(facts, scenarioId);
  const samples = samplesOf(clean.map(({ seconds }) => seconds));
  const middle = samples === null ? 0 : median(samples);
  const distance = ({ seconds }: TrialRecord) => Math.abs((seconds ?? 0) - middle);
  const seen = clean.filter(wasSeen).sort((a, b) => distance(a) - distance(b));
  return seen[0] ?? judgedTrials(facts, scenarioId).findLast(wasSeen) ?? null;
}

function wasSeen({ profile }: TrialRecord): boolean {
  return profile?.resources !== undefined || profile?.host !== undefined;
}
