import { expect, test } from 'vitest';
import { movedBetween } from '../../../src/activities/regression/moved.ts';
import type { Taken } from '../../../src/model/comparison.ts';
import type { Comparison, Measured, Pair } from '../../../src/model/regression.ts';
import type { RunFacts, RunRef } from '../../../src/model/run.ts';
import { factsOf, FULL, STARTUP, trialOf } from '../../analysis/facts.ts';
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
    path: null,
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
  return { comparison: { kind: 'judged', verdict } as Comparison, pairs, taken };
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
  expect(found).toEqual([{ kind: 'test', name: 'tests/test_a.py::test_x', baseSeconds: 2, headSeconds: 4, share: 1 }]);
});

test('a start-up is read in its own run', async () => {
  const slow = { ...STARTUP, services: STARTUP.services.map((each) => ({ ...each, seconds: 9 })) };
  const facts = { 'r.base-10': factsOf({ startup: slow }), 'r.head-10': factsOf({ startup: STARTUP }) };
  const found = await movedBetween(storeOf(facts), SIDES, { phase: 'startup' }, judged('improved', [[20, 12]]));
  expect(found[0]).toMatchObject({ kind: 'service', baseSeconds: 9 });
});

test('nothing is read where nothing moved', async () => {
  expect(await movedBetween(storeOf({}), SIDES, TEST, judged('noChange', [[2, 2]]))).toEqual([]);
  const refused = { ...judged('regressed', [[2, 4]]), comparison: { kind: 'refused', reason: 'no' } as Comparison };
  expect(await movedBetween(storeOf({}), SIDES, TEST, refused)).toEqual([]);
});

test('a side without a profile is not taken for one that had no tests', async () => {
  const facts = {
    'r.base': factsOf({ trials: [{ ...trialOf(FULL), trial: 10 }] }),
    'r.head': factsOf({ trials: [trialTaking(4, 10)] }),
  };
  expect(await movedBetween(storeOf(facts), SIDES, TEST, judged('regressed', [[2, 4]]))).toEqual([]);
});
