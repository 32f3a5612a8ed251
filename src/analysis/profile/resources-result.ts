/** What the trials used, and how busy their host was: one trial stands for each scenario. */
import type { ResourcesResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { isOfFailedTrial } from '../trials/trials.ts';
import { typicalTrial } from '../trials/typical-trial.ts';

/** In the plan's order; scenarios of which nothing was seen are left out. */
export function resourcesOf(facts: RunFacts): ResourcesResult[] {
  return (facts.plan?.scenarios ?? []).flatMap(({ id, name, primary }) => {
    const seen = typicalTrial(facts, id, wasSeen);
    if (seen === null) return [];
    const { resources = null, host = null } = seen.profile ?? {};
    // Of the primary scenario alone container by container: a result with many scenarios stays small.
    const shown = resources === null || primary ? resources : { ...resources, containers: [] };
    return [{ scenario: name, trial: seen.trial, ofFailedTrial: isOfFailedTrial(seen), resources: shown, host }];
  });
}

function wasSeen({ profile }: TrialRecord): boolean {
  return profile?.resources !== undefined || profile?.host !== undefined;
}
