import { describe, expect, test } from 'vitest';
import { AUDITS, runAudits } from '../../../src/analysis/audits/run-audits.ts';
import type { Audit } from '../../../src/analysis/audits/audit.ts';
import { analyze } from '../../../src/analysis/analyze.ts';
import { collectErrors } from '../../../src/analysis/judge/errors.ts';
import type { Scenario } from '../../../src/model/plan.ts';
import type { TrialProfile } from '../../../src/model/profile/trial-profile.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { WITHOUT_PYTEST } from '../../../src/plan/own-command.ts';
import { parsePlanInput } from '../../../src/plan/parse.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';
import { badTrialOf, factsOf, FULL, GIB, PARALLEL, planOf, QUICK, scenarioOf, SINGLE, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';
import { resourcesWith, USE } from '../resource-facts.ts';

function advice(trials: readonly TrialRecord[], scenarios: readonly Scenario[] = [FULL, QUICK, SINGLE, PARALLEL]) {
  return analyze(factsOf({ plan: planOf({ scenarios }), trials })).advice;
}

function ids(...args: Parameters<typeof advice>): string[] {
  return advice(...args).map(({ id }) => id);
}

test('an audit that throws is a note, and the others go on', () => {
  const facts = factsOf({ trials: [badTrialOf(FULL, 'outOfMemory', 'Killed.')], plan: planOf({ scenarios: [FULL] }) });
  const broken: Audit = {
    ...AUDITS[0]!,
    id: 'broken-check',
    audit: () => {
      throw new TypeError('x is undefined');
    },
  };
  const { advice: found, checks, notes } = runAudits(facts, [], [broken, ...AUDITS]);
  expect(checks[0]).toMatchObject({ id: 'broken-check', outcome: 'failed', reason: 'x is undefined' });
  expect(checks).toHaveLength(AUDITS.length + 1);
  expect(found.map(({ id }) => id)).toEqual(['memory-limit']);
  expect(notes).toEqual([
    'The check `broken-check` failed (x is undefined). This is a bug in Paceline. Please report it.',
  ]);
});

test('clean scenarios that differ by more than their workers give no advice', () => {
  expect(advice([trialOf(FULL), trialOf(QUICK, { seconds: 5 })], [FULL, QUICK])).toEqual([]);
});

describe('missing-pytest', () => {
  const line = '/usr/local/bin/python: No module named pytest';
  const without = (logTail: string, tests: TrialRecord['tests'] = null) =>
    badTrialOf(FULL, 'testsFailed', 'The test command ended with exit code 1.', { exitCode: 1, tests, logTail });

  test('names the plan that measures another suite, as it can be put into paceline.yml', () => {
    const [found, ...more] = advice([without(`${line}\n`)], [FULL]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ id: 'missing-pytest', evidence: [line] });
    expect(found!.message).toMatch(/^The test image has no pytest, so no test ran in Full Test Suite\. Install pytest/);
    const [snippet = ''] = /scenarios: \[.*\]/.exec(found!.message) ?? [];
    expect(
      resolvePlan(parsePlanInput(snippet, { file: 'paceline.yml' }), { folderName: 'shop' }).scenarios,
    ).toMatchObject([{ name: 'Own command', command: null }]);
  });

  test.each([
    ['another module', 'No module named pytest_cov', null],
    ['a part of it', "No module named 'pytest.missing'", null],
    ['what a test prints', line, { passed: 1, failed: 1, skipped: 0, errors: 0 }],
  ])('is not said of %s', (_, output, tests) => {
    expect(advice([without(output, tests)], [FULL]).filter(({ id }) => id === 'missing-pytest')).toEqual([]);
  });

  test('is the remedy as well where a shell does not find it', () => {
    const trial = badTrialOf(FULL, 'commandNotFound', 'The test command was not found (exit code 127).', {
      logTail: 'sh: 1: pytest: not found',
    });
    const [error] = collectErrors(factsOf({ plan: planOf({ scenarios: [FULL] }), trials: [trial] }));
    expect(error).toMatchObject({ type: 'CommandNotFound', next: WITHOUT_PYTEST });
  });
});

