/**
 * Odd suites and odd compose files (test/fixtures/projects/odd), through the real command on the real engine: each has an
 * honest result. Many cases share a run, because a run costs seconds.
 */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult, TrialResult } from '../../src/model/result.ts';
import { paceline } from '../support/paceline.ts';
import { buildPrepared } from '../support/prepared-image.ts';
import { expectNothingLeft, resultOf, serve, type Served } from '../support/served.ts';
import { treeState } from '../support/tree-state.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/projects/odd', import.meta.url));
const PREPARED = `paceline-test-odd:${process.pid}`;

let served: Served;

beforeAll(async () => {
  served = await serve('odd', async (local) => {
    await buildPrepared(local, PREPARED, ['pytest==8.4.2']);
    return { PYTHON_IMAGE: PREPARED };
  });
});
afterAll(() => served.close());

async function benchmark(name: string): Promise<{ readonly code: number | null; readonly result: RunResult }> {
  const directory = join(served.root, name);
  cpSync(join(FIXTURES, name), directory, { recursive: true });
  const before = treeState(directory);
  const argv = ['run', '--project', directory, '--json', ...served.data];
  const output = await paceline(argv, { env: { PYTHON_IMAGE: PREPARED } });
  expect(treeState(directory)).toEqual(before);
  const ended = resultOf(output);
  await expectNothingLeft(served.local, ended.result);
  return ended;
}

describe('of one project with odd suites', () => {
  let odd: Awaited<ReturnType<typeof benchmark>>;
  const trialOf = (name: string) => odd.result.scenarios.find((scenario) => scenario.name === name)!.trials[0]!;

  beforeAll(async () => {
    odd = await benchmark('suite');
  });

  test('the run ends with what its tests came to, and nothing broke on the way', () => {
    const { code, result } = odd;
    expect({ code, verdict: result.verdict, errors: result.errors }).toEqual({
      code: 1,
      verdict: 'failed',
      errors: [],
    });
  });

  test('20,000 tests are all counted', () => {
    expect(trialOf('Many')).toMatchObject({ outcome: 'passed', tests: { passed: 20_000, failed: 0 } });
  });

  test('a run with 200 MB of output succeeds', () => {
    expect(trialOf('Loud')).toMatchObject({ outcome: 'passed', tests: { passed: 1 } });
  });

  test('output that is not text leaves the result valid', () => {
    expect(trialOf('Bytes')).toMatchObject({ outcome: 'testsFailed', reason: '1 of 1 tests failed.' });
  });

  test('a suite that forks past the limit of processes failed by it', () => {
    expect(trialOf('Forks')).toMatchObject({ outcome: 'testsFailed', exitCode: 1, tests: { failed: 1 } });
    expect(odd.result.advice).toContainEqual(
      expect.objectContaining({
        id: 'process-limit',
        message: expect.stringMatching(/^Forks ran into the limit of processes of \S+: raise `pids_limit`/),
      }),
    );
  });

  test('tests behind a shell script are instrumented as well', () => {
    expect(trialOf('Script')).toMatchObject({ outcome: 'passed', tests: { passed: 1 } });
  });

  test('a command that runs no pytest has a time and says why it has no counts', () => {
    expect(trialOf('Bare')).toMatchObject({
      outcome: 'passed',
      tests: null,
      testsReason: expect.stringMatching(/^no JUnit report was written/),
    });
  });

  test('a suite that stops with exit code 0 stopped early, whether it was instrumented or not', () => {
    expect(trialOf('Stops')).toMatchObject({
      outcome: 'testsBroken',
      exitCode: 0,
      reason: 'The suite stopped in `tests/stops.py::test_ends_its_process` after 1 of 3 tests, with exit code 0.',
      unfinishedTest: 'tests/stops.py::test_ends_its_process',
    });
    expect(trialOf('Unseen')).toMatchObject({
      outcome: 'testsBroken',
      exitCode: 0,
      reason: expect.stringMatching(/its pytest left no report of its tests/),
      tests: null,
    });
    expect(odd.result.notes).toContainEqual(expect.stringMatching(/^Unseen: Paceline could not look into pytest/));
  });

  test('pytest that is not in the image is named', () => {
    expect(trialOf('No pytest')).toMatchObject({
      exitCode: 1,
      reason: 'The test command ended with exit code 1: the Python module `pytest` is missing in the image.',
    });
  });

  test('a build that fails after a source change is a failed measurement, and the run goes on', () => {
    expect(odd.result.builds.map(({ mode, change }) => [mode, change])).toEqual([
      ['cold', null],
      [
        'source-change',
        {
          kind: 'failed',
          file: expect.stringMatching(/\.py$/),
          reason: expect.stringMatching(/could not be built: the step .*source change/),
        },
      ],
    ]);
    expect(odd.result.phases.build.seconds).toBeGreaterThan(0);
  });
});

test('extends, env_file, secrets, other profiles, a one-shot and a service that is started again are as compose has them', async () => {
  const { code, result } = await benchmark('compose');
  expect({ code, verdict: result.verdict, errors: result.errors }).toEqual({ code: 0, verdict: 'pass', errors: [] });
  expect(result.scenarios[0]?.trials).toMatchObject([{ outcome: 'passed', tests: null }]);
});

test('the tests run as by a plain `docker compose run -T < /dev/null`, with their whole output kept', async () => {
  const { code, result } = await benchmark('plain-run');
  expect({ code, verdict: result.verdict, errors: result.errors }).toEqual({ code: 1, verdict: 'failed', errors: [] });
  const [[stdin], [red]] = result.scenarios.map(({ trials }) => trials) as [TrialResult[], TrialResult[]];
  expect(stdin).toMatchObject({ outcome: 'passed', tests: { passed: 3, failed: 0 } });
  // The debugger ends at the end of its input; it does not wait until the time limit.
  expect(red).toMatchObject({ outcome: 'testsFailed', tests: { passed: 0, failed: 1 } });
  const output = readFileSync(
    join(served.root, 'data', 'runs', result.runId, 'trials', 'stdin-1-1', 'output.log'),
    'utf8',
  );
  expect(output.match(/line \d{6} x+$/gm)).toHaveLength(20_000);
  expect(result.notes).toContainEqual(expect.stringMatching(/^The log of `mute` was not checked: .* `none`/));
  expect(result.notes).toContainEqual(expect.stringMatching(/^The `logging` of `test` \(driver `none`\) is not used/));
});
