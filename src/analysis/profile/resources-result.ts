/** What the trials used, and how busy their host was: one trial stands for each scenario. */
import type { TrialResources } from '../../model/profile/trial-resources.ts';
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
    const shown = resources === null ? null : withoutSeries(resources, primary);
    return [{ scenario: name, trial: seen.trial, ofFailedTrial: isOfFailedTrial(seen), resources: shown, host }];
  });
}

/** A result with many scenarios stays small: it has no curves, and the containers of the primary scenario alone. */
function withoutSeries(resources: TrialResources, primary: boolean) {
  const { memory: _, curves: __, ...rest } = resources;
  return primary ? rest : { ...rest, containers: [] };
}

function wasSeen({ profile }: TrialRecord): boolean {
  return profile?.resources !== undefined || profile?.host !== undefined;
}
