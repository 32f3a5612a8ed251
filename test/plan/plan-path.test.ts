import { describe, expect, test } from 'vitest';
import { applyPlanSet, parsePlanPath } from '../../src/plan/plan-path.ts';
import { readValue } from '../../src/plan/read-yaml.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';

const PLAN = { trials: { repeat: 3 }, scenarios: [{ name: 'A', command: 'a' }, { name: 'B' }], compose: 'c.yml' };

describe('the path of a plan override', () => {
  test.each([
    ['project', ['project']],
    ['trials.repeat', ['trials', 'repeat']],
    ['scenarios[0].command', ['scenarios', 0, 'command']],
    ['compose[1]', ['compose', 1]],
  ])('%s', (text, steps) => {
    expect(parsePlanPath(text)).toEqual(steps);
  });

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a[',
    'a[]',
    'a[x]',
    'a[-1]',
    'a[0',
    '[0]',
    'a b',
    '__proto__',
    'a.__proto__',
    'a[99999]',
  ])('%j is not one', (text) => {
    expect(parsePlanPath(text)).toBeNull();
  });
});

describe('a plan override', () => {
  test('changes a key of a list item, and nothing else', () => {
    const before = structuredClone(PLAN);
    expect(applyPlanSet(PLAN, { 'scenarios[0].command': 'pytest -n 4' })).toEqual({
      ...PLAN,
      scenarios: [{ name: 'A', command: 'pytest -n 4' }, { name: 'B' }],
    });
    expect(PLAN).toEqual(before);
  });

  test('adds a section that the plan does not have', () => {
    expect(applyPlanSet({}, { 'lanes.cpus': 2 })).toEqual({ lanes: { cpus: 2 } });
    expect(applyPlanSet({ lanes: null }, { 'lanes.cpus': 2 })).toEqual({ lanes: { cpus: 2 } });
    expect(applyPlanSet(undefined, { project: 'x' })).toEqual({ project: 'x' });
  });

  test('follows the ones before it', () => {
    const set = { scenarios: [{ name: 'C' }], 'scenarios[0].command': 'c' };
    expect(applyPlanSet(PLAN, set)).toMatchObject({ scenarios: [{ name: 'C', command: 'c' }] });
  });

  test.each([
    [{ 'scenarios[2].command': 'x' }, 'scenarios has 2 items'],
    [{ 'build.modes[0]': 'cold' }, 'the plan does not have build.modes'],
    [{ 'compose.file': 'x' }, 'compose is a text'],
    [{ 'compose[0]': 'x' }, 'compose is a text'],
    [{ 'scenarios.name': 'x' }, 'scenarios is a list'],
    [{ 'trials[0]': 1 }, 'trials is a section'],
    [{ 'scenarios[': 1 }, 'not the path of a key'],
  ])('%j leads nowhere', (set, what) => {
    expect(() => applyPlanSet(PLAN, set)).toThrow(what);
  });

  test.each([
    [{ 'scenarios[0].comand': 'x' }, 'Plan: scenarios[0].comand is not a key of a plan'],
    [{ tria: 1 }, 'Plan: tria is not a key of a plan'],
    [{ 'scenarios[0].command': 7 }, 'scenarios[0].command'],
    [{ 'trials.repeat': 'many' }, 'trials.repeat'],
    [{ constructor: 1 }, 'constructor is not a key of a plan'],
  ])('%j is refused by the schema, which names the key', (set, what) => {
    expect(() => resolvePlan(applyPlanSet(PLAN, set), { folderName: 'shop' })).toThrow(what);
  });

  test.each([
    ['python -m pytest -n 4', 'python -m pytest -n 4'],
    ["python -m pytest -m 'not slow'", "python -m pytest -m 'not slow'"],
    ['"a: b"', 'a: b'],
    ['4', 4],
    ['true', true],
    ['[a, b]', ['a', 'b']],
    ['- a\n- b', ['a', 'b']],
    ['', null],
  ])('has a value in YAML: %j', (text, value) => {
    expect(readValue(text, '--head-set x')).toEqual(value);
  });

  test('whose value is not YAML names the flag', () => {
    expect(() => readValue('[a', '--head-set compose')).toThrow('--head-set compose');
  });
});
