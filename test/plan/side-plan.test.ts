import { expect, test } from 'vitest';
import { applyPlanSet } from '../../src/plan/plan-path.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { planOfBase } from '../../src/plan/side-plan.ts';

const CONTEXT = { folderName: 'shop' };
const WRITTEN = {
  scenarios: [
    { name: 'A', command: 'a' },
    { name: 'B', command: 'b' },
  ],
};
type PlanSet = Readonly<Record<string, unknown>>;

function headOf(written: object, set?: PlanSet) {
  const plan = resolvePlan(applyPlanSet(written, set ?? {}), CONTEXT);
  return { written, plan, ...(set === undefined ? {} : { set }) };
}

test("without overrides the head's plan counts for both", () => {
  const head = headOf(WRITTEN);
  expect(planOfBase(head, undefined, CONTEXT)).toBe(head.plan);
});

test('an override of the head alone leaves the base as it was written', () => {
  const head = headOf(WRITTEN, { 'scenarios[0].command': 'a -n 4' });
  expect(head.plan.scenarios[0]?.command).toEqual(['a', '-n', '4']);
  expect(planOfBase(head, undefined, CONTEXT)).toEqual(resolvePlan(WRITTEN, CONTEXT));
});

test('an override of the base alone changes the base alone', () => {
  const base = planOfBase(headOf(WRITTEN), { 'scenarios[1].command': 'c' }, CONTEXT);
  expect(base.scenarios.map(({ command }) => command)).toEqual([['a'], ['c']]);
});

test('scenarios that were fitted to the image are those of both sides', () => {
  const head = headOf({}, { 'lanes.cpus': 2 });
  const fitted = { ...head.plan, scenarios: head.plan.scenarios.slice(1) };
  const base = planOfBase({ ...head, plan: fitted }, undefined, CONTEXT);
  expect(base.scenarios).toEqual(fitted.scenarios);
  expect(base.lanes).toEqual(resolvePlan({}, CONTEXT).lanes);
});

test('an override of one of the default scenarios changes that one, as it was fitted to the image', () => {
  const head = headOf({ lanes: { cpus: 2 } });
  const fitted = {
    ...head.plan,
    scenarios: head.plan.scenarios.slice(1).map((each, at) => ({ ...each, primary: at === 0 })),
  };
  const base = planOfBase({ ...head, plan: fitted }, { 'scenarios[0].command': 'python -m pytest -n 3' }, CONTEXT);
  const [first, ...rest] = fitted.scenarios;
  expect(base.scenarios).toEqual([{ ...first, command: ['python', '-m', 'pytest', '-n', '3'] }, ...rest]);
  expect(base.lanes).toEqual(fitted.lanes);
});

test('the own command of the test service stays that', () => {
  const own = {
    ...headOf({}).plan.scenarios[0]!,
    name: 'Own command',
    id: 'own-command',
    command: null,
    primary: false,
  };
  const head = headOf({});
  const plan = { ...head.plan, scenarios: [...head.plan.scenarios, own] };
  const base = planOfBase({ ...head, plan }, { 'scenarios[0].command': 'pytest' }, CONTEXT);
  expect(base.scenarios.at(-1)).toMatchObject({ name: 'Own command', command: null });
});

test.each<[string, object, PlanSet | undefined, PlanSet | undefined]>([
  ['renames one', WRITTEN, undefined, { 'scenarios[0].name': 'C' }],
  ['removes one', WRITTEN, { scenarios: [{ name: 'A' }] }, undefined],
  ['names some where the plan names none', {}, { scenarios: [{ name: 'A' }] }, undefined],
])('overrides that give the sides other scenarios are refused: one %s', (_, written, ofHead, ofBase) => {
  expect(() => planOfBase(headOf(written, ofHead), ofBase, CONTEXT)).toThrow('different scenarios');
});