describe('missing-plugin', () => {
  const refused = (scenario: Scenario, words: string) =>
    badTrialOf(scenario, 'noTests', 'pytest refused the call (exit code 4).', {
      exitCode: 4,
      logTail: `__main__.py: error: unrecognized arguments: ${words}\n  rootdir: /app`,
    });

  test.each([
    ['-n 2', 'pytest-xdist'],
    ['-n2', 'pytest-xdist'],
    ['--numprocesses=2', 'pytest-xdist'],
    ['--dist=loadfile', 'pytest-xdist'],
    ['--cov=.', 'pytest-cov'],
    ['--timeout=5', 'pytest-timeout'],
    ['--reruns 3', 'pytest-rerunfailures'],
  ])('for %s is %s', (words, plugin) => {
    const [found, ...more] = advice([refused(FULL, words)], [FULL]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      id: 'missing-plugin',
      evidence: [`pytest: unrecognized arguments: ${words}`],
    });
    expect(found!.message).toContain(`Install ${plugin} in the test image`);
  });

  test('is read from the hint, and from no text', () => {
    const hint = { kind: 'unrecognizedArguments', arguments: '-n 2', plugins: ['pytest-xdist'] } as const;
    expect(advice([badTrialOf(FULL, 'testsBroken', 'Broken.', { exitCode: 4, hint })], [FULL])).toMatchObject([
      { id: 'missing-plugin', evidence: ['pytest: unrecognized arguments: -n 2'] },
    ]);
    const reason = 'pytest could not begin (exit code 4): unrecognized arguments: -n 2.';
    expect(advice([badTrialOf(FULL, 'testsBroken', reason, { exitCode: 4 })], [FULL])).toEqual([]);
  });

  test('is not given for a trial that an older version stored without a hint', () => {
    const { hint: _, ...old } = refused(FULL, '-n 2');
    expect(advice([old], [FULL])).toEqual([]);
  });

  test('names each plugin once, with all scenarios that want it', () => {
    const found = advice([refused(FULL, '-n 2 --cov=.'), refused(PARALLEL, '-n 4 --cov=.')], [FULL, PARALLEL]);
    expect(found.map(({ message }) => message)).toEqual([
      'Install pytest-xdist in the test image; no test ran without it in Full Test Suite and Parallel Workers.',
      'Install pytest-cov in the test image; no test ran without it in Full Test Suite and Parallel Workers.',
    ]);
  });

  test('is silent about an option that no plugin is known for', () => {
    expect(advice([refused(FULL, '--snapshot-update')], [FULL])).toEqual([]);
  });

  test('is not believed of a green run that prints the words', () => {
    const trial = trialOf(FULL, { logTail: 'error: unrecognized arguments: -n 2' });
    expect(advice([trial], [FULL])).toEqual([]);
  });
});

describe('unregistered-marker', () => {
  test.each([
    "ERROR: 'slow' not found in `markers` configuration option",
    "tests/test_a.py:3: 'slow' not found in 'markers' configuration option",
  ])('is read from %s', (line) => {
    const found = advice(
      [trialOf(FULL), badTrialOf(QUICK, 'noTests', 'No test ran (exit code 4).', { logTail: line })],
      [FULL, QUICK],
    );
    expect(found).toMatchObject([{ id: 'unregistered-marker', saves: null }]);
    expect(found[0]!.message).toContain('Register the marker `slow`');
    expect(found[0]!.message).toContain('Quick Tests Only');
  });
});

describe('unstable-collection', () => {
  test('is not taken for interference', () => {
    const logTail = 'Different tests were collected between gw1 and gw0. The difference is:';
    const trials = [badTrialOf(FULL, 'testsBroken', 'Broken.', { exitCode: 1, seconds: 15, logTail }), trialOf(SINGLE)];
    const found = advice(trials, [FULL, SINGLE]);
    expect(found).toMatchObject([{ id: 'unstable-collection', saves: null }]);
    expect(found[0]!.evidence).toEqual([
      'Full Test Suite, trial 1: different tests were collected between the workers gw1 and gw0',
    ]);
  });

  test('is silent about tests that merely fail', () => {
    expect(ids([badTrialOf(FULL, 'testsFailed', '3 of 312 tests failed.')], [FULL])).toEqual([]);
  });
});

