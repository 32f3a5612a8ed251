/**
 * What projects do to a benchmark, each in a tiny project of its own (test/fixtures/projects/traps: `base` with one
 * folder's files over it), through the real command on the real engine and server. After each run the project's folder is
 * as it was, and nothing of the run is left at the engine.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { paceline } from '../support/paceline.ts';
import { buildPrepared } from '../support/prepared-image.ts';
import { expectNothingLeft, resultOf, serve, type Served } from '../support/served.ts';
import { treeState } from '../support/tree-state.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/projects/traps', import.meta.url));
/** With what the fixtures install already in it, so that each build takes a second. */
const PREPARED = `paceline-test-traps:${process.pid}`;
const PACKAGES = ['pytest==8.4.2', 'pytest-xdist==3.8.0', 'pytest-cov==7.0.0'];

let served: Served;

beforeAll(async () => {
  served = await serve('traps', async (local) => {
    await buildPrepared(local, PREPARED, PACKAGES);
    return environment();
  });
});
afterAll(() => served.close());

const data = (name = 'data') => ['--data-dir', join(served.root, name)];
const environment = () => ({ PYTHON_IMAGE: PREPARED });

/** @returns the project's folder: the base, with the trap's own files over it */
function layOut(trap: string, folder = trap): string {
  const directory = join(served.root, folder);
  cpSync(join(FIXTURES, 'base'), directory, { recursive: true });
  cpSync(join(FIXTURES, trap), directory, { recursive: true });
  return directory;
}

/** Runs the command on a project that must not change by it. @returns its result, and the code that it ended with */
async function benchmark(directory: string, flags: readonly string[] = data()) {
  const before = treeState(directory);
  const argv = ['run', '--project', directory, '--json', ...flags];
  const output = await paceline(argv, { env: environment() });
  expect(treeState(directory)).toEqual(before);
  const ended = resultOf(output);
  await expectNothingLeft(served.local, ended.result);
  return ended;
}

/** The outcomes of the trials, in the plan's order. */
function outcomes({ scenarios }: RunResult) {
  return scenarios.flatMap(({ trials }) => trials.map(({ outcome }) => outcome));
}

describe('green is', () => {
  test.each([
    ['PostgreSQL with init SQL, a one-shot that ends, Redis in its network', 'services', 'services', 4],
    ['a build with .env, secret, argument, target and a frontend', 'build-options', 'build-options', 4],
    ['a folder with spaces and an emoji, whose options are added to', 'own-options', 'own "options" 🚀', 1],
    ['an ENTRYPOINT of pytest, and a user who is not root', 'entrypoint-pytest', 'entrypoint-pytest', 2],
  ])('%s', async (_, trap, folder, passed) => {
    const { code, result } = await benchmark(layOut(trap, folder));
    expect({ code, errors: result.errors, verdict: result.verdict }).toEqual({ code: 0, errors: [], verdict: 'pass' });
    expect(result.scenarios[0]?.trials).toMatchObject([
      { outcome: 'passed', exitCode: 0, reason: null, tests: { passed, failed: 0, skipped: 0, errors: 0 } },
    ]);
    expect(result.phases.build.seconds).toBeGreaterThan(0);
    expect(result.phases.test.seconds).toBeGreaterThan(0);
  });
});

