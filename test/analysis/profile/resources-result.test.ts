import { expect, test } from 'vitest';
import { resourcesOf } from '../../../src/analysis/profile/resources-result.ts';
import type { TrialProfile } from '../../../src/model/profile/trial-profile.ts';
import { badTrialOf, factsOf, FULL, planOf, QUICK, trialOf } from '../facts.ts';
import { CURVES, resourcesWith, USE } from '../resource-facts.ts';

const profile = (cpuSeconds: number): TrialProfile => ({
  notes: [],
  pytest: null,
  resources: resourcesWith({ service: 'test', container: 'test-1', ...USE }, { ...USE, cpuSeconds }),
});
const rows = (trials: ReturnType<typeof trialOf>[]) =>
  resourcesOf(factsOf({ plan: planOf({ scenarios: [FULL, QUICK] }), trials }));

test('the clean trial nearest to the median stands for its scenario', () => {
  const trials = [30, 40, 90].map((seconds, i) => trialOf(FULL, { trial: i + 1, seconds, profile: profile(seconds) }));
  expect(rows(trials)).toMatchObject([
    { scenario: FULL.name, trial: 2, host: null, resources: { total: { cpuSeconds: 40 } } },
  ]);
});

test('where none is clean, the last that was seen does', () => {
  const trials = [
    badTrialOf(FULL, 'outOfMemory', 'Killed.', { trial: 1, profile: profile(7) }),
    badTrialOf(FULL, 'infrastructure', 'Never ran.', { trial: 2, profile: null }),
  ];
  expect(rows(trials)).toMatchObject([{ trial: 1, resources: { total: { cpuSeconds: 7 } } }]);
});

test('containers are those of the primary scenario alone', () => {
  const trials = [FULL, QUICK].map((scenario) => trialOf(scenario, { profile: profile(1) }));
  expect(rows(trials).map(({ resources }) => resources?.containers.length)).toEqual([1, 0]);
});

test('what was used over time stays in the facts, so that results are small', () => {
  const column = [1];
  const resources = {
    ...profile(1).resources!,
    memory: { of: 'trial', atSeconds: [1], workingSetBytes: column } as const,
    curves: { ...CURVES, atSeconds: [1], cpusInUse: column },
  };
  const [row] = rows([trialOf(FULL, { profile: { ...profile(1), resources } })]);
  expect(row?.resources).toEqual(profile(1).resources);
});
