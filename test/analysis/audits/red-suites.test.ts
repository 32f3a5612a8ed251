/** What red and disturbed trials still show: the times of the tests that ran, with that condition and a wide interval. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runAudits } from '../../../src/analysis/audits/run-audits.ts';
import { analyze } from '../../../src/analysis/analyze.ts';
import { parseFactsFile } from '../../../src/analysis/facts-file.ts';
import type { PytestProfile, TestTiming } from '../../../src/model/profile/pytest-profile.ts';
import type { Advice } from '../../../src/model/result.ts';
import type { RunFacts, TrialRecord } from '../../../src/model/run.ts';
import { factsOf, FULL, planOf, scenarioOf, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

const RED = { outcome: 'testsFailed', reason: '1 of 21 tests failed.', exitCode: 1 } as const;
const CRASHED = {
  outcome: 'testsBroken',
  exitCode: 3,
  reason: 'pytest failed with an internal error (exit code 3).',
  hint: { kind: 'schedulerCrashed', distribution: 'worksteal', error: 'AssertionError' },
} as const;
const DISTURBED = { disturbed: { reason: 'other work took 85 % of its CPU time' } };

/** Facts of an audit's own folder, with another end of each trial. */
function planted(id: string, file: 'fires' | 'near-miss', change: Partial<TrialRecord>): RunFacts {
  const url = new URL(`../../../src/analysis/audits/${id}/${file}.json`, import.meta.url);
  const { facts } = parseFactsFile(readFileSync(url, 'utf8'), file);
  return { ...facts, trials: facts.trials.map((trial) => ({ ...trial, ...change })) };
}

function adviceOf(facts: RunFacts, id: string): readonly Advice[] {
  const { scenarios } = analyze(facts);
  return runAudits(facts, scenarios).advice.filter((each) => each.id === id);
}

describe('worker-imbalance', () => {
  const green = adviceOf(planted('worker-imbalance', 'fires', {}), 'worker-imbalance')[0]!.saves!.predicted!;

  test.each([
    ['a red trial', RED, 'in a red trial', 'seen in a red trial of Full Test Suite'],
    ['a disturbed trial', DISTURBED, 'in a disturbed trial', 'other work took 85 % of its CPU time'],
  ])('is found in %s, with that condition and a wider interval from 0', (_, change, words, evidence) => {
    const [found] = adviceOf(planted('worker-imbalance', 'fires', change), 'worker-imbalance');
    expect(found!.message).toContain(words);
    expect(found!.evidence.join('\n')).toContain(evidence);
    expect(found!.saves!.predicted).toMatchObject({ value: green.value, low: 0 });
    expect(found!.saves!.predicted!.high).toBeGreaterThan(green.high!);
  });

  test.each([
    ['a suite that xdist broke off', 'fires', CRASHED],
    [
      'a red suite that ends at the first failure',
      'fires',
      { ...RED, hint: { kind: 'workerCrashed', test: 'x', worker: 'gw1' } },
    ],
    ['a red suite that is evenly spread', 'near-miss', RED],
  ] as const)('is not said of %s', (_, file, change) => {
    expect(adviceOf(planted('worker-imbalance', file, change), 'worker-imbalance')).toEqual([]);
  });
});

test.each(['distribution', 'worker-count'])('%s is not recommended from a red trial', (id) => {
  expect(adviceOf(planted(id, 'fires', RED), id)).toEqual([]);
});

const TEST: TestTiming = {
  id: 'tests/test_clean.py::test_collects',
  seconds: 290,
  setup: 0.01,
  call: 0,
  teardown: 0,
  outcome: 'error',
  worker: 'gw0',
};
const START = {
  file: 'tests/test_clean.py',
  line: 36,
  source: 'subprocess.run(cmd)',
  calls: 2,
  seconds: 280,
  tests: [TEST.id],
};
const EVEN = [0, 1].map((number) => ({ ...TEST, id: `tests/test_a.py::test_${number}`, seconds: 4, call: 4 }));

/** Two workers, one long test. */
function suite(change: Parameters<typeof profileOf>[0], trial: Partial<TrialRecord>): RunFacts {
  const profile = profileOf({
    configuration: { workers: 2, distribution: 'worksteal' },
    path: { start: 17, collection: 480, tests: 302, report: 5, outside: 0 },
    workers: [
      { worker: 'gw0', tests: 54, busySeconds: 302 },
      { worker: 'gw1', tests: 449, busySeconds: 286 },
    ],
    slowestTests: [TEST, ...EVEN],
    ...change,
  });
  return factsOf({ plan: planOf({ scenarios: [FULL] }), trials: [trialOf(FULL, { seconds: 806, profile, ...trial })] });
}

