/** The probe in real pytests: what they do must be the same with it, and what it tells must be what they did. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentOf, layOut, readSessions } from '../../../src/collectors/pytest/collector.ts';
import { clockFault } from '../../../src/collectors/pytest/clock.ts';
import { profileOf } from '../../../src/collectors/pytest/profile.ts';
import { suiteEndOf } from '../../../src/collectors/pytest/suite-end.ts';
import { RESULTS_MOUNT } from '../../../src/collectors/trial-collector.ts';
import { localEngine, nameHere, PYTHON_IMAGE } from '../../support/local-engine.ts';

const OWNER = 'pytest-probe';
const IMAGE = nameHere('paceline-test-pytest-probe');
const SUITE = fileURLToPath(new URL('../../fixtures/pytest/', import.meta.url));
/** Of each generation, with the plugins of its time. */
const OLD = { '6': "'pytest<7'" };
const GENERATIONS = {
  '7': "'pytest<8' 'pytest-xdist<3.6' 'pytest-cov<4.1'",
  '8': "'pytest<9' 'pytest-xdist<4' 'pytest-cov<7'",
  '9': "'pytest>=9' pytest-xdist 'pytest-cov>=7' pytest-timeout",
};

let machine: Awaited<ReturnType<typeof localEngine>>;
let folder: string;

beforeAll(async () => {
  machine = await localEngine(OWNER);
  folder = await mkdtemp(join(tmpdir(), 'paceline-pytest-probe-'));
  const venvs = Object.entries({ ...OLD, ...GENERATIONS }).map(
    ([name, packages]) => `RUN python -m venv /venv/${name} && /venv/${name}/bin/pip install -q ${packages}`,
  );
  const dockerfile = [`FROM ${PYTHON_IMAGE}`, ...venvs, 'COPY . /app', 'RUN chmod 777 /app', 'WORKDIR /app'].join('\n');
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  await machine.docker(
    'build',
    '-q',
    '--label',
    `paceline.test=${machine.owner}`,
    '-t',
    IMAGE,
    '-f',
    join(folder, 'Dockerfile'),
    SUITE,
  );
});

