import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { PytestConfiguration } from '../../../src/model/profile/pytest-profile.ts';
import { badTrialOf, factsOf, FULL, PARALLEL, planOf, QUICK, SINGLE, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

const AS_ASKED = profileOf({ configuration: { workers: 2, coverage: true } });

function notesOn(
  scenario: typeof SINGLE,
  configuration: Partial<PytestConfiguration>,
  { digest = 'other', count = 312 } = {},
) {
  const profile = profileOf({ configuration, testSet: { count, digest } });
  const trials = [trialOf(FULL, { profile: AS_ASKED }), trialOf(scenario, { profile })];
  return analyze(factsOf({ plan: planOf({ scenarios: [FULL, scenario] }), trials })).notes;
}

describe('what was in effect', () => {
  test('goes without saying where it is what the command asks for', () => {
    expect(notesOn(SINGLE, { coverage: true })).toEqual([]);
    expect(notesOn(QUICK, { workers: 2, markers: 'not slow' })).toEqual([]);
  });

  test.each([
    [
      'workers that the project adds',
      SINGLE,
      { coverage: true, workers: 4, addopts: ['-n', '4'] },
      "Single Worker ran in 4 workers, as `-n` in the project's addopts (pyproject.toml) says, and its command does not.",
    ],
    [
      'coverage that the project adds',
      QUICK,
      { workers: 2, coverage: true, markers: 'not slow', addopts: ['--cov=shop'] },
      "Quick Tests Only ran with coverage, as `--cov` in the project's addopts (pyproject.toml) says, and its command does not.",
    ],
    [
      'coverage that did not come',
      SINGLE,
      { coverage: false },
      'Single Worker asks for coverage but ran without it: pytest-cov is not installed or is disabled.',
    ],
    [
      "a `-m` that replaces the project's own",
      QUICK,
      { workers: 2, markers: 'not slow', addopts: ['-m', 'not network'] },
      "Quick Tests Only: its `-m 'not slow'` replaces the project's own `-m 'not network'` (the project's addopts (pyproject.toml)), so tests that the project normally deselects run as well.",
    ],
    [
      'tests in random order',
      SINGLE,
      { coverage: true, randomOrder: 'pytest-randomly' },
      'Single Worker: pytest-randomly shuffles the tests, so each trial runs them in a different order.',
    ],
  ])('is said of %s', (_, scenario, configuration, note) => {
    expect(notesOn(scenario, configuration)).toEqual([note]);
  });

  test('is said of a `-m` that leaves nothing out', () => {
    expect(notesOn(QUICK, { workers: 2, markers: 'not slow' }, { digest: 'aaaa' })).toEqual([
      "Quick Tests Only ran the same 312 tests as Full Test Suite: `-m 'not slow'` deselects none here; what differs is coverage.",
    ]);
  });

  test('is not said of it where no test ran', () => {
    expect(notesOn(QUICK, { workers: 2, markers: 'not slow' }, { digest: 'aaaa', count: 0 })).toEqual([]);
  });
});

test('interference names the tests that are red with workers alone, and that they vary', () => {
  const red = (trial: number, failedTests: readonly string[]) =>
    badTrialOf(PARALLEL, 'testsFailed', '1 of 312 tests failed.', {
      trial,
      seconds: 9,
      exitCode: 1,
      tests: { passed: 311, failed: 1, skipped: 0, errors: 0 },
      profile: profileOf({ failedTests, configuration: { workers: 4, coverage: true } }),
    });
  const trials = [
    trialOf(SINGLE, { profile: profileOf({ configuration: { coverage: true } }) }),
    red(1, ['t.py::a', 't.py::b']),
    red(2, ['t.py::c']),
  ];
  const facts = factsOf({ plan: planOf({ scenarios: [{ ...SINGLE, primary: true }, PARALLEL] }), trials });
  const advice = analyze(facts).advice.find(({ id }) => id === 'interference');
  expect(advice?.evidence).toContain('Parallel Workers, red: t.py::a, t.py::b, t.py::c; not the same each time');
});

test('trials of equal counts and other tests are not compared by their workers', () => {
  const profile = (workers: number, digest: string) =>
    profileOf({ configuration: { workers, coverage: true }, testSet: { count: 312, digest } });
  const ran = (digest: string) =>
    analyze(
      factsOf({
        plan: planOf({ scenarios: [FULL, PARALLEL] }),
        trials: [
          trialOf(FULL, { profile: profile(2, 'aaaa') }),
          trialOf(PARALLEL, { seconds: 10, profile: profile(4, digest) }),
        ],
      }),
    ).advice.map(({ id }) => id);
  expect(ran('aaaa')).toEqual(['worker-count']);
  expect(ran('bbbb')).toEqual([]);
});