describe('coverage-threshold', () => {
  const tail = 'FAIL Required test coverage of 90% not reached. Total coverage: 71.20%\n312 passed in 30 s';
  const tests = { passed: 312, failed: 0, skipped: 0, errors: 0 };

  test.each([tail, 'ERROR: Coverage failure: total of 71 is less than fail-under=90'])(
    'is read from "%s"',
    (logTail) => {
      const trial = badTrialOf(FULL, 'testsBroken', 'Exit code 1.', { exitCode: 1, tests, logTail });
      expect(ids([trial], [FULL])).toEqual(['coverage-threshold']);
    },
  );

  test.each([
    ['a test failed as well', { tests: { ...tests, failed: 1 } }],
    ['nothing passed', { tests: { ...tests, passed: 0 } }],
    ['the counts are not known', { tests: null }],
    ['the exit code is another', { exitCode: 3 }],
  ])('is not blamed when %s', (_, change) => {
    const trial = badTrialOf(FULL, 'testsFailed', 'Red.', { exitCode: 1, tests, logTail: tail, ...change });
    expect(ids([trial], [FULL])).toEqual([]);
  });
});

describe('memory-limit', () => {
  test('names the lane that was too small', () => {
    const [found] = advice(
      [badTrialOf(FULL, 'outOfMemory', 'Killed.', { lane: { cpus: [0], memoryBytes: GIB } })],
      [FULL],
    );
    expect(found).toMatchObject({ id: 'memory-limit', evidence: ['Full Test Suite, trial 1: Killed.'] });
    expect(found!.message).toContain('lanes.memory');
  });

  test('blames no lane that had no limit', () => {
    const [found] = advice(
      [badTrialOf(FULL, 'outOfMemory', 'Killed.', { lane: { cpus: [0], memoryBytes: null } })],
      [FULL],
    );
    expect(found!.message).not.toContain('lanes.memory');
  });

  test('is silent about tests that were killed otherwise', () => {
    expect(advice([badTrialOf(FULL, 'killed', 'Killed by SIGTERM.')], [FULL])).toEqual([]);
  });
});

describe('process-limit', () => {
  const used = (refusedPids: number | null, peakPids: number | null = 64): TrialProfile => ({
    notes: [],
    pytest: null,
    resources: resourcesWith({ service: 'test', container: 'test-1', ...USE, refusedPids, peakPids }),
  });
  const red = (profile: TrialProfile | null) => badTrialOf(FULL, 'testsFailed', '1 of 1 tests failed.', { profile });

  test('names the service whose limit refused a process', () => {
    expect(advice([red(used(3))], [FULL])).toMatchObject([
      {
        id: 'process-limit',
        message:
          'Full Test Suite ran into the limit of processes of test: raise `pids_limit` in the compose file, or run with fewer workers (-n).',
        evidence: ['Full Test Suite, trial 1: test was refused a process or thread 3 times; it had 64 at most'],
      },
    ]);
  });

  test('says once where it was once, and no peak where the kernel keeps none', () => {
    expect(advice([red(used(1, null))], [FULL])[0]?.evidence).toEqual([
      'Full Test Suite, trial 1: test was refused a process or thread once',
    ]);
  });

  test.each([
    ['nothing was refused', red(used(0))],
    ['not counted', red(used(null))],
    ['nothing was measured', red(null)],
    ['the suite bore it and passed', trialOf(FULL, { profile: used(3) })],
  ])('is silent where %s', (_, trial) => {
    expect(ids([trial], [FULL])).toEqual([]);
  });
});

describe('interference', () => {
  const red = (scenario: Scenario, failed: number) =>
    badTrialOf(scenario, 'testsFailed', `${failed} of 312 tests failed.`, {
      seconds: 15,
      exitCode: 1,
      tests: { passed: 312 - failed, failed, skipped: 4, errors: 0 },
    });

  test('is what is green alone and red in parallel', () => {
    const found = advice([red(FULL, 33), trialOf(SINGLE), red(PARALLEL, 59)], [FULL, SINGLE, PARALLEL]);
    expect(found).toMatchObject([
      {
        id: 'interference',
        saves: null,
        evidence: [
          'Single Worker, a single process: green (312 passed, 0 failed, 0 errors)',
          'Full Test Suite, 2 workers: 33 of 312 tests failed. (279 passed, 33 failed, 0 errors)',
          'Parallel Workers, 4 workers: 59 of 312 tests failed. (253 passed, 59 failed, 0 errors)',
        ],
      },
    ]);
  });

  test.each<[string, TrialRecord[], Scenario[]]>([
    ['it is red alone too', [red(FULL, 3), red(SINGLE, 3)], [FULL, SINGLE]],
    ['both are green', [trialOf(FULL), trialOf(SINGLE)], [FULL, SINGLE]],
    [
      'the commands differ by more than the workers',
      [trialOf(SINGLE), red(QUICK, 3)],
      [{ ...QUICK, primary: true }, SINGLE],
    ],
    [
      'it is the coverage limit that failed',
      [
        badTrialOf(FULL, 'testsBroken', 'Every test passed.', {
          logTail: 'Required test coverage of 90% not reached. Total coverage: 89%',
        }),
        trialOf(SINGLE),
      ],
      [FULL, SINGLE],
    ],
    ['it was killed for memory', [badTrialOf(FULL, 'outOfMemory', 'Killed.'), trialOf(SINGLE)], [FULL, SINGLE]],
    [
      'xdist is not there at all',
      [
        badTrialOf(FULL, 'noTests', 'Refused.', { exitCode: 4, logTail: 'error: unrecognized arguments: -n' }),
        trialOf(SINGLE),
      ],
      [FULL, SINGLE],
    ],
  ])('is not suspected when %s', (_, trials, scenarios) => {
    expect(ids(trials, scenarios)).not.toContain('interference');
  });
});

