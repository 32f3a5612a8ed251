import { expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { MissedRuns } from '../../../src/model/missed-runs.ts';
import { factsOf } from '../facts.ts';

const alertsFor = (missedRuns: MissedRuns | null) =>
  analyze({ ...factsOf(), missedRuns }).alerts.filter(({ kind }) => kind === 'schedule');

test.each([null, { scheduleId: 'shop', count: 1, lastDueAt: '2026-11-23T02:30:00.000Z' }])(
  'a schedule that missed at most one run does not raise an alert (%j)',
  (missed) => {
    expect(alertsFor(missed)).toEqual([]);
  },
);

test('two runs in a row that a schedule left out are an alert, which does not decide the verdict', () => {
  const missed = { scheduleId: 'shop', count: 2, lastDueAt: '2026-11-23T02:30:00.000Z' };
  expect(alertsFor(missed)).toEqual([
    {
      kind: 'schedule',
      state: 'raised',
      metric: null,
      scenario: null,
      message:
        'Schedule shop missed 2 runs in a row before this one. The last was due at 2026-11-23 02:30 UTC. Check whether the machine was off or the schedule paused.',
      gate: false,
    },
  ]);
});
