import { describe, expect, test } from 'vitest';
import { baselineOf } from '../../../src/analysis/regression/baseline.ts';
import type { RegressionAlert, SeriesEvent } from '../../../src/model/regression.ts';
import { profileOf } from '../pytest-profiles.ts';
import { dayOf, historyOf, KEY, noisy, pointOf } from './history.ts';

const TESTS = { count: 3, digest: 'old' };

function confirmed(day: number): RegressionAlert {
  return {
    id: `alert-${day}`,
    kind: 'regression',
    state: 'confirmed',
    direction: 'slower',
    key: KEY,
    runId: `run-${day}`,
    commit: null,
    at: dayOf(day),
    value: 80,
    baseline: null,
    threshold: 0.2,
    floor: 2,
    ratio: 1.33,
    interval: null,
    n: 5,
    gates: [],
    decidedBy: 'pairs',
    message: '',
  };
}

describe('a baseline', () => {
  test('is the median of the newest 30 clean runs', () => {
    const baseline = baselineOf(historyOf(noisy(60, 0.03, 50)), null);
    expect(baseline).toMatchObject({ kind: 'baseline', n: 30, window: 30, sigmaFrom: 'history' });
    expect(baseline.kind === 'baseline' && baseline.median).toBeCloseTo(60, -1);
    expect(baseline.kind === 'baseline' && baseline.runIds.at(-1)).toBe('run-49');
  });

  test.each([0, 1, 2])('of %i runs there is none', (n) => {
    expect(baselineOf(historyOf(noisy(60, 0.03, n)), null)).toEqual({ kind: 'insufficient', n, needed: 3 });
  });

  test('of few runs assumes their noise', () => {
    expect(baselineOf(historyOf([60, 60.1, 60.2]), null)).toMatchObject({ n: 3, sigma: 0.08, sigmaFrom: 'assumed' });
  });

  test('begins with the current level', () => {
    const baseline = baselineOf(historyOf([...noisy(60, 0.02, 20, 1), ...noisy(40, 0.02, 12, 2)]), null);
    expect(baseline).toMatchObject({ kind: 'baseline', n: 12, segmentStart: dayOf(20) });
  });

  test('leaves disturbed runs out', () => {
    const points = noisy(60, 0.02, 12).map((value, day) =>
      pointOf(day, value, day % 2 === 0 ? {} : { disturbed: 'other work' }),
    );
    expect(baselineOf(historyOf([], { points }), null)).toMatchObject({ n: 6 });
  });

  test('is built from a commit that can be built, on the good side of the median', () => {
    const points = [60, 61, 59, 60, 62, 60, 75].map((value, day) => pointOf(day, value, { dirty: day === 5 }));
    expect(baselineOf(historyOf([], { points }), null)).toMatchObject({ commit: pointOf(3, 60).commit });
  });

  test('restarts at a reset, and at the run of an acknowledged alert', () => {
    const values = [...noisy(60, 0.02, 10, 1), 80, 81, 79, 80, 80];
    const reset: SeriesEvent = { kind: 'reset', at: dayOf(12), reason: 'new disk' };
    expect(baselineOf(historyOf(values, { events: [reset] }), null)).toMatchObject({ n: 3 });
    const acknowledged: SeriesEvent = {
      kind: 'acknowledged',
      alertId: 'alert-10',
      runId: 'run-10',
      at: dayOf(15),
      reason: 'more checks',
    };
    const alerts = [10, 11, 12, 13, 14].map(confirmed);
    expect(baselineOf(historyOf(values, { alerts }), null)).toMatchObject({ n: 10 });
    expect(baselineOf(historyOf(values, { alerts, events: [acknowledged] }), null)).toMatchObject({ n: 5, median: 80 });
  });
});

describe('other tests', () => {
  const before = profileOf({ testSet: TESTS, slowestTests: ['a', 'b', 'c'].map((id) => timing(id, 2)) }).pytest!;
  const points = noisy(60, 0.02, 10).map((value, day) => pointOf(day, value, { tests: TESTS }));
  const now = { count: 4, digest: 'new' };

  test('are named, with the time that is to be taken out', () => {
    const head = profileOf({ testSet: now, slowestTests: ['a', 'b', 'd', 'e'].map((id) => timing(id, 3)) }).pytest!;
    const baseline = baselineOf(historyOf([], { points }), now, { head, of: () => before });
    expect(baseline).toMatchObject({
      kind: 'baseline',
      n: 10,
      tests: { kind: 'changed', added: ['d', 'e'], addedSeconds: 6, removed: ['c'], removedSeconds: 2 },
    });
  });

  test('are refused if it is unknown which ones they are', () => {
    expect(baselineOf(historyOf([], { points }), now)).toEqual({
      kind: 'different',
      what: [
        'Different tests ran (3 tests ran before, 4 now), and which ones is unknown: nothing is compared until 3 runs have run the new tests.',
      ],
    });
  });

  test('that take a large part of the time, are refused', () => {
    const head = profileOf({ testSet: now, slowestTests: ['a', 'b', 'c', 'd'].map((id) => timing(id, 40)) }).pytest!;
    expect(baselineOf(historyOf([], { points }), now, { head, of: () => before }).kind).toBe('different');
  });

  test('are the baseline once three runs have run them', () => {
    const later = [...points, ...[10, 11, 12].map((day) => pointOf(day, 61, { tests: now }))];
    expect(baselineOf(historyOf([], { points: later }), now)).toMatchObject({
      kind: 'baseline',
      n: 3,
      tests: { kind: 'same' },
    });
  });
});

function timing(id: string, seconds: number) {
  return { id, seconds, setup: 0, call: seconds, teardown: 0, outcome: 'passed' as const, worker: 'main' };
}
