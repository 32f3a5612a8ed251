import { expect, test } from 'vitest';
import type { RegressionAlert } from '../../src/model/regression.ts';
import type { Alert, RunResult } from '../../src/model/result.ts';
import { eventsOf } from '../../src/report/notify/events.ts';

const decided = (over: Partial<RegressionAlert>) =>
  ({
    id: 'a1',
    direction: 'slower',
    key: { metric: 'test.duration', scenario: null },
    message: 'm',
    ...over,
  }) as RegressionAlert;
const raised = (over: Partial<Alert>) =>
  ({
    kind: 'target',
    state: 'raised',
    metric: 'total.duration',
    scenario: null,
    message: 'm',
    gate: true,
    ...over,
  }) as Alert;
const result = (...alerts: Alert[]) =>
  ({
    project: 'shop',
    runId: 'r',
    startedAt: '',
    verdict: 'pass',
    source: { commit: null, branch: null },
    alerts,
  }) as unknown as RunResult;

test.each([
  ['confirmed', 'slower', 'confirmed'],
  ['confirmed', 'faster', 'improved'],
  ['cleared', 'slower', 'cleared'],
  ['candidate', 'slower', undefined],
  ['inconclusive', 'slower', undefined],
] as const)('an alert that is %s and %s is the event %s', (state, direction, kind) => {
  expect(eventsOf(result(), [decided({ state, direction })])[0]?.kind).toBe(kind);
});

test.each([
  ['target', 'missed'],
  ['schedule', 'missing-night'],
  ['failure', undefined],
  // The store's alerts have told these.
  ['regression', undefined],
  ['change', undefined],
] as const)('an alert of kind %s in the result is the event %s', (kind, event) => {
  expect(eventsOf(result(raised({ kind })), [])[0]?.kind).toBe(event);
});

test('each event of a run has an id of its own, the same every time', () => {
  const alerts = [
    raised({}),
    raised({ metric: 'test.duration' }),
    raised({ metric: 'trial.duration', scenario: 'a/b' }),
  ];
  const ids = () => eventsOf(result(...alerts), [decided({ state: 'cleared' })]).map(({ id }) => id);
  expect(new Set(ids()).size).toBe(4);
  expect(ids()).toEqual(ids());
});
