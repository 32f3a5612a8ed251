import { describe, expect, it, test } from 'vitest';
import { applyOverrides, type PlanFlags } from '../../src/plan/overrides.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import type { PlanInput } from '../../src/plan/schema.ts';

const PLAN: PlanInput = {
  service: 'tests',
  trials: { repeat: 3, max: 4 },
  scenarios: [
    { name: 'Fast', command: 'pytest -q' },
    { name: 'Slow', command: 'pytest', primary: true },
    { name: 'Own' },
  ],
};

describe('flags change what they name, and nothing else', () => {
  test.each<[PlanFlags, Partial<PlanInput>]>([
    [{}, {}],
    [{ service: 'test' }, { service: 'test' }],
    [
      { compose: ['c.yml'], dockerfile: 'D' },
      { compose: 'c.yml', dockerfile: 'D' },
    ],
    [{ warmup: 1, seed: 5 }, { trials: { repeat: 3, warmup: 1, max: 4, seed: 5 } }],
    [{ maxTrials: 9 }, { trials: { repeat: 3, max: 9 } }],
    [{ repeat: 2 }, { trials: { repeat: 2, max: 4 } }],
    [{ repeat: 10 }, { trials: { repeat: 10, max: 10 } }],
    [{ lanes: 2 }, { lanes: { max: 2 } }],
    [{ compose: ['a.yml', 'b.yml'] }, { compose: ['a.yml', 'b.yml'] }],
    [{ scenario: ['Own', 'Fast'] }, { scenarios: [{ name: 'Fast', command: 'pytest -q' }, { name: 'Own' }] }],
  ])('%j', (flags, changed) => {
    expect(applyOverrides(PLAN, flags)).toEqual({ ...PLAN, ...changed });
  });
});

it('the plan that is given stays as it is', () => {
  const before = structuredClone(PLAN);
  applyOverrides(PLAN, { service: 'x', repeat: 9, lanes: 1, scenario: ['Own'] });
  expect(PLAN).toEqual(before);
});

it('without scenarios of its own, a plan has the four default ones to choose from', () => {
  const { scenarios } = applyOverrides({}, { scenario: ['Single Worker'] });
  expect(scenarios).toEqual([
    { name: 'Single Worker', command: 'python -m pytest -v --cov=.', target: '< 300 seconds' },
  ]);
});

it('without scenarios of its own, the own command can be chosen as well, since a run may fall back to it', () => {
  const { scenarios } = applyOverrides({}, { scenario: ["The test service's own command"] });
  expect(scenarios).toEqual([{ name: "The test service's own command" }]);
});

it('among the scenarios chosen, the first is the primary one where the plan marks none of them', () => {
  const plan = resolvePlan(applyOverrides(PLAN, { scenario: ['Fast', 'Own'] }), { folderName: 'shop' });
  expect(plan.scenarios.map(({ name, primary }) => [name, primary])).toEqual([
    ['Fast', true],
    ['Own', false],
  ]);
});

test.each([
  ['fast', 'The plan has no scenario "fast". Did you mean "Fast"?'],
  ['Integration', 'The plan has no scenario "Integration". Its scenarios are "Fast", "Slow", "Own".'],
])('--scenario %s is refused', (name, message) => {
  expect(() => applyOverrides(PLAN, { scenario: [name] })).toThrow(message);
});

it('a flag that does not fit the plan is refused with the plan', () => {
  const input = applyOverrides(PLAN, { maxTrials: 2 });
  expect(() => resolvePlan(input, { folderName: 'shop' })).toThrow(
    'Plan: trials.max is 2, fewer than the 3 of repeat. Raise max, or leave it out.',
  );
});