describe('failed, exit code 1, is', () => {
  test.each([
    ['a red suite', 'red', 'testsFailed', 1, '1 of 4 tests failed.'],
    [
      'a red suite whose command ends with 0',
      'red-behind-a-wrapper',
      'testsFailed',
      0,
      '1 of 4 tests failed, although the command ended with exit code 0.',
    ],
    [
      'a coverage limit with every test passed',
      'low-coverage',
      'testsBroken',
      1,
      /^Every test passed, but the command ended with exit code 1: the coverage is \d\d\.\d\d %, below the required 99 %\.$/,
    ],
    ['no tests', 'no-tests', 'noTests', 5, 'No tests were collected (exit code 5).'],
    [
      'pytest-xdist not there',
      'no-xdist',
      'testsBroken',
      4,
      'pytest could not start (exit code 4): unrecognized arguments: -n (pytest-xdist is not installed in the image).',
    ],
    [
      'an error inside pytest',
      'internal-error',
      'testsBroken',
      3,
      'pytest failed with an internal error (exit code 3), so not every test ran: RuntimeError: the plugin is broken.',
    ],
    [
      'more memory than the compose file grants',
      'out-of-memory',
      'outOfMemory',
      137,
      'The tests were killed because they ran out of memory. `tests/test_memory.py::test_everything_at_once` was running.',
    ],
    [
      'a mounted source that the user of the tests may not write to',
      'mounted-source',
      'testsBroken',
      3,
      /: coverage cannot write \/app\/\.coverage\S*: the user who runs the tests may not write there\.$/,
    ],
  ])('%s', async (_, trap, outcome, exitCode, reason) => {
    const { code, result } = await benchmark(layOut(trap));
    expect({ code, errors: result.errors, verdict: result.verdict }).toEqual({
      code: 1,
      errors: [],
      verdict: 'failed',
    });
    const [scenario] = result.scenarios;
    expect(scenario?.trials).toMatchObject([{ outcome, exitCode, reason: expect.stringMatching(exactly(reason)) }]);
    // A broken run is the fastest run: it wins nothing.
    expect({ scenario: scenario?.seconds, test: result.phases.test.seconds }).toEqual({ scenario: null, test: null });
    expect(result.summary).toBe(`Tests: ${scenario?.trials[0]?.reason}`);
  });

  test('a suite that hangs: stopped at its time limit, with the test that was running and the counts until then', async () => {
    const { code, result } = await benchmark(layOut('hangs'));
    expect({ code, verdict: result.verdict }).toEqual({ code: 1, verdict: 'failed' });
    const name = 'tests/test_hang.py::test_waits_for_nobody';
    const [trial] = result.scenarios[0]!.trials;
    expect(trial).toMatchObject({
      outcome: 'timedOut',
      reason: expect.stringMatching(
        new RegExp(
          `^The tests did not end within their time limit and were stopped\\. \`${name}\` had been running for [\\d.]+ s\\.$`,
        ),
      ),
      unfinishedTest: name,
      tests: { failed: 0, skipped: 0, errors: 0 },
    });
    expect(trial!.tests!.passed).toBeGreaterThan(0);
  });

  test('a suite that workers collect differently, however fast it broke off', async () => {
    const { code, result } = await benchmark(layOut('not-parallel'));
    expect({ code, verdict: result.verdict }).toEqual({ code: 1, verdict: 'failed' });
    expect(outcomes(result)).toEqual(['testsBroken', 'passed']);
    expect(result.scenarios[0]?.reason).toContain('different tests were collected between the workers');
    // What could be faster depends on the machine; what explains the failure does not.
    const problems = result.advice.filter(({ kind }) => kind === 'problem');
    expect(problems.map(({ id }) => id)).toEqual(['unstable-collection']);
  });

  test('a test that fails in every scenario since a dependency has moved on, which no workers are blamed for', async () => {
    const { code, result } = await benchmark(layOut('drift'));
    expect({ code, verdict: result.verdict }).toEqual({ code: 1, verdict: 'failed' });
    expect(outcomes(result)).toEqual(['testsFailed', 'testsFailed']);
    expect(result.advice).toMatchObject([
      { id: 'same-failures', evidence: ['tests/test_drift.py::test_a_dependency_is_still_what_it_was'] },
    ]);
  });
});

