import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PacelineError } from '../../src/model/failure.ts';
import { planJsonSchema } from '../../src/plan/json-schema.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { COMMANDS, CUT } from './commands.ts';
import { validPlans } from './valid-plans.ts';

const schemaTakes = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(planJsonSchema());

function planTakes(input: unknown): boolean {
  try {
    resolvePlan(input, { folderName: 'shop' });
    return true;
  } catch (error) {
    if (error instanceof PacelineError) return false;
    throw error;
  }
}

const scenario = (keys: object) => ({ scenarios: [{ name: 'A', ...keys }] });

it('takes every plan that is valid', () => {
  fc.assert(
    fc.property(validPlans, (plan) => {
      expect(planTakes(plan)).toBe(true);
      expect(schemaTakes(plan)).toBe(true);
    }),
  );
});

it('never refuses what the plan takes', () => {
  const values = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'<0129.sminGB% '.split('')), maxLength: 8 }),
    fc.double({ min: -1, max: 200 }),
    fc.constantFrom(null, true, 'none', 'auto', 'cold', '', [], ['cold', 'cold'], {}, 0, 1e6, 1e16),
  );
  const places: ((value: unknown) => object)[] = [
    (value) => ({ build: { target: value } }),
    (value) => ({ build: { modes: value } }),
    (value) => ({ targets: { memory: value } }),
    (value) => ({ targets: { cpu: value } }),
    (value) => ({ alerts: { regression: value } }),
    (value) => ({ alerts: { floor: value } }),
    (value) => ({ trials: { timeout: value } }),
    (value) => ({ trials: { repeat: value } }),
    (value) => ({ lanes: { cpus: value } }),
    (value) => ({ lanes: { memory: value } }),
    (value) => ({ service: value }),
    (value) => ({ compose: value }),
    (value) => ({ scenarios: value }),
    (value) => scenario({ command: value }),
    (value) => scenario({ primary: value }),
    (value) => scenario({ name: value }),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...places), values, (place, value) => {
      const plan = place(value);
      expect(schemaTakes(plan) || !planTakes(plan)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each(COMMANDS)('takes the command %j', (command) => {
  expect(schemaTakes(scenario({ command }))).toBe(true);
});

describe('refuses what the plan refuses', () => {
  test.each<[string, unknown]>([
    ['another kind', []],
    ['an unknown key', { servce: 'x' }],
    ['an unknown key in a section', { trials: { repeats: 3 } }],
    ['an unknown key of a scenario', scenario({ cmd: 'pytest' })],
    ['an empty matrix', { scenarios: [] }],
    ['a matrix of nothing', { scenarios: null }],
    ['a scenario without a name', { scenarios: [{ command: 'pytest' }] }],
    ['a scenario without a text as name', { scenarios: [{ name: ' ' }] }],
    ['a name of two lines', { scenarios: [{ name: 'a\nb' }] }],
    ['a target that is not a duration', scenario({ target: 'soon' })],
    ['a negative target', scenario({ target: -1 })],
    ['a target of 0', scenario({ target: 0 })],
    ['a size for a duration', { build: { target: '2 GB' } }],
    ['a size without its unit', { targets: { memory: 2 } }],
    ['a size in no known unit', { targets: { memory: '2g' } }],
    ['per cent without its sign', { targets: { cpu: 80 } }],
    ['an unknown mode', { build: { modes: ['hot'] } }],
    ['no mode', { build: { modes: [] } }],
    ['a mode twice', { build: { modes: ['cold', 'cold'] } }],
    ['a gate on what is no secondary target', { targets: { gate: ['total'] } }],
    ['half a trial', { trials: { repeat: 1.5 } }],
    ['no trial', { trials: { repeat: 0 } }],
    ['a number of lanes as text', { lanes: { max: '2' } }],
    ['a number in an argument vector', scenario({ command: ['pytest', '-n', 2] })],
    ['no words in an argument vector', scenario({ command: [] })],
    ['an empty command', scenario({ command: ' ' })],
    ['a file outside the project', { compose: 'ci/../../compose.yml' }],
    ['an absolute path', { dockerfile: '/Dockerfile' }],
  ])('%s', (_, plan) => {
    expect(planTakes(plan)).toBe(false);
    expect(schemaTakes(plan)).toBe(false);
  });
});

describe('cannot say, and so the plan says it alone', () => {
  test.each<[string, unknown]>([
    ['two scenarios of one name', { scenarios: [{ name: 'A' }, { name: 'A' }] }],
    [
      'more than one primary',
      {
        scenarios: [
          { name: 'A', primary: true },
          { name: 'B', primary: true },
        ],
      },
    ],
    ['fewer trials than repeats', { trials: { repeat: 3, max: 2 } }],
    ['an unbalanced quote', scenario({ command: "pytest -m 'not slow" })],
    ...CUT.map((command): [string, unknown] => [`a shell operator: ${command}`, scenario({ command })]),
    ['a text of a quantity out of bounds', { targets: { memory: '2 B' } }],
  ])('%s', (_, plan) => {
    expect(planTakes(plan)).toBe(false);
    expect(schemaTakes(plan)).toBe(true);
  });
});
