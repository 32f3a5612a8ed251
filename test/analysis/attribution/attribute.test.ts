import { describe, expect, test } from 'vitest';
import { attribute } from '../../../src/analysis/attribution/attribute.ts';
import { attributionSentence } from '../../../src/analysis/attribution/sentence.ts';
import type { BuildProfile } from '../../../src/model/profile/build-profile.ts';
import type { TrialProfile } from '../../../src/model/profile/trial-profile.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { buildOf, factsOf, FULL, STARTUP, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';
import { KEY } from '../regression/history.ts';

const TEST_KEY = { ...KEY, metric: 'trial.duration', scenario: FULL.id } as const;

function builtIn(steps: Readonly<Record<string, number>>): RunFacts {
  const build = buildOf('cold', 40, 0);
  const profile: BuildProfile = {
    steps: Object.entries(steps).map(([name, seconds]) => ({
      name,
      seconds,
      ofDockerfile: true,
      onCriticalPath: true,
    })),
    stepsLeftOut: 0,
    firstMiss: null,
    criticalPathSeconds: null,
    contextBytes: null,
    contextSeconds: null,
    exportSeconds: null,
    context: null,
    layers: [],
  };
  return factsOf({ builds: [{ ...build, images: build.images.map((image) => ({ ...image, profile })) }] });
}

function testedIn(tests: Readonly<Record<string, number>>, { fixture = 0, start = 1, workers = 0 } = {}): RunFacts {
  const timing = (id: string, seconds: number) => ({
    id,
    seconds,
    setup: 0,
    call: seconds,
    teardown: 0,
    outcome: 'passed' as const,
    worker: 'main',
  });
  const profile = profileOf({
    configuration: { workers },
    slowestTests: Object.entries(tests).map(([id, seconds]) => timing(id, seconds)),
    fixtures: [
      {
        name: 'db',
        scope: 'session',
        where: 'tests/conftest.py',
        count: 1,
        seconds: fixture,
        slowest: fixture,
        teardown: 0,
      },
    ],
    path: { start, collection: 2, tests: 30, report: 1, outside: 0.5 },
  });
  return factsOf({ trials: [trialOf(FULL, { profile })] });
}

describe('what moved', () => {
  test('of a build: the step, also where another one came before it', () => {
    const base = builtIn({ '[test 2/4] RUN pip install': 20, '[test 3/4] COPY . .': 1 });
    const head = builtIn({
      '[test 2/5] RUN apt-get update': 0.2,
      '[test 3/5] RUN pip install': 32,
      '[test 4/5] COPY . .': 1,
    });
    expect(attribute(base, head, KEY, 12.2)).toMatchObject([
      { kind: 'step', name: 'test: [test] RUN pip install', baseSeconds: 20, headSeconds: 32, share: 12 / 12.2 },
    ]);
  });

  test('of a build: a step that the cache had before', () => {
    expect(attribute(builtIn({}), builtIn({ '[2/4] RUN make': 9 }), KEY, 9)).toMatchObject([
      { name: 'test: RUN make', baseSeconds: 0, share: 1 },
    ]);
  });

  test('of start-up: the service', () => {
    const slow = {
      ...STARTUP,
      services: STARTUP.services.map((each) => (each.service === 'db' ? { ...each, seconds: 12.4 } : each)),
    };
    const key = { ...KEY, metric: 'startup.duration' } as const;
    expect(attribute(factsOf({ startup: STARTUP }), factsOf({ startup: slow }), key, 6)).toMatchObject([
      { kind: 'service', name: 'db', share: 1 },
    ]);
  });

  test('of the tests: the one test, and nothing that went the other way', () => {
    const base = testedIn({ 'test_a.py::a': 2, 'test_a.py::b': 3 });
    const head = testedIn({ 'test_a.py::a': 6, 'test_a.py::b': 2.5 });
    expect(attribute(base, head, TEST_KEY, 4)).toMatchObject([{ kind: 'test', name: 'test_a.py::a', share: 1 }]);
  });

  test('of the tests: a fixture, and the phase around it', () => {
    const found = attribute(
      testedIn({}, { fixture: 1, start: 1 }),
      testedIn({}, { fixture: 4, start: 2 }),
      TEST_KEY,
      4,
    );
    expect(found.map(({ kind, name, share }) => [kind, name, share])).toEqual([
      ['fixture', 'db (tests/conftest.py)', 0.75],
      ['phase', 'start', 0.25],
    ]);
  });

  test('of the tests: a test that is nearly all of its phase comes before it', () => {
    const phases = { start: 1, collection: 2, tests: 30, report: 1, outside: 0.5 };
    const withPhase = (facts: RunFacts, tests: number): RunFacts => ({
      ...facts,
      trials: facts.trials.map((trial) => {
        const { profile } = trial as { readonly profile: TrialProfile };
        return { ...trial, profile: { ...profile, pytest: { ...profile.pytest!, path: { ...phases, tests } } } };
      }) as RunFacts['trials'],
    });
    const [base, head] = [withPhase(testedIn({ a: 2 }), 30), withPhase(testedIn({ a: 11.6 }), 39.8)];
    expect(attribute(base, head, TEST_KEY, 10).map(({ kind, share }) => [kind, Math.round(share * 100)])).toEqual([
      ['test', 96],
      ['phase', 98],
    ]);
  });

  test('is nothing if only one side has a profile', () => {
    expect(attribute(factsOf({ trials: [trialOf(FULL)] }), testedIn({ a: 5 }), TEST_KEY, 5)).toEqual([]);
    expect(attribute(factsOf(), builtIn({ '[2/4] RUN make': 9 }), KEY, 9)).toEqual([]);
  });

  test('with several workers a test moves the whole by its share only', () => {
    const found = attribute(testedIn({ a: 2 }, { workers: 2 }), testedIn({ a: 10 }, { workers: 2 }), TEST_KEY, 4);
    expect(found).toMatchObject([{ name: 'a', share: 1 }]);
  });

  test.each([
    ['neither side has a profile', factsOf(), factsOf(), 5],
    ['the figure did not change', testedIn({ a: 1 }), testedIn({ a: 2 }), 0],
  ])('is nothing where %s', (_, base, head, difference) => {
    expect(attribute(base, head, TEST_KEY, difference)).toEqual([]);
  });

  test('in a sentence', () => {
    const found = attribute(testedIn({ 'test_a.py::a': 2 }), testedIn({ 'test_a.py::a': 6 }), TEST_KEY, 5);
    expect(attributionSentence(found)).toBe('Of this: 80 % in test test_a.py::a (2 s before, 6 s now).');
    expect(attributionSentence([])).toBeNull();
  });
});
