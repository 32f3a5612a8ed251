/** How the services performed during the tests, and the findings in their logs. */
import type { LogFindingKind, ServiceQueries } from '../../model/profile/services.ts';
import type { LogResult, ServicesResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { finalTries, isOfFailedTrial, judgedTrials } from '../trials/trials.ts';

/** Of the first trial of the primary scenario that looked. */
export function servicesOf(facts: RunFacts): ServicesResult | null {
  const primary = facts.plan?.scenarios.find((scenario) => scenario.primary);
  if (primary === undefined) return null;
  for (const record of judgedTrials(facts, primary.id)) {
    const { trial, profile } = record;
    const timings = profile?.services ?? [];
    const traffic = profile?.traffic ?? [];
    if (timings.length === 0 && traffic.length === 0) continue;
    const queries = [...(profile?.queries ?? []), ...loggedQueries(facts, primary.id)];
    const ofFailedTrial = isOfFailedTrial(record);
    return { scenario: primary.name, trial, ofFailedTrial, timings, queries, traffic };
  }
  return null;
}

/** Statements are logged in a warm-up, since logging them takes time. */
function loggedQueries(facts: RunFacts, primaryId: string): readonly ServiceQueries[] {
  const warmup = finalTries(facts, primaryId).find(({ kind, profile }) => kind === 'warmup' && profile?.queries);
  return warmup?.profile?.queries ?? [];
}

/** What stops tests before what slows them, and what slows them before what only will. */
const BY_WEIGHT: readonly LogFindingKind[] = [
  'outOfMemory',
  'diskFull',
  'ended',
  'lock',
  'connectionLimit',
  'slowQuery',
  'timeout',
  'connectionFailed',
  'retry',
  'deprecation',
];
const MAX_FINDINGS = 60;

/** Of all trials that looked: one finding of a kind and a service for each scenario, that of its first trial. */
export function logsOf(facts: RunFacts): readonly LogResult[] {
  const scenarios = [...(facts.plan?.scenarios ?? [])].sort((a, b) => Number(b.primary) - Number(a.primary));
  const found = scenarios.flatMap(({ id, name }) => {
    const ofScenario = judgedTrials(facts, id).flatMap(({ trial, profile }) =>
      (profile?.logs ?? []).map((finding) => ({ scenario: name, trial, ...finding })),
    );
    const seen = new Set<string>();
    return ofScenario.filter(({ service, kind }) => {
      const key = JSON.stringify([service, kind]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  });
  return found
    .sort((a, b) => BY_WEIGHT.indexOf(a.kind) - BY_WEIGHT.indexOf(b.kind) || b.count - a.count)
    .slice(0, MAX_FINDINGS);
}
