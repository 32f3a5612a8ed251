import { expect, test } from 'vitest';
import { movedBetween } from '../../../src/activities/regression/moved.ts';
import type { Taken } from '../../../src/model/comparison.ts';
import type { Comparison, Measured, Pair } from '../../../src/model/regression.ts';
import type { RunFacts, RunRef } from '../../../src/model/run.ts';
import { factsOf, FULL, STARTUP, trialOf } from '../../analysis/facts.ts';
import { compose, service, started, type SuiteSeen, tested } from '../../analysis/attribution/sides.ts';
import { profileOf } from '../../analysis/pytest-profiles.ts';

const RUN = { workflowId: 'compare/shop', runId: 'r' };
const SIDES = { base: { ...RUN, runId: 'r.base' }, head: { ...RUN, runId: 'r.head' } };
const TEST = { phase: 'test', scenario: FULL.id } as const;

function trialTaking(seconds: number, sample: number) {
  const timing = { setup: 0, call: seconds, teardown: 0, outcome: 'passed', worker: 'main' } as const;
  const profile = profileOf({
    configuration: { workers: 0 },
    slowestTests: [{ ...timing, id: 'tests/test_a.py::test_x', seconds }],
    fixtures: [],
    path: { start: 0, collection: 0, tests: seconds, report: 0, outside: 0 },
  });
  return { ...trialOf(FULL, { profile }), trial: sample };
}

function storeOf(facts: Readonly<Record<string, RunFacts>>) {
  return {
    loadFacts: async ({ runId }: RunRef) => {
      const found = facts[runId];
      if (found === undefined) throw new Error(`the facts of ${runId} are not asked for`);
      return found;
    },
  };
}

function judged(verdict: 'regressed' | 'improved' | 'noChange', figures: readonly (readonly [number, number])[]) {
  const measured = (value: number): Measured => ({ value, hostId: 'h', startedAt: null, disturbed: null, tests: null });
  const pairs = figures.map(([base, head]): Pair => ({ base: measured(base), head: measured(head), first: 'base' }));
  const taken = figures.map((_, index): Taken => ({ kind: 'pair', first: 'base', sample: 10 + index }));
  const interval = { low: 0.9, high: 1.1, coverage: 0.95 };
  return { comparison: { kind: 'judged', verdict, interval } as Comparison, pairs, taken };
}

test('tests are those of the pair that is nearest to the medians', async () => {
  const facts = {
    'r.base': factsOf({ trials: [trialTaking(90, 10), trialTaking(2, 11), trialTaking(2, 12)] }),
    'r.head': factsOf({ trials: [trialTaking(95, 10), trialTaking(4, 11), trialTaking(9, 12)] }),
  };
  const found = await movedBetween(
    storeOf(facts),
    SIDES,
    TEST,
    judged('regressed', [
      [2, 9],
      [3, 5],
      [4, 4.5],
    ]),
  );
  expect(found).toMatchObject([
    {
      kind: 'test',
      name: 'tests/test_a.py::test_x',
      baseSeconds: 2,
      headSeconds: 4,
      share: 1,
      cause: { class: 'test' },
    },
  ]);
});

test('a start-up is read in its own run', async () => {
  const slow = { ...STARTUP, services: STARTUP.services.map((each) => ({ ...each, seconds: 9 })) };
  const sides = { 'r.base': factsOf({ startup: null }), 'r.head': factsOf({ startup: null }) };
  const facts = { ...sides, 'r.base-10': factsOf({ startup: slow }), 'r.head-10': factsOf({ startup: STARTUP }) };
  const found = await movedBetween(storeOf(facts), SIDES, { phase: 'startup' }, judged('improved', [[9, 6.4]]));
  expect(found[0]).toMatchObject({ kind: 'service', baseSeconds: 9 });
});

test('nothing is read where nothing moved', async () => {
  expect(await movedBetween(storeOf({}), SIDES, TEST, judged('noChange', [[2, 2]]))).toEqual([]);
  const refused = { ...judged('regressed', [[2, 4]]), comparison: { kind: 'refused', reason: 'no' } as Comparison };
  expect(await movedBetween(storeOf({}), SIDES, TEST, refused)).toEqual([]);
});

test('the files of the project are those of the side, since a sample reads none', async () => {
  const files = (interval: string) => compose({ 'services.db.healthcheck.interval': interval });
  const facts = {
    'r.base': started([], files('1s')),
    'r.head': started([], files('6s')),
    'r.base-10': started([service('db', [1, 2, 3])]),
    'r.head-10': started([service('db', [1, 2, 7])]),
  };
  const found = await movedBetween(storeOf(facts), SIDES, { phase: 'startup' }, judged('regressed', [[3, 7]]));
  expect(found).toMatchObject([{ cause: { class: 'healthcheck', evidence: [{ base: '1s', head: '6s' }, {}] } }]);
});

test('a difference below the threshold has a cause only if something changed', async () => {
  const below = (facts: Readonly<Record<string, RunFacts>>) => {
    const { pairs, taken } = judged('noChange', [[3, 3.5]]);
    const interval = { low: 1.1, high: 1.19, coverage: 0.95 };
    const comparison = { kind: 'judged', verdict: 'noChange', interval } as Comparison;
    return movedBetween(storeOf(facts), SIDES, { phase: 'startup' }, { comparison, pairs, taken });
  };
  const files = (interval: string) => ({
    ...started([]),
    projectFiles: compose({ 'services.db.healthcheck.interval': interval }),
  });
  const samples = {
    'r.base-10': started([service('db', [1, 2, 3])]),
    'r.head-10': started([service('db', [1, 2, 3.5])]),
  };
  expect(await below({ ...samples, 'r.base': files('1s'), 'r.head': files('2s') })).toMatchObject([{ name: 'db' }]);
  expect(await below({ ...samples, 'r.base': files('1s'), 'r.head': files('1s') })).toEqual([]);
});

test('a comparison that is refused for other tests names them', async () => {
  const other = { ...judged('regressed', [[2, 6]]), comparison: { kind: 'refused', reason: 'no' } as Comparison };
  const pairs = other.pairs.map(({ base, head, first }) => {
    const tests = (digest: string) => ({ tests: { count: 1, digest } });
    return { base: { ...base, ...tests('a') }, head: { ...head, ...tests('b') }, first };
  });
  const trial = (tests: SuiteSeen['tests']) => {
    const facts = tested({ tests });
    return { ...facts, trials: facts.trials.map((each) => ({ ...each, trial: 10 })) };
  };
  const facts = {
    'r.base': trial({ 'a.py::x': { call: 2 } }),
    'r.head': trial({ 'a.py::x': { call: 2 }, 'b.py::y': { call: 4 } }),
  };
  expect(await movedBetween(storeOf(facts), SIDES, TEST, { ...other, pairs })).toMatchObject([
    { kind: 'test', name: 'b.py::y', share: 1, cause: { class: 'newTests' } },
  ]);
});

test('a side without a profile is not taken for one that had no tests', async () => {
  const facts = {
    'r.base': factsOf({ trials: [{ ...trialOf(FULL), trial: 10 }] }),
    'r.head': factsOf({ trials: [trialTaking(4, 10)] }),
  };
  expect(await movedBetween(storeOf(facts), SIDES, TEST, judged('regressed', [[2, 4]]))).toEqual([]);
});