describe('same-failures', () => {
  const red = (scenario: Scenario, failedTests: string[], trial = 1) =>
    badTrialOf(scenario, 'testsFailed', 'Red.', { trial, profile: profileOf({ failedTests }) });

  test('names the tests that fail whatever the scenario', () => {
    const found = advice([red(FULL, ['t.py::a', 't.py::b']), red(SINGLE, ['t.py::b'])], [FULL, SINGLE]);
    expect(found).toMatchObject([
      {
        id: 'same-failures',
        message:
          'The same test fails in Full Test Suite and Single Worker, so neither workers nor load are the cause: fix it first. Where the project has not changed, a dependency without a pinned version may have.',
        evidence: ['t.py::b'],
      },
    ]);
  });

  test('cuts a long list', () => {
    const tests = ['a', 'b', 'c', 'd', 'e'].map((name) => `t.py::${name}`);
    const [found] = advice([red(FULL, tests), red(SINGLE, tests)], [FULL, SINGLE]);
    expect(found?.message).toMatch(/^The same 5 tests fail in .*: fix them first\./);
    expect(found?.evidence).toEqual(['t.py::a, t.py::b, t.py::c and 2 more']);
  });

  test.each<[string, TrialRecord[], Scenario[]]>([
    ['one scenario is green', [red(FULL, ['t.py::a']), trialOf(SINGLE)], [FULL, SINGLE]],
    ['others fail in each', [red(FULL, ['t.py::a']), red(SINGLE, ['t.py::b'])], [FULL, SINGLE]],
    ['there is one scenario', [red(FULL, ['t.py::a'])], [FULL]],
    [
      'it is not every trial of a scenario',
      [red(FULL, ['t.py::a']), red(FULL, ['t.py::b'], 2), red(SINGLE, ['t.py::a'])],
      [FULL, SINGLE],
    ],
    ['pytest has no profile', [red(FULL, ['t.py::a']), badTrialOf(SINGLE, 'testsFailed', 'Red.')], [FULL, SINGLE]],
  ])('is silent where %s', (_, trials, scenarios) => {
    expect(ids(trials, scenarios)).not.toContain('same-failures');
  });
});

describe('skipped-tests', () => {
  test('tells that a green run ran nothing', () => {
    const trial = trialOf(FULL, { tests: { passed: 0, failed: 0, skipped: 40, errors: 0 } });
    expect(advice([trial], [FULL])).toMatchObject([
      { id: 'skipped-tests', evidence: ['Full Test Suite: 40 skipped, 0 passed'] },
    ]);
  });

  test('is silent where some ran', () => {
    expect(advice([trialOf(FULL)], [FULL])).toEqual([]);
  });
});

