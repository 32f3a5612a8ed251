/** Whether a stored run can stand for the trial from which `tune` simulates. Pure. */
import type { Scenario } from '../../model/plan.ts';
import type { RunFacts } from '../../model/run.ts';
import type { TunePlan } from '../../model/tune.ts';
import { predict } from './predict.ts';
import { tunePlan } from './tune.ts';

/**
 * @param now the side that will be measured, from which no trial is stored yet
 * @returns null where commit, settings or hardware differ, or where nothing can be predicted from it
 */
export function planFromStored(now: RunFacts, stored: RunFacts, scenario: Scenario): TunePlan | null {
  if (now.plan === null || scenario.command === null || !fits(now, stored, scenario)) return null;
  // The candidates are written into the plan that is measured.
  const facts = { ...stored, plan: now.plan };
  if (predict(facts, scenario).kind === 'unknown') return null;
  return { ...tunePlan(facts, scenario, scenario.command), from: stored.run.runId };
}

function fits(now: RunFacts, stored: RunFacts, scenario: Scenario): boolean {
  return (
    isSameSource(now.source, stored.source) &&
    settingsOf(now, scenario) === settingsOf(stored, scenario) &&
    hardwareOf(now).length === 1 &&
    hardwareOf(stored).every((key) => key === hardwareOf(now)[0])
  );
}

function isSameSource(now: RunFacts['source'], stored: RunFacts['source']): boolean {
  return (
    now !== null && stored !== null && now.commit !== null && now.commit === stored.commit && stored.dirty === false
  );
}

/** What decides how the scenario runs. */
function settingsOf({ plan, service, standIns }: RunFacts, { id }: Scenario): string {
  const command = plan?.scenarios.find((each) => each.id === id)?.command ?? null;
  const images = standIns.map(({ image, standIn }) => `${image} ${standIn}`).toSorted();
  return JSON.stringify([plan?.compose, plan?.dockerfile, plan?.lanes, command, service, images]);
}

function hardwareOf({ hosts }: RunFacts): string[] {
  const keys = hosts.map(({ fingerprint: { key } }) =>
    JSON.stringify([key.cpuModel, key.cores, key.memoryGib, key.engineMajor]),
  );
  return [...new Set(keys)];
}
