import { describe, expect, it, test } from 'vitest';
import type { PytestPackage } from '../../src/model/plan.ts';
import { fitScenarios, type ImageFacts, markersOf } from '../../src/plan/fit-scenarios.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';

const PLAN = resolvePlan({ targets: { test: '2 min' } }, { folderName: 'shop' });
const OWN = "The test service's own command";
const NOTHING = {
  pytest: 'absent',
  'pytest-xdist': 'absent',
  'pytest-cov': 'absent',
} as const;

type State = ImageFacts['tools']['packages'][PytestPackage];

function facts(packages: Partial<Record<PytestPackage, State>>, change: Partial<ImageFacts> = {}): ImageFacts {
  return {
    tools: { python: true, packages: { ...NOTHING, ...packages }, unregisteredMarkers: [] },
    hasOwnCommand: true,
    dockerfile: 'Dockerfile.test',
    ...change,
  };
}

function named(image: ImageFacts) {
  const { scenarios, leftOut } = fitScenarios(PLAN, image);
  return { runs: scenarios.map(({ name }) => name), leftOut: leftOut?.scenarios.map(({ name }) => name) };
}

const ALL = { pytest: 'loaded', 'pytest-xdist': 'loaded', 'pytest-cov': 'loaded' } as const;

describe('the default scenarios of an image', () => {
  it('are as they were where it can run all of them', () => {
    expect(fitScenarios(PLAN, facts(ALL))).toBe(PLAN);
  });

  test.each<[string, Partial<Record<PytestPackage, State>>, string[], string[]]>([
    [
      'without pytest-xdist and pytest-cov',
      { pytest: 'loaded' },
      [OWN],
      ['Full Test Suite', 'Quick Tests Only', 'Single Worker', 'Parallel Workers'],
    ],
    [
      'without pytest-xdist',
      { pytest: 'loaded', 'pytest-cov': 'loaded' },
      [OWN, 'Single Worker'],
      ['Full Test Suite', 'Quick Tests Only', 'Parallel Workers'],
    ],
    [
      'without pytest-cov',
      { pytest: 'loaded', 'pytest-xdist': 'loaded' },
      [OWN, 'Quick Tests Only'],
      ['Full Test Suite', 'Single Worker', 'Parallel Workers'],
    ],
    [
      'with a pytest-cov that is not loaded',
      { ...ALL, 'pytest-cov': 'installed' },
      [OWN, 'Quick Tests Only'],
      ['Full Test Suite', 'Single Worker', 'Parallel Workers'],
    ],
    ['without pytest', {}, [OWN], ['Full Test Suite', 'Quick Tests Only', 'Single Worker', 'Parallel Workers']],
  ])('%s are those it can run, behind the own command', (_, packages, runs, leftOut) => {
    expect(named(facts(packages))).toEqual({ runs, leftOut });
  });

  it('leave out the one whose marker pytest refuses', () => {
    const tools = { python: true, packages: ALL, unregisteredMarkers: ['slow'] };
    expect(named(facts({}, { tools }))).toEqual({
      runs: [OWN, 'Full Test Suite', 'Single Worker', 'Parallel Workers'],
      leftOut: ['Quick Tests Only'],
    });
  });

  it('lack nothing but the program where there is no Python', () => {
    const { leftOut } = fitScenarios(PLAN, facts({}, { tools: { ...facts({}).tools, python: false } }));
    expect(leftOut?.scenarios.map(({ lacks }) => lacks)).toEqual(
      Array.from({ length: 4 }, () => [{ kind: 'command', name: 'python' }]),
    );
  });

  it('are the primary ones where the service has no command of its own', () => {
    const plan = fitScenarios(PLAN, facts({ pytest: 'loaded', 'pytest-cov': 'loaded' }, { hasOwnCommand: false }));
    expect(plan.scenarios.map(({ name, primary }) => [name, primary])).toEqual([['Single Worker', true]]);
  });

  it('keep the own command of the service if there is neither, with a note', () => {
    expect(named(facts({ pytest: 'loaded' }, { hasOwnCommand: false })).runs).toEqual([OWN]);
  });
});

it('the own command is the primary scenario, judged by the targets of the plan', () => {
  const { scenarios, targets } = fitScenarios(PLAN, facts({ pytest: 'loaded', 'pytest-cov': 'loaded' }));
  expect(scenarios.map(({ id, command, targetSeconds, primary }) => ({ id, command, targetSeconds, primary }))).toEqual(
    [
      { id: 'the-test-service-s-own-command', command: null, targetSeconds: null, primary: true },
      {
        id: 'single-worker',
        command: ['python', '-m', 'pytest', '-v', '--cov=.'],
        targetSeconds: 300,
        primary: false,
      },
    ],
  );
  expect(targets.testSeconds).toBe(120);
});

it('the image is asked about the markers that the scenarios select by', () => {
  expect(markersOf(PLAN)).toEqual(['slow']);
});
