import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { Problem } from '../../../src/model/failure.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { badTrialOf, buildOf, factsOf, FULL, planOf, STARTUP, trialOf } from '../facts.ts';

function phases(change: Partial<RunFacts>) {
  return analyze(factsOf(change)).phases;
}

const problem = (type: Problem['type']): Problem => ({ type, what: `A ${type}.`, next: 'Try again.' });

describe('the build', () => {
  test('is the time of all images of the cold build, and the warm one is not judged', () => {
    const cold = buildOf('cold', 70, 0);
    const two = { ...cold, images: [...cold.images, { ...cold.images[0]!, seconds: 60 }] };
    expect(phases({ builds: [buildOf('warm', 500, 8), two] }).build).toMatchObject({ seconds: 130, verdict: 'missed' });
  });

  test.each([
    ['there is none to build, as the store says', [{ mode: 'cold' as const, images: [], change: null }]],
    ['there is none to build, as the run went on without one', []],
  ])('is not applicable when %s', (_, builds) => {
    const { build, total } = phases({ builds });
    expect(build).toMatchObject({ seconds: null, verdict: 'notApplicable' });
    expect(total.seconds).toBeCloseTo(6.4 + 38.2);
  });

  test('that the plan leaves out takes the total with it, and neither is taken for 0', () => {
    const plan = planOf({ build: { modes: ['warm'], targetSeconds: 120 } });
    const { build, total } = phases({ plan, builds: [buildOf('warm', 1, 8)] });
    expect([build, total]).toMatchObject([
      { seconds: null, verdict: 'notApplicable' },
      { seconds: null, verdict: 'notApplicable' },
    ]);
  });
});

describe('start-up', () => {
  test.each([
    ['as the store says', { seconds: null, services: [] }],
    ['as the run went on without it', null],
  ])('is not applicable without services, %s, and counts as nothing in the total', (_, startup) => {
    const result = analyze(factsOf({ startup }));
    expect(result.phases.startup).toMatchObject({ seconds: null, verdict: 'notApplicable' });
    expect(result.phases.total.seconds).toBeCloseTo(41.25 + 38.2);
    expect(result.notes).toContain('Start-up is not applicable and counts as 0 s in the total.');
  });

  test('of a cancelled run is not applicable where the compose file has the tests alone', () => {
    const key = (...path: string[]) => ({ path, line: 1, value: null });
    const file = (...services: string[]) => ({
      file: 'docker-compose.test.yml',
      leftOut: 0,
      keys: [key('services'), ...services.map((service) => key('services', service))],
    });
    const cancelled = (...services: string[]) =>
      phases({
        cancelled: true,
        startup: null,
        trials: [],
        service: 'test',
        projectFiles: {
          dockerfiles: [],
          dockerignores: [],
          pytest: null,
          unread: [],
          composeFiles: [file(...services)],
        },
      }).startup;
    expect(cancelled('test').verdict).toBe('notApplicable');
    expect(cancelled('test', 'db')).toMatchObject({
      verdict: 'notMeasured',
      reason: 'Cancelled before it was measured.',
    });
  });

  test('misses its target at the target', () => {
    expect(phases({ startup: { ...STARTUP, seconds: 60 } }).startup.verdict).toBe('missed');
  });
});

describe('the tests', () => {
  test('are the primary scenario, wherever it stands', () => {
    const quick = { ...FULL, id: 'quick', name: 'Quick', primary: false };
    const plan = planOf({ scenarios: [quick, FULL] });
    const trials = [trialOf(quick, { seconds: 5 }), trialOf(FULL, { seconds: 50 })];
    expect(phases({ plan, trials }).test.seconds).toBe(50);
  });

  test("are judged by the phase's target and not the scenario's", () => {
    const plan = planOf({ scenarios: [{ ...FULL, targetSeconds: 10 }] });
    const result = analyze(factsOf({ plan, trials: [trialOf(FULL)] }));
    expect(result.phases.test.verdict).toBe('pass');
    expect(result.scenarios[0]!.verdict).toBe('missed');
  });
});

describe('the total', () => {
  test('is absent where the tests are red, however fast they were', () => {
    const trials = [badTrialOf(FULL, 'testsBroken', 'It broke off.', { seconds: 3 })];
    const { test: tests, total } = phases({ plan: planOf({ scenarios: [FULL] }), trials });
    expect(tests).toEqual({ seconds: null, reason: 'It broke off.', target: 180, verdict: 'failed' });
    expect(total).toEqual({
      seconds: null,
      reason: 'No total without the tests.',
      target: 300,
      verdict: 'notMeasured',
    });
  });

  test('is absent where one of several trials is red, though the others have a time', () => {
    const trials = [trialOf(FULL), badTrialOf(FULL, 'testsFailed', 'One failed.', { trial: 2 })];
    const { test: tests, total } = phases({ plan: planOf({ scenarios: [FULL] }), trials });
    expect(tests).toMatchObject({ seconds: 38.2, verdict: 'failed' });
    expect(total.seconds).toBeNull();
  });
});

describe('a run that ended early puts the error where it happened', () => {
  const nothing = { builds: [], startup: null, trials: [] };
  test.each([
    ['a failed build', 'BuildFailed', nothing, ['error', 'notMeasured', 'notMeasured']],
    [
      'an image that is not to be had before the build',
      'ImageUnavailable',
      nothing,
      ['error', 'notMeasured', 'notMeasured'],
    ],
    [
      'an image that is not to be had after it',
      'ImageUnavailable',
      { startup: null, trials: [] },
      ['pass', 'error', 'notMeasured'],
    ],
    ['a service that dies', 'ServiceUnhealthy', { startup: null, trials: [] }, ['pass', 'error', 'notMeasured']],
    ['a warm build that fails', 'BuildFailed', { startup: null, trials: [] }, ['pass', 'notMeasured', 'notMeasured']],
    ['an engine that goes away before the tests', 'EngineUnavailable', { trials: [] }, ['pass', 'pass', 'error']],
    [
      'a run without a plan',
      'SourceUnavailable',
      { ...nothing, plan: null },
      ['notMeasured', 'notMeasured', 'notMeasured'],
    ],
  ] as const)('%s', (_, type, change, expected) => {
    const result = analyze(factsOf({ ...change, problems: [problem(type)] }));
    const { build, startup, test: tests, total } = result.phases;
    expect([build.verdict, startup.verdict, tests.verdict]).toEqual(expected);
    expect(total).toMatchObject({ seconds: null, verdict: 'notMeasured' });
    expect(result.verdict).toBe('error');
  });
});