describe('an error, exit code 2, is', () => {
  test.each([
    [
      'a command that is not there',
      'command-not-found',
      'CommandNotFound',
      'The command of `Tests` was not found in the image (exit code 127).',
      'pytset',
    ],
    [
      'a service that dies once it was up',
      'service-dies',
      'ServiceUnhealthy',
      'The service `broker` ended with exit code 7.',
      'FATAL: no configuration',
    ],
    [
      'a service that keeps ending and being restarted',
      'service-loops',
      'ServiceUnhealthy',
      /^The service `broker` keeps ending and being restarted: \d+ restarts, the last end with exit code 7\.$/,
      'FATAL: no configuration',
    ],
    [
      'a service that never gets healthy',
      'service-unhealthy',
      'ServiceUnhealthy',
      'The service `broker` did not become healthy: its healthcheck keeps failing.',
      'healthcheck: not at home',
    ],
    [
      'a step that fails',
      'build-fails',
      'BuildFailed',
      /^The image of `test` could not be built: the step `\[5\/5\] RUN echo .* exit 42` failed\.$/,
      'cannot find libshop.h',
    ],
    [
      'an image that cannot be had',
      'image-missing',
      'ImageUnavailable',
      'The image registry.invalid/none/nothing:9 is not on this host and cannot be pulled.',
      'registry.invalid',
    ],
  ])('%s', async (_, trap, type, what, detail) => {
    const { code, result } = await benchmark(layOut(trap));
    expect({ code, verdict: result.verdict }).toEqual({ code: 2, verdict: 'error' });
    expect(result.errors).toEqual([
      {
        type,
        what: expect.stringMatching(exactly(what)),
        next: expect.stringMatching(/\w\.$/),
        detail: expect.stringContaining(detail),
      },
    ]);
    expect(result.summary).toBe(result.errors[0]?.what);
    expect(result.scenarios.map(({ name, seconds }) => ({ name, seconds }))).toEqual([
      { name: 'Tests', seconds: null },
    ]);
  });

  test('a test service of another name, which is asked for before anything is started', async () => {
    const directory = layOut('other-name');
    const { code, stdout, stderr } = await paceline(['run', '--project', directory, '--json', ...data()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'paceline: docker-compose.test.yml has no service `test`, so it is not clear which service runs the tests. It has: specs.\n' +
        'Name that service with `--service NAME`, or with `service: NAME` in paceline.yml.\n',
    );
    const { result } = await benchmark(directory, ['--service', 'specs', ...data()]);
    expect(result.verdict).toBe('pass');
  });
});

test('two runs at once with the same names, port, network and volume do not meet', async () => {
  const directory = layOut('fixed-names');
  const runs = await Promise.all([
    benchmark(directory, data('data-of-one')),
    benchmark(directory, data('data-of-another')),
  ]);
  expect(runs.map(({ code, result }) => [code, ...outcomes(result)])).toEqual([
    [0, 'passed'],
    [0, 'passed'],
  ]);
});

test('in a sub-folder of a repository a commit is measured as it was, and the folder as it is now', async () => {
  const repository = join(served.root, 'repository');
  const directory = join(repository, 'services', 'shop');
  cpSync(layOut('red'), directory, { recursive: true });
  const git = async (...args: readonly string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'init.defaultBranch=main'];
    return (await execa('git', [...identity, '-C', repository, ...args])).stdout;
  };
  await git('init', '--quiet');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'red');
  rmSync(join(directory, 'tests', 'test_red.py'));
  mkdirSync(join(directory, 'tests', 'new'));
  writeFileSync(join(directory, 'tests', 'new', 'test_new.py'), 'def test_new():\n    pass\n');
  const commit = await git('rev-parse', 'HEAD');

  const asItLies = await benchmark(directory);
  expect(asItLies.result.source).toMatchObject({ commit, branch: 'main', dirty: true });
  expect(asItLies.result.scenarios[0]?.trials[0]).toMatchObject({ outcome: 'passed', tests: { passed: 3 } });
  const asItWas = await benchmark(directory, ['--ref', 'main', ...data()]);
  expect(asItWas.result.source).toMatchObject({ commit, branch: 'main', dirty: false });
  expect(asItWas.result.scenarios[0]?.reason).toBe('1 of 4 tests failed.');
});

/** Matches the sentence as it stands. */
function exactly(sentence: string | RegExp): RegExp {
  if (typeof sentence !== 'string') return sentence;
  return new RegExp(`^${sentence.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