describe('worker-count', () => {
  const trials = (full: number, parallel: number, change: Partial<TrialRecord> = {}) => [
    trialOf(FULL, { seconds: full }),
    trialOf(PARALLEL, { seconds: parallel, ...change }),
  ];
  const both = [FULL, PARALLEL];

  test('advises what was measured to be faster, with the seconds', () => {
    expect(advice(trials(100, 70), both)).toEqual([
      {
        id: 'worker-count',
        kind: 'opportunity',
        state: 'predicted',
        message: 'Run the tests with 4 workers, as Parallel Workers does, and not with 2 workers.',
        evidence: [
          'Parallel Workers, 4 workers: 1 min 10 s (1 trial), 312 passed',
          'Full Test Suite, 2 workers: 1 min 40 s (1 trial), 312 passed',
        ],
        where: null,
        saves: {
          figure: 'trial.duration',
          unit: 'second',
          predicted: { value: 30, low: null, high: null },
          verified: null,
        },
        remedy: { kind: 'planOverride', set: { 'scenarios[0].command': 'python -m pytest -v -n 4 --cov=.' } },
      },
    ]);
  });

  test('says when more workers do not help', () => {
    expect(advice(trials(70, 75), both)).toMatchObject([
      {
        message: 'More workers do not help here: Parallel Workers is no faster than Full Test Suite.',
        saves: null,
      },
    ]);
  });

  test.each<[string, TrialRecord[]]>([
    ['the gain is within the noise', trials(100, 90)],
    ['the gain is under the floor', trials(3, 1.5)],
    [
      'the faster one is red',
      [trialOf(FULL, { seconds: 100 }), badTrialOf(PARALLEL, 'testsBroken', 'Broken.', { seconds: 15 })],
    ],
    ['the faster one ran other tests', trials(100, 15, { tests: { passed: 100, failed: 0, skipped: 0, errors: 0 } })],
    ['it is not known what the faster one ran', trials(100, 15, { tests: null })],
    [
      'the faster one lacks a clean trial',
      [trialOf(FULL, { seconds: 100 }), trialOf(PARALLEL, { seconds: 15, kind: 'warmup' })],
    ],
    [
      'a figure rests on disturbed trials alone',
      trials(100, 70, { disturbed: { reason: 'others used 40 % of its CPUs' } }),
    ],
  ])('gives no advice when %s', (_, given) => {
    expect(ids(given, both)).toEqual([]);
  });

  test.each([
    ['python -m pytest -v --cov=. -n 8'],
    ['python -m pytest -v --cov=. -n8'],
    ['python -m pytest --numprocesses=8 -v --cov=.'],
    ['python -m pytest --numprocesses 8 -v --cov=.'],
  ])('reads the workers of `%s`', (command) => {
    const other = scenarioOf('Other', command, null);
    expect(advice([trialOf(FULL, { seconds: 100 }), trialOf(other, { seconds: 50 })], [FULL, other])).toMatchObject([
      { message: 'Run the tests with 8 workers, as Other does, and not with 2 workers.' },
    ]);
  });
});

describe('worker-count, where a single count was measured', () => {
  /** 24 tests of two seconds each on two workers, with these CPU seconds. */
  const recorded = (cpu: number) => {
    const each = <T>(value: (test: number) => T) => Array.from({ length: 24 }, (_, test) => value(test));
    const table = {
      files: ['tests/test_a.py'],
      file: each(() => 0),
      name: each((test) => `test_${test}`),
      worker: each((test) => test % 2),
      workers: ['gw0', 'gw1'],
      at: each((test) => 2 * Math.floor(test / 2)),
      seconds: each(() => 2),
      setup: each(() => 0),
      call: each(() => 2),
      teardown: each(() => 0),
      cpu: each(() => cpu),
      fixtures: [],
      uses: each(() => []),
      leftOut: 0,
    };
    const configuration = { workers: 2, distribution: 'load', plugins: ['pytest-xdist 3.8.0'] };
    const path = { start: 0.5, collection: 1, tests: 24, report: 0, outside: 0 };
    return trialOf(FULL, { seconds: 25.5, profile: profileOf({ configuration, table, path }) });
  };

  test('simulates more workers for tests that wait, and gives seconds with an interval and a command', () => {
    const [found] = advice([recorded(0.05)], [FULL]).filter(({ id }) => id === 'worker-count');
    expect(found).toMatchObject({ kind: 'opportunity', state: 'predicted', saves: { scenario: FULL.name } });
    const { value, low, high } = found!.saves!.predicted!;
    expect(value).toBeGreaterThan(10);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(found!.remedy).toEqual({
      kind: 'planOverride',
      set: {
        'scenarios[0].command': expect.stringMatching(/^python -m pytest -v -n [68] --dist load --cov=\.$/) as string,
      },
    });
  });

  test('says nothing for tests that compute, or where a run with workers was red', () => {
    expect(ids([recorded(2)], [FULL])).not.toContain('worker-count');
    const red = {
      ...recorded(0.05),
      scenarioId: PARALLEL.id,
      scenarioName: PARALLEL.name,
      outcome: 'testsFailed',
      exitCode: 1,
    } as const;
    expect(ids([recorded(0.05), red], [FULL, PARALLEL])).not.toContain('worker-count');
  });
});