afterAll(async () => {
  await machine.cleanUp();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly exitCode: number;
  /** Without what is another each time: durations, addresses, numbers of folders. */
  readonly output: string;
  readonly profile: ReturnType<typeof profileOf>;
  readonly end: ReturnType<typeof suiteEndOf>;
  readonly fault: string | null;
  /** Of the container, by the engine. */
  readonly seconds: number;
}

/** @param own what image and service would set; null: without the probe */
async function run(
  command: string,
  own: Record<string, string> | null,
  mode: '' | ':ro' = '',
  shown = withoutFigures,
): Promise<Ran> {
  const results = await mkdtemp(join(folder, 'results-'));
  await chmod(results, 0o777);
  await layOut(results);
  const environment = { PYTHONDONTWRITEBYTECODE: '1', ...own, ...(own === null ? {} : environmentOf(own)) };
  const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const name = `${OWNER}-${Math.random().toString(36).slice(2)}`;
  const flags = [
    '--name',
    name,
    '--label',
    `paceline.test=${machine.owner}`,
    '--user',
    '1234',
    '-v',
    `${results}:${RESULTS_MOUNT}${mode}`,
  ];
  const { endpoint, engine } = machine;
  const args = ['run', ...flags, ...variables, IMAGE, 'sh', '-c', `exec ${command}`];
  const { exitCode, all } = await execa(endpoint.cli, args, {
    env: endpoint.env,
    extendEnv: false,
    reject: false,
    all: true,
  });
  const { startedAt, finishedAt } = (await engine.inspectContainer(name))!.state;
  const seconds = (Date.parse(finishedAt!) - Date.parse(startedAt!)) / 1000;
  const sessions = await readSessions(join(results, 'pytest'));
  const inside = { profile: profileOf(sessions, seconds), end: suiteEndOf(sessions, seconds) };
  return { exitCode: exitCode ?? -1, output: shown(all), ...inside, fault: clockFault(sessions, seconds), seconds };
}

function withoutFigures(output: string): string {
  return output
    .replaceAll(/0x[0-9a-f]+/g, '0x')
    .replaceAll(/\d+\.\d+s/g, 'Ns')
    .replaceAll(/pytest-\d+/g, 'pytest-N')
    .replaceAll(/=+/g, '=');
}

const WHOLE = { stop: null, crashes: [], workerErrors: [], lostWorkers: 0, internalError: null };
const COUNTS = { passed: 14, failed: 3, skipped: 2, errors: 3 };

describe.each(Object.keys(GENERATIONS))('pytest %s', (generation) => {
  const pytest = `/venv/${generation}/bin/python -m pytest -v`;

  test('does the same with it, in the same order, and is recorded', async () => {
    const command = `${pytest} --cov=. --cov-report=term --cov-report=html:/tmp/html`;
    const without = await run(command, null);
    const { profile, exitCode, output, end, fault } = await run(command, {});
    expect({ end, fault }).toEqual({ end: WHOLE, fault: null });
    expect({ exitCode, output }).toEqual({ exitCode: without.exitCode, output: without.output });
    expect(profile).toMatchObject({ tests: COUNTS, sessions: 1, unfinishedTest: null, testSet: { count: 20 } });
    expect(profile!.configuration).toMatchObject({
      workers: 0,
      coverage: true,
      strictMarkers: true,
      randomOrder: null,
    });
    expect(profile!.configuration.addopts).toEqual(['--strict-markers', '-p', 'no:cacheprovider']);
    expect(profile!.slowestTests.map(({ id }) => id)).toContain('test_outcomes.py::test_slow');
    expect(profile!.markers.map(({ name, tests }) => [name, tests])).toEqual([['slow', 1]]);
    expect(profile!.coverageReportSeconds).toBeGreaterThan(0);
    const [database, other, row] = ['database', 'other', 'row'].map((name) =>
      profile!.fixtures.find((fixture) => fixture.name === name),
    );
    expect([database?.count, other?.count, row?.count]).toEqual([1, 5, 5]);
    expect([database?.scope, other?.scope, row?.scope]).toEqual(['session', 'function', 'function']);
    // What is asked for within a fixture is the other's cost, not its own.
    expect(other!.seconds).toBeGreaterThan(row!.seconds);
    // It sleeps for 0.05 s at its end; the others have none.
    expect(database!.teardown).toBeGreaterThan(0.05);
    expect(other!.teardown).toBe(0);
  });

  test('does the same with workers, whose tests are put together again', async () => {
    const command = `${pytest} -n 2 --dist loadfile --cov=. -q`;
    const without = await run(command, null);
    const { profile, ...seen } = await run(command, {});
    expect(seen.end).toEqual(WHOLE);
    const sorted = ({ output }: Pick<Ran, 'output'>) => output.replaceAll(/gw\d/g, 'gw').split('\n').sort();
    expect(sorted(seen)).toEqual(sorted(without));
    expect(profile).toMatchObject({
      tests: COUNTS,
      testSet: { count: 20 },
      configuration: { workers: 2, distribution: 'loadfile' },
    });
    expect(profile!.workers.map(({ worker }) => worker).sort()).toEqual(['gw0', 'gw1']);
  });

  test('does the same where all that is imported is measured, and is in no report of coverage', async () => {
    const command = `${pytest} --cov --cov-report=term -k slow`;
    const without = await run(command, null);
    const { exitCode, output } = await run(command, {});
    expect({ exitCode, output }).toEqual({ exitCode: without.exitCode, output: without.output });
  });

  test('does the same where tests sleep and connect, and tells where', async () => {
    const command = `${pytest} costs/waits.py --cov=.`;
    const without = await run(command, null);
    const { exitCode, output, profile } = await run(command, {});
    expect({ exitCode, output }).toEqual({ exitCode: without.exitCode, output: without.output });
    const { sleeps = [], startedPytests, connections, collectedFiles, coverageSettings, fixtures, table } = profile!;
    const lines = sleeps.map(({ file, source, calls }) => `${file} ${source} ${calls}`);
    const expected = [
      'costs/conftest.py time.sleep(0.2) 1',
      'costs/waits.py time.sleep(0.02) 1',
      'costs/waits.py sleep(0.02) 1',
      'costs/waits.py Retry().pause(0.02) 1',
      'costs/waits.py await asyncio.sleep(0.03) 1',
    ];
    for (const line of expected) expect(lines).toContain(line);
    expect(sleeps.find(({ source }) => source === 'await asyncio.sleep(0.03)')).toMatchObject({
      tests: ['costs/waits.py::test_sleeps_of_asyncio'],
    });
    const started = (startedPytests ?? []).map(({ source, calls, tests }) => [source, calls, tests]);
    expect(started).toEqual(
      expect.arrayContaining([
        [
          'subprocess.check_output(" ".join(command), shell=True, stderr=subprocess.STDOUT)',
          1,
          ['costs/waits.py::test_starts_pytest'],
        ],
        ['subprocess.run(command, check=True, capture_output=True)', 1, ['costs/waits.py::test_starts_pytest']],
      ]),
    );
    // Where localhost has an IPv6 address, that is tried first.
    expect(connections).toMatchObject([
      { host: 'localhost', port: 8765, tests: 1, opened: { file: 'costs/waits.py' } },
    ]);
    expect([2, 4]).toContain(connections![0]!.calls);
    expect(collectedFiles!.map(({ path, tests }) => [path, tests])).toEqual(
      expect.arrayContaining([
        ['costs/conftest.py', 0],
        ['costs/waits.py', 16],
      ]),
    );
    expect(collectedFiles!.find(({ path }) => path === 'costs/conftest.py')!.seconds).toBeGreaterThan(0.05);
    expect(coverageSettings).toMatchObject({ branch: false, core: 'ctrace', reports: ['term'] });
    const of = (name: string) => fixtures.find((fixture) => fixture.name === name);
    expect(of('settings')).toMatchObject({ value: 'same', users: 2 });
    expect(of('filled')).toMatchObject({ value: 'unknown', users: 1 });
    expect(of('store')).toMatchObject({
      value: 'changed',
      users: 3,
      definition: {
        file: 'costs/conftest.py',
        line: 14,
        lines: ['@pytest.fixture(', '    scope="session",', '    name="store",', ')', 'def make_store():'],
      },
    });
    const { name, cpu, uses, leftOut } = table!;
    expect({ tests: name.length, leftOut }).toEqual({ tests: 16, leftOut: 0 });
    expect(cpu![name.indexOf('test_computes_in_a_child')]).toBeGreaterThan(0.3);
    expect(cpu![name.indexOf('test_sleeps')]).toBeLessThan(0.06);
    const used = uses![name.indexOf('test_asks_for_it')]!.map((index) => table!.fixtures[index]);
    expect(used).toContain('settings|session|costs');
  });

  test('tears a session fixture down once in each worker that used it', async () => {
    const { profile } = await run(`${pytest} costs/waits.py -n 2 -k writes`, {});
    const store = profile!.fixtures.find(({ name }) => name === 'store')!;
    expect(store.teardown! / store.count).toBeGreaterThan(0.2);
    expect(profile!.table).toMatchObject({ name: { length: 3 }, leftOut: 0 });
    for (const { startSeconds, cpuSeconds } of profile!.workers) {
      expect(startSeconds).toBeGreaterThan(0);
      expect(cpuSeconds).toBeGreaterThan(0);
    }
  });

  test('notices changes of values by no code of the project', async () => {
    const { exitCode, output } = await run(`${pytest} costs/values.py`, {});
    expect(exitCode, output).toBe(0);
  });

  test('runs the same set of tests with and without workers', async () => {
    const [alone, parallel] = [await run(pytest, {}), await run(`${pytest} -n 2`, {})];
    expect(alone.profile!.testSet).toEqual(parallel.profile!.testSet);
  });
});

const PYTEST = '/venv/9/bin/python -m pytest -q';
const NO_AUTOLOAD = { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' };

test("the parts of the path sum to the container's wall time within 2 %", async () => {
  const { profile, seconds } = await run(PYTEST, {});
  const parts = Object.values(profile!.path);
  expect(parts.every((part) => part >= 0)).toBe(true);
  expect(parts.reduce((a, b) => a + b) / seconds).toBeCloseTo(1, 1.7);
  expect(profile!.path.start).toBeGreaterThan(0);
});

describe('what the project sets', () => {
  test("is added to, and what the tests see is the project's alone", async () => {
    const own = { PYTHONPATH: '/app/lib', EXPECTED_PYTHONPATH: '/app/lib' };
    expect((await run(`${PYTEST} -k environment`, own)).exitCode).toBe(0);
  });

  test('decides whether plugins are looked for; with workers too the probe is there all the same', async () => {
    const { profile } = await run(`${PYTEST} -p xdist.plugin -n 2`, NO_AUTOLOAD);
    expect(profile).toMatchObject({ tests: COUNTS, configuration: { workers: 2 } });
  });

  test('a sitecustomize of its own is loaded, whether plugins are looked for or not', async () => {
    const command = `env PYTHONPATH="$PYTHONPATH:/app/own_site" ${PYTEST} -k slow`;
    const { output, profile } = await run(command, NO_AUTOLOAD);
    expect(output).toMatch(/own site/);
    expect(profile).toMatchObject({ tests: { passed: 1 } });
  });
});

describe('where it cannot be loaded, nothing breaks', () => {
  test.each([
    ['a command with a PYTHONPATH of its own', `env PYTHONPATH=/app ${PYTEST} -k slow`],
    ['a Python that ignores the environment', '/venv/9/bin/python -E -m pytest -q -k slow'],
    ['a Python that is isolated', '/venv/9/bin/python -I -m pytest -q -k slow'],
    ['an environment that is emptied', `env -i ${PYTEST} -k slow`],
    ['a plugin that is switched off', `${PYTEST} -p no:paceline_probe -k slow`],
  ])('%s', async (_, command) => {
    for (const own of [{}, NO_AUTOLOAD]) {
      const { exitCode, profile, end } = await run(command, own);
      expect({ exitCode, profile, end }).toEqual({ exitCode: 0, profile: null, end: null });
    }
  });

  test.each([
    ['warnings that are errors', `${PYTEST} -W error --strict-config -k slow`],
    ['a pytest before its time', '/venv/6/bin/python -m pytest -q -k slow'],
  ])('%s', async (_, command) => {
    const { exitCode, profile } = await run(command, {});
    expect({ exitCode, tests: profile?.tests }).toEqual({
      exitCode: 0,
      tests: { passed: 1, failed: 0, skipped: 0, errors: 0 },
    });
  });

  test('a results folder that cannot be written to', async () => {
    const { exitCode, profile } = await run(`${PYTEST} -k slow`, {}, ':ro');
    expect({ exitCode, profile }).toEqual({ exitCode: 0, profile: null });
  });
});

test('a command that runs pytest twice is one profile of both', async () => {
  const { profile } = await run(`sh -c '${PYTEST} -k slow; ${PYTEST} -k names'`, {});
  expect(profile).toMatchObject({ sessions: 2, tests: { passed: 3, failed: 0, skipped: 0, errors: 0 } });
});

test("tearing a fixture down takes as long as pytest's own --durations says of the test that did it", async () => {
  const { output, profile } = await run(`${PYTEST} fixtures.py --durations=0 -vv`, {}, '', (text) => text);
  const told = (phase: string, name: string) =>
    Number(new RegExp(`([\\d.]+)s ${phase} +fixtures.py::${name}`).exec(output)?.[1]);
  const of = (name: string) => profile!.fixtures.find((fixture) => fixture.name === name)!;
  // pytest rounds to 0.01 s, and has a little of its own between the two.
  for (const [name, last] of [
    ['per_test', 'test_one'],
    ['per_module', 'test_two'],
  ] as const) {
    expect(of(name).teardown).toBeGreaterThan(0.19);
    expect(Math.abs(of(name).teardown! - told('teardown', last))).toBeLessThan(0.02);
  }
  expect(of('finalized').teardown).toBeGreaterThan(0.09);
  expect(Math.abs(of('per_module').seconds - told('setup', 'test_one'))).toBeLessThan(0.02);
});

test('a suite that is killed names the test that was running', async () => {
  const { exitCode, profile } = await run(`sh -c '${PYTEST} killed.py; exit $?'`, {});
  expect(exitCode).toBe(137);
  expect(profile).toMatchObject({ unfinishedTest: 'killed.py::test_kills_its_process', testSet: { count: 2 } });
  expect(profile!.tests).toEqual({ passed: 1, failed: 0, skipped: 0, errors: 0 });
  expect(profile!.cutOff).toMatchObject({
    during: 'tests',
    running: [{ worker: 'main', seconds: expect.any(Number) }],
  });
});

describe('a suite that ends with 0 before its last test', () => {
  test('by its process', async () => {
    const { exitCode, end } = await run(`${PYTEST} stops.py --deselect stops.py::test_calls_exit`, {});
    expect({ exitCode, stop: end?.stop }).toEqual({
      exitCode: 0,
      stop: {
        cause: { kind: 'processEnded' },
        during: 'tests',
        test: 'stops.py::test_ends_its_process',
        ended: 1,
        collected: 3,
        timeout: null,
      },
    });
  });

  test('by pytest.exit()', async () => {
    const { exitCode, end } = await run(`${PYTEST} stops.py --deselect stops.py::test_ends_its_process`, {});
    expect({ exitCode, stop: end?.stop }).toMatchObject({
      exitCode: 0,
      stop: {
        cause: { kind: 'exitCalled', message: 'no database' },
        test: 'stops.py::test_calls_exit',
        ended: 1,
        collected: 3,
      },
    });
  });

  test('is distinguished from one that ends itself after it, in the first of the last hooks', async () => {
    const { exitCode, end, profile } = await run(`${PYTEST} ends_itself/itself.py`, {});
    expect({ exitCode, end, tests: profile?.tests.passed }).toEqual({ exitCode: 0, end: WHOLE, tests: 2 });
  });
});

test('a time limit that ends the process is reported', async () => {
  const { exitCode, end } = await run(`${PYTEST} stuck.py --timeout 1 --timeout-method thread`, {});
  expect({ exitCode, stop: end?.stop }).toMatchObject({
    exitCode: 1,
    stop: { test: 'stuck.py::test_stuck', ended: 1, timeout: { seconds: 1, by: 'pytest-timeout' } },
  });
});

test('a test that crashes its worker is named', async () => {
  const { end } = await run(`${PYTEST} crashes.py -n 2`, {});
  expect(end).toMatchObject({
    stop: null,
    crashes: [{ test: 'crashes.py::test_crashes_its_worker', worker: expect.stringMatching(/^gw\d$/), timeout: null }],
  });
});

test('an error that prevents the start of workers is reported', async () => {
  const { exitCode, end } = await run(`${PYTEST} without_workers/none.py -n 2 --max-worker-restart 0`, {});
  expect({ exitCode, errors: end?.workerErrors }).toEqual({
    exitCode: 5,
    errors: ['RuntimeError: no licence for a worker (from /app/without_workers/conftest.py)'],
  });
});

test('a clock that a suite replaces is noticed', async () => {
  const { fault, profile } = await run(`${PYTEST} -k slow`, { PYTHONPATH: '/app/fake_clock' });
  expect(fault).toMatch(/^the container's clock counted \S+ \S+ while \S+ \S+ passed$/);
  expect(profile?.tests).toEqual({ passed: 1, failed: 0, skipped: 0, errors: 0 });
});
