/**
 * A project without a plan, whose image has pytest and neither pytest-xdist nor pytest-cov, through the real command on the
 * real engine: it gets figures, green or red, and the default scenarios once its image can run them.
 */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { paceline } from '../support/paceline.ts';
import { buildPrepared } from '../support/prepared-image.ts';
import { expectNothingLeft, resultOf, serve, type Served } from '../support/served.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/projects/first-run', import.meta.url));
const PLAIN = `paceline-test-first-plain:${process.pid}`;
const EQUIPPED = `paceline-test-first-equipped:${process.pid}`;
const OWN = "The test service's own command";

let served: Served;

beforeAll(async () => {
  served = await serve('first', async (local, root) => {
    cpSync(FIXTURE, join(root, 'shop'), { recursive: true });
    await buildPrepared(local, PLAIN, ['pytest==8.4.2']);
    await buildPrepared(local, EQUIPPED, ['pytest==8.4.2', 'pytest-xdist==3.8.0', 'pytest-cov==7.0.0']);
    return {};
  });
});
afterAll(() => served.close());

async function benchmark(image: string): Promise<{ readonly code: number | null; readonly result: RunResult }> {
  // The worker of `up` has an environment of its own: what differs is in the project's folder.
  const project = join(served.root, 'shop');
  writeFileSync(join(project, '.env'), `PYTHON_IMAGE=${image}\n`);
  const ended = resultOf(await paceline(['run', '--project', project, '--json', ...served.data]));
  await expectNothingLeft(served.local, ended.result);
  return ended;
}

const peakOf = ({ metrics }: RunResult) =>
  metrics.find(({ metric, trial }) => metric === 'memory.workingSet.peak' && trial === null);

test('a green suite passes by its own command, and the default scenarios are left out in one sentence', async () => {
  const { code, result } = await benchmark(PLAIN);
  expect({ code, verdict: result.verdict, errors: result.errors }).toEqual({ code: 0, verdict: 'pass', errors: [] });
  expect(result.scenarios).toMatchObject([{ name: OWN, command: null, primary: true, verdict: 'pass' }]);
  expect(result.scenarios[0]?.trials[0]).toMatchObject({ tests: { passed: 2, failed: 0 } });
  expect(result.phases.test.seconds).toBeGreaterThan(0);
  expect(result.scenariosLeftOut?.message).toBe(
    'All 4 default scenarios were left out: the image has no pytest-xdist and no pytest-cov; install them in Dockerfile.test to enable them.',
  );
});

test('a red suite has its figures all the same, marked as those of a failed trial', async () => {
  writeFileSync(join(served.root, 'shop', 'tests', 'test_red.py'), 'def test_red():\n    assert 1 == 2\n');
  const { code, result } = await benchmark(PLAIN);
  expect({ code, verdict: result.verdict }).toEqual({ code: 1, verdict: 'failed' });
  expect(result.summary).toBe(`${OWN}: 1 of 3 tests failed.`);
  expect(peakOf(result)).toMatchObject({ ofFailedTrial: true, value: expect.any(Number) });
  expect(result.pytest).toMatchObject({ ofFailedTrial: true, failedTests: ['tests/test_red.py::test_red'] });
  expect(result.resources).toMatchObject([{ scenario: OWN, ofFailedTrial: true }]);
});

test('an image that gains the plugins has the default scenarios back, and says that the primary one changed', async () => {
  rmSync(join(served.root, 'shop', 'tests', 'test_red.py'));
  const { code, result } = await benchmark(EQUIPPED);
  expect({ code, verdict: result.verdict }).toEqual({ code: 0, verdict: 'pass' });
  expect(result.scenarios.map(({ name, primary }) => [name, primary])).toEqual([
    ['Full Test Suite', true],
    ['Quick Tests Only', false],
    ['Single Worker', false],
    ['Parallel Workers', false],
  ]);
  expect(result.scenariosLeftOut).toBeNull();
  expect(result.notes).toContain(
    `The primary scenario is now Full Test Suite; in the previous run it was ${OWN}. Do not compare the test phases and totals of the two runs.`,
  );
});