describe('slow-tests', () => {
  test('names the test that was cut off when xdist broke off, with the least that it took', () => {
    const [found, ...more] = adviceOf(suite({}, { ...CRASHED, ...DISTURBED }), 'slow-tests');
    expect(more).toEqual([]);
    expect(found!.message).toMatch(
      /^Look at tests\/test_clean\.py::test_collects: it takes at least 4 min 50 s in a red and disturbed trial, 49 %/,
    );
    expect(found!.saves!.predicted).toEqual({ value: 145, low: 0, high: 290 });
    expect(found!.evidence[0]).toBe('it had not ended when the tests broke off, so the time of its parts is not known');
  });

  test('says where a test waits for another program', () => {
    const [found] = adviceOf(suite({ sleeps: [START] }, CRASHED), 'slow-tests');
    expect(found!.evidence).toContain('it waits for another program at tests/test_clean.py:36 (`subprocess.run(cmd)`)');
  });

  test.each([
    ['red', RED],
    ['green', {}],
    ['broken off', CRASHED],
  ])('names the test that starts pytest where the suite is %s', (_, end) => {
    const [found] = adviceOf(
      suite({ startedPytests: [START], slowestTests: [{ ...TEST, call: 289 }] }, end),
      'slow-tests',
    );
    expect(found!.message).toMatch(
      /^Do not start pytest in tests\/test_clean\.py::test_collects, .*: it takes 4 min 50 s/,
    );
    expect(found!.evidence).toContain(
      'it starts pytest at tests/test_clean.py:36 (`subprocess.run(cmd)`): 2 calls, 4 min 40 s',
    );
  });

  test.each<readonly [string, Parameters<typeof profileOf>[0], Partial<TrialRecord>]>([
    ['a red suite that is evenly spread', { slowestTests: EVEN }, CRASHED],
    ['a red suite in which every test ended: worker-imbalance has it', {}, RED],
    [
      'a test that starts pytest for a moment',
      { slowestTests: EVEN, startedPytests: [{ ...START, seconds: 1, tests: [EVEN[0]!.id] }] },
      RED,
    ],
  ])('says nothing of %s', (_, change, end) => {
    expect(adviceOf(suite(change, end), 'slow-tests')).toEqual([]);
  });
});

describe('slow-import', () => {
  const files: PytestProfile['collectedFiles'] = [
    { path: 'tests/conftest.py', seconds: 46, tests: 0 },
    { path: 'tests/test_a.py', seconds: 19, tests: 15 },
    ...Array.from({ length: 18 }, (_, at) => ({ path: `tests/test_${at}.py`, seconds: 0.2, tests: 15 })),
  ];
  const withPaths = (facts: RunFacts): RunFacts => ({
    ...facts,
    projectFiles: {
      dockerfiles: [],
      dockerignores: [],
      composeFiles: [],
      pytest: { file: 'pytest.ini', options: [{ name: 'testpaths', line: 8, value: 'tests' }], leftOut: 0 },
      unread: [],
    },
  });

  test('says how long the collection takes where testpaths are set, also in a suite that broke off', () => {
    const [found, ...more] = adviceOf(withPaths(suite({ collectedFiles: files }, CRASHED)), 'slow-import');
    expect(more).toEqual([]);
    expect(found!.message).toBe(
      'Make the imports of the tests shorter: collecting them takes 7 min 43 s of 13 min 26 s in a red trial, of which tests/conftest.py 46 s and tests/test_a.py 19 s.',
    );
    expect(found).toMatchObject({
      where: { file: 'tests/conftest.py', line: 1 },
      saves: { predicted: { value: 32.5, low: 0, high: 463 } },
    });
  });

  test.each<readonly [string, Parameters<typeof profileOf>[0], Partial<TrialRecord>]>([
    ['no file takes long', { collectedFiles: files.slice(2) }, CRASHED],
    ['the tests take most of the time', { collectedFiles: files.slice(1) }, { ...RED, seconds: 3000 }],
    [
      'no test ran',
      { collectedFiles: files, path: { start: 17, collection: 480, tests: 0, report: 0, outside: 0 } },
      CRASHED,
    ],
  ])('says nothing where %s', (_, change, end) => {
    expect(adviceOf(withPaths(suite(change, end)), 'slow-import')).toEqual([]);
  });
});

describe('worker-conflict', () => {
  const run = (commands: readonly string[], addopts: readonly string[]) => {
    const scenarios = commands.map((command, at) => scenarioOf(`S${at}`, command, null, at === 0));
    const trials = scenarios.map((scenario) =>
      trialOf(scenario, {
        ...RED,
        profile: profileOf({ configuration: { workers: 2, distribution: 'load', addopts } }),
      }),
    );
    return adviceOf(factsOf({ plan: planOf({ scenarios }), trials }), 'worker-conflict');
  };

  test('is said where every command names other workers than the addopts, also of a red suite', () => {
    expect(run(['pytest -n 2 --cov=.'], ['-n', 'auto'])).toMatchObject([
      {
        message:
          "Take `-n 2` out of the command of S0, or change the addopts: the project's own runs have `-n auto` from its addopts, and no scenario measures that.",
        saves: null,
        remedy: { kind: 'planOverride', set: { 'scenarios[0].command': 'pytest --cov=.' } },
      },
    ]);
  });

  test.each([
    ['a command has the same workers', ['pytest -n auto', 'pytest -n 4'], ['-n', 'auto']],
    ['the addopts name none', ['pytest -n 2'], ['-ra']],
  ])('is not said where %s', (_, commands, addopts) => {
    expect(run(commands, addopts)).toEqual([]);
  });
});
