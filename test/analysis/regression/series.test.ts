import { describe, expect, test } from 'vitest';
import { alertId, differencesOf, seriesOf, suspectOf } from '../../../src/analysis/regression/series.ts';
import { seriesId } from '../../../src/model/series-id.ts';
import { badTrialOf, factsOf, FULL, planOf, QUICK, trialOf } from '../facts.ts';
import { KEY } from './history.ts';

const PLAN = planOf({ scenarios: [FULL, QUICK] });

function valuesOf(facts: Parameters<typeof seriesOf>[0]) {
  return seriesOf(facts).map(({ key, point }) => [key.metric, key.scenario, point.value]);
}

describe('what a run says', () => {
  test('of builds, start-up, each scenario, and what is made of them', () => {
    expect(valuesOf(factsOf({ plan: PLAN, trials: [trialOf(FULL), trialOf(QUICK, { seconds: 21.7 })] }))).toEqual([
      ['build.cold.duration', null, 41.25],
      ['build.warm.duration', null, 0.6],
      ['startup.duration', null, 6.4],
      ['trial.duration', 'full-test-suite', 38.2],
      ['trial.duration', 'quick-tests-only', 21.7],
      ['test.duration', null, 38.2],
      ['total.duration', null, 41.25 + 6.4 + 38.2],
    ]);
  });

  test('is the median of several trials', () => {
    const trials = [30, 50, 31].map((seconds, index) => trialOf(FULL, { trial: index + 1, seconds }));
    const entry = seriesOf(factsOf({ plan: planOf({ scenarios: [FULL] }), trials })).find(
      ({ key }) => key.scenario !== null,
    );
    expect(entry?.point).toMatchObject({ value: 31, samples: 3, disturbed: null });
  });

  test.each(['testsFailed', 'testsBroken', 'outOfMemory', 'lost', 'infrastructure'] as const)(
    'is nothing of a scenario that was %s, however fast',
    (outcome) => {
      const trials = [badTrialOf(FULL, outcome, 'It ended.', { seconds: 1 }), trialOf(QUICK)];
      expect(valuesOf(factsOf({ plan: PLAN, trials })).map(([metric, scenario]) => scenario ?? metric)).toEqual([
        'build.cold.duration',
        'build.warm.duration',
        'startup.duration',
        'quick-tests-only',
      ]);
    },
  );

  test('is nothing of a scenario with one red trial among green ones', () => {
    const trials = [trialOf(FULL), badTrialOf(FULL, 'testsFailed', '1 test failed.', { trial: 2, seconds: 3 })];
    expect(valuesOf(factsOf({ plan: planOf({ scenarios: [FULL] }), trials })).map(([metric]) => metric)).not.toContain(
      'trial.duration',
    );
  });

  test('is nothing where it was cancelled, or never had a host', () => {
    expect(seriesOf(factsOf({ cancelled: true }))).toEqual([]);
    expect(seriesOf(factsOf({ hosts: [] }))).toEqual([]);
  });

  test('is marked where other work disturbed it', () => {
    const trials = [trialOf(FULL, { disturbed: { reason: 'other work took 31 % of its CPU time' } })];
    const entry = seriesOf(factsOf({ plan: planOf({ scenarios: [FULL] }), trials })).find(
      ({ key }) => key.scenario !== null,
    );
    expect(entry?.point.disturbed).toBe('other work took 31 % of its CPU time');
  });
});

describe('the id of a series', () => {
  test.each([
    ['project', { project: 'other' }],
    ['metric', { metric: 'build.warm.duration' }],
    ['scenario', { scenario: 'quick' }],
    ['lane', { lane: { cpus: 2, memoryBytes: null } }],
    ['fingerprint', { fingerprint: { ...KEY.fingerprint, cores: 4 } }],
    ['source', { source: 'import:hyperfine' }],
  ] as const)('is another for another %s', (_, change) => {
    expect(seriesId({ ...KEY, ...change })).not.toBe(seriesId(KEY));
  });

  test('is the same whatever the order of its parts, and parts alerts by run', () => {
    const { source, ...rest } = KEY;
    expect(seriesId({ source, ...rest })).toBe(seriesId(KEY));
    expect(alertId(KEY, 'a')).not.toBe(alertId(KEY, 'b'));
    expect(alertId(KEY, 'a')).toMatch(/^[0-9a-f]{16}$/);
  });
});

test('a figure that is computed from others is not suspected: its part is', () => {
  expect(suspectOf({ ...KEY, metric: 'total.duration' })).toBeNull();
  expect(suspectOf({ ...KEY, metric: 'test.duration' })).toBeNull();
  expect(suspectOf(KEY)).toEqual({ phase: 'build', mode: 'cold' });
  expect(suspectOf({ ...KEY, metric: 'trial.duration', scenario: 'quick' })).toEqual({
    phase: 'test',
    scenario: 'quick',
  });
});

test('what differs between two hosts is said, one sentence each', () => {
  const now = { ...KEY, fingerprint: { ...KEY.fingerprint, cpuModel: 'Intel Xeon', cores: 4 } };
  expect(differencesOf(KEY, now)).toEqual([
    'The CPU model was AMD EPYC 7763 before and is Intel Xeon now.',
    'The number of CPUs was 2 before and is 4 now.',
  ]);
  expect(differencesOf(KEY, KEY)).toEqual([]);
});
