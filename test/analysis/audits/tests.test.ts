/** What the audits of the tests say of trials that look alike. */
import { describe, expect, test } from 'vitest';
import type { Audit, Finding } from '../../../src/analysis/audits/audit.ts';
import { chattyQueries } from '../../../src/analysis/audits/chatty-queries/audit.ts';
import { connectionCost } from '../../../src/analysis/audits/connection-cost/audit.ts';
import { costlyFixture } from '../../../src/analysis/audits/costly-fixture/audit.ts';
import { coverageCost } from '../../../src/analysis/audits/coverage-cost/audit.ts';
import { cpuLimit } from '../../../src/analysis/audits/cpu-limit/audit.ts';
import { databaseDurability } from '../../../src/analysis/audits/database-durability/audit.ts';
import { fixedSleep } from '../../../src/analysis/audits/fixed-sleep/audit.ts';
import { idleLane } from '../../../src/analysis/audits/idle-lane/audit.ts';
import { slowImport } from '../../../src/analysis/audits/slow-import/audit.ts';
import { placeOfTest } from '../../../src/analysis/audits/support/primary.ts';
import { readFileSync } from 'node:fs';
import { parseFactsFile } from '../../../src/analysis/facts-file.ts';
import type { FixtureCost, PytestProfile } from '../../../src/model/profile/pytest-profile.ts';
import type { RunFacts } from '../../../src/model/run.ts';

const FOLDER = new URL('../../../src/analysis/audits/', import.meta.url);

function firesOf({ id }: Audit): RunFacts {
  return parseFactsFile(readFileSync(new URL(`${id}/fires.json`, FOLDER), 'utf8'), id).facts;
}

/** The facts in which the audit fires, with another profile of pytest. */
function findings(audit: Audit, change: (pytest: PytestProfile) => Partial<PytestProfile>): readonly Finding[] {
  const facts = firesOf(audit);
  const trials = facts.trials.map((trial) => {
    const pytest = trial.profile?.pytest;
    return pytest == null
      ? trial
      : { ...trial, profile: { ...trial.profile, notes: [], pytest: { ...pytest, ...change(pytest) } } };
  });
  if (facts.plan === null) throw new Error('no plan');
  return audit.audit({ facts: { ...facts, trials }, plan: facts.plan, scenarios: [] });
}

function fixture(change: Partial<FixtureCost>) {
  return ({ fixtures }: PytestProfile) => ({ fixtures: fixtures.map((each) => ({ ...each, ...change })) });
}

function definition(...lines: readonly string[]) {
  return fixture({ definition: { file: 'tests/conftest.py', line: 3, lines } });
}

function decoratorIn([first]: readonly Finding[]): string | null {
  if (first?.kind !== 'opportunity' || first.remedy?.kind !== 'patch') return null;
  return /^\+(?!\+\+)(.*)$/m.exec(first.remedy.patch)?.[1] ?? null;
}

describe('costly-fixture', () => {
  test.each([
    ['@pytest.fixture', '@pytest.fixture(scope="session")'],
    ['@pytest.fixture()', '@pytest.fixture(scope="session")'],
    ['@fixture(name="db")', '@fixture(scope="session", name="db")'],
    ["    @pytest.fixture(scope='function', autouse=True)", '    @pytest.fixture(scope="session", autouse=True)'],
    ['@pytest.fixture(', '@pytest.fixture(scope="session",'],
  ])('widens %s', (written, wanted) => {
    const found = findings(costlyFixture, definition(written, 'def catalogue():'));
    expect(decoratorIn(found)?.trimEnd()).toBe(wanted.trimEnd());
  });

  test.each<readonly [string, (pytest: PytestProfile) => Partial<PytestProfile>]>([
    ['a test changes its value', fixture({ value: 'changed' })],
    ['each set-up gives another value', fixture({ value: 'differs' })],
    ['its value cannot be compared', fixture({ value: 'unknown' })],
    ['it is set up once for the session', fixture({ scope: 'session' })],
    ['it asks for a folder of the test', definition('@pytest.fixture', 'def catalogue(tmp_path):')],
    [
      'it is set up once for each worker',
      ({ workers }) => ({ workers: Array.from({ length: 40 }, () => workers[0]!) }),
    ],
    [
      'it asks for another narrow fixture',
      (pytest) => ({
        fixtures: [
          ...definition('@pytest.fixture', 'def catalogue(user: User):')(pytest).fixtures,
          {
            name: 'user',
            scope: 'function',
            where: 'tests',
            count: 40,
            seconds: 0.1,
            slowest: 0.1,
            teardown: 0,
            value: 'same',
          },
        ],
      }),
    ],
  ])('finds nothing where %s', (_, change) => {
    expect(findings(costlyFixture, change)).toEqual([]);
  });
});

test('costly-fixture is inconclusive only where a costly one was not compared', () => {
  const unseen = (seconds: number) =>
    findings(costlyFixture, ({ fixtures }) => ({
      fixtures: fixtures.map((each) => {
        const { name, scope, where, count, slowest } = each;
        return { name, scope, where, count, slowest, seconds, teardown: 0 };
      }),
    }));
  expect(unseen(30)).toMatchObject([{ kind: 'inconclusive' }]);
  expect(unseen(0.01)).toEqual([]);
});

describe('the place of a test', () => {
  const table = {
    files: ['tests/test_a.py', 'tests/test_b.py'],
    file: [0, 1, 1],
    name: ['test_x', 'test_x', 'TestY::test_z[a::b]'],
    line: [3, 8, null],
  } as unknown as NonNullable<PytestProfile['table']>;

  test.each([
    ['tests/test_a.py::test_x', { file: 'tests/test_a.py', line: 3 }],
    ['tests/test_b.py::test_x', { file: 'tests/test_b.py', line: 8 }],
    ['tests/test_b.py::TestY::test_z[a::b]', { file: 'tests/test_b.py', line: 1 }],
    ['tests/test_c.py::test_x', { file: 'tests/test_c.py', line: 1 }],
  ])('%s', (id, place) => {
    expect(placeOfTest({ table }, id)).toEqual(place);
  });

  test('is the top of its file where no table was stored', () => {
    expect(placeOfTest({}, 'tests/test_a.py::test_x')).toEqual({ file: 'tests/test_a.py', line: 1 });
  });
});

describe('database-durability', () => {
  const facts = firesOf(databaseDurability);
  const auditOf = (image: string, trials = facts.trials) => {
    const files = facts.projectFiles!;
    const composeFiles = files.composeFiles.map((each) => ({
      ...each,
      keys: each.keys.map((key) => (key.path.at(-1) === 'image' ? { ...key, value: image } : key)),
    }));
    const projectFiles = { ...files, composeFiles };
    return databaseDurability.audit({ facts: { ...facts, trials, projectFiles }, plan: facts.plan!, scenarios: [] });
  };

  test.each(['postgres:15', 'bitnami/postgresql:16'])('patches the command of %s', (image) => {
    expect(auditOf(image)).toMatchObject([{ remedy: { kind: 'patch' } }]);
  });

  test('knows a server by its answers, and does not guess the command of its image', () => {
    expect(auditOf('registry.example/our-database:7')).toMatchObject([{ remedy: { kind: 'steps' } }]);
  });

  test('promises no seconds, since a commit of the probe does not wait for the disk', () => {
    expect(auditOf('postgres:15')).toMatchObject([{ saves: { figure: 'test.duration', predicted: null } }]);
  });

  test('does not call a database well whose writes were not recorded', () => {
    const unseen = facts.trials.map((trial) => ({ ...trial, profile: { notes: [] } }));
    expect(auditOf('postgres:15', unseen as unknown as typeof facts.trials)).toMatchObject([{ kind: 'inconclusive' }]);
  });

  test('is not applicable where nothing shows a server', () => {
    const unseen = facts.trials.map((trial) => ({ ...trial, profile: null }));
    expect(auditOf('registry.example/our-database:7', unseen)).toMatchObject([{ kind: 'notApplicable' }]);
  });
});

test.each([
  [0.2, 1],
  [0.05, 0],
])('slow-import tells of a file that took %d of the trial: %d', (share, count) => {
  const facts = firesOf(slowImport);
  const trials = facts.trials.map((trial) => {
    const pytest = trial.profile!.pytest!;
    const collectedFiles = [{ path: 'tests/conftest.py', seconds: 5, tests: 0 }];
    const path = { ...pytest.path!, collection: 0.5 };
    return {
      ...trial,
      seconds: 5 / share,
      profile: { ...trial.profile!, pytest: { ...pytest, path, collectedFiles } },
    };
  });
  expect(slowImport.audit({ facts: { ...facts, trials }, plan: facts.plan!, scenarios: [] })).toHaveLength(count);
});

test.each([
  ['a single process', 0, 1],
  ['workers, whose start is most of it', 2, 0],
])('slow-import tells of a long collection by %s', (_, workers, count) => {
  const found = findings(slowImport, ({ configuration, path }) => ({
    configuration: { ...configuration, workers },
    collectedFiles: [{ path: 'tests/test_a.py', seconds: 0.5, tests: 9 }],
    path: { ...path!, collection: 12 },
  }));
  expect(found).toHaveLength(count);
});

test.each([
  ['a fast server: without a number, for the driver takes time too', 8000, 0.1, null],
  ['a slow server: with a number', 8000, 4, { value: expect.any(Number) as number }],
])('chatty-queries tells of many calls to %s', (_, calls, seconds, predicted) => {
  const facts = firesOf(chattyQueries);
  const trials = facts.trials.map((trial) => {
    const { profile } = trial;
    const queries = profile?.queries?.map((each) => ({
      ...each,
      mostFrequent: each.mostFrequent.slice(0, 1).map((statement) => ({ ...statement, calls, seconds })),
    }));
    return { ...trial, profile: { ...profile!, services: [], queries: queries! } };
  });
  const found = chattyQueries.audit({ facts: { ...facts, trials }, plan: facts.plan!, scenarios: [] });
  expect(found).toMatchObject([{ saves: { predicted } }]);
});

describe('the place of chatty-queries', () => {
  const waits = (call: readonly number[]) => () => ({
    table: {
      files: ['tests/test_orders.py'],
      file: call.map(() => 0),
      name: call.map((_, at) => `test_${at}`),
      line: call.map((_, at) => 10 * (at + 1)),
      workers: ['main'],
      worker: call.map(() => 0),
      at: call.map((_, at) => at),
      seconds: call,
      setup: call.map(() => 0),
      call,
      teardown: call.map(() => 0),
      cpu: call.map(() => 0.1),
      fixtures: [],
      uses: null,
      leftOut: 0,
    },
  });

  test('is the test that waits for most of what all tests wait', () => {
    expect(findings(chattyQueries, waits([0.2, 40, 0.2]))).toMatchObject([
      { where: { file: 'tests/test_orders.py', line: 20 } },
    ]);
  });

  test.each([
    ['many tests wait alike', [20, 20, 20]],
    ['no test waits', [0.1, 0.1]],
  ])('is not known where %s', (_, call) => {
    expect(findings(chattyQueries, waits(call))).toMatchObject([{ where: null }]);
  });
});

describe('the place of connection-cost', () => {
  const opener: FixtureCost = {
    name: 'client',
    scope: 'function',
    where: 'tests',
    count: 0,
    seconds: 0,
    slowest: 1,
    teardown: 0,
    definition: { file: 'tests/conftest.py', line: 7, lines: ['def client():'] },
  };
  const withOpener = (change: Partial<FixtureCost>) => (pytest: PytestProfile) => {
    const [connection] = pytest.connections!;
    const { calls, seconds } = connection!;
    return { fixtures: [{ ...opener, count: calls, seconds, ...change }] };
  };

  test("is the project's line that opened most of them", () => {
    const opened = { file: 'shop/db.py', line: 12 };
    const found = findings(connectionCost, ({ connections }) => ({
      connections: connections!.map((each) => ({ ...each, opened })),
    }));
    expect(found).toMatchObject([{ where: opened }]);
  });

  test('is the fixture that is set up as often, where no line was recorded', () => {
    expect(findings(connectionCost, withOpener({}))).toMatchObject([{ where: { file: 'tests/conftest.py', line: 7 } }]);
  });

  test.each<readonly [string, Partial<FixtureCost>]>([
    ['is set up once', { count: 1 }],
    ['takes less time than they do', { seconds: 0.001 }],
    ['is defined in no file of the project', { definition: null }],
  ])('is not a fixture that %s', (_, change) => {
    expect(findings(connectionCost, withOpener(change))).toMatchObject([{ where: null }]);
  });
});

describe('idle-lane', () => {
  const facts = firesOf(idleLane);
  const auditOf = (change: Partial<RunFacts['trials'][number]>) =>
    idleLane.audit({
      facts: { ...facts, trials: facts.trials.map((trial) => ({ ...trial, ...change })) },
      plan: facts.plan!,
      scenarios: [],
    });

  test('finds CPUs that no program used', () => {
    expect(auditOf({ disturbed: null })).toMatchObject([{ kind: 'opportunity' }]);
  });

  test.each([
    ['they waited for it', 0.43, null, 'inconclusive'],
    ['nothing tells whether they waited, and they were disturbed', null, { reason: 'other work' }, 'inconclusive'],
    ['they did not wait, whatever disturbed them', 0.02, { reason: 'stolen: 1.2 %' }, 'opportunity'],
  ])('looks at whether other programs used the CPU: %s', (_, cpuPressureRatio, disturbed, kind) => {
    const change = ({ profile }: RunFacts['trials'][number]) => ({
      disturbed,
      profile: { ...profile!, resources: { ...profile!.resources!, cpuPressureRatio } },
    });
    expect(auditOf(change(facts.trials[0]!))).toMatchObject([{ kind }]);
  });
});

describe('fixed-sleep', () => {
  test('shares the seconds among the workers', () => {
    const [alone] = findings(fixedSleep, () => ({}));
    const [shared] = findings(fixedSleep, ({ workers }) => ({ workers: [workers[0]!, workers[0]!] }));
    const valueOf = (finding: Finding | undefined) =>
      finding?.kind === 'opportunity' ? (finding.saves?.predicted?.value ?? 0) : 0;
    expect(valueOf(shared)).toBeCloseTo(valueOf(alone) / 2, 6);
  });

  test('finds nothing in tests that are about time, and something where one of them is not', () => {
    const sleeping = (...tests: readonly string[]) =>
      findings(fixedSleep, ({ sleeps = [] }) => ({
        sleeps: sleeps.map((each) => ({ ...each, calls: tests.length, tests })),
      }));
    expect(sleeping('tests/test_a.py::test_token_expires', 'tests/test_a.py::TestBackoff::test_it')).toEqual([]);
    expect(sleeping('tests/test_a.py::test_token_expires', 'tests/test_a.py::test_mail')).toHaveLength(1);
    expect(sleeping('tests/test_a.py::test_the_window_slides', 'tests/test_a.py::test_sessions_live_on')).toEqual([]);
    // The file's name says nothing of the test.
    expect(sleeping('tests/test_timeouts.py::test_mail')).toHaveLength(1);
  });

  test.each([
    ['sleeps once for three seconds', 1, 3, 1],
    ['sleeps twice', 2, 2, 1],
    ['asks every 50 ms', 60, 3.1, 0],
    ['asks every half second, many times', 8, 4.1, 0],
  ])('tells a fixed time from steps: a test that %s', (_, calls, seconds, count) => {
    const tests = ['tests/test_a.py::test_mail'];
    expect(
      findings(fixedSleep, ({ sleeps = [] }) => ({
        sleeps: sleeps.map((each) => ({ ...each, calls, seconds, tests })),
      })),
    ).toHaveLength(count);
  });
});

describe('coverage-cost', () => {
  test.each<readonly [string, string, string, boolean, number]>([
    ['Python 3.11 has no sys.monitoring', '3.11.9', 'ctrace', false, 0],
    ['coverage uses it already', '3.13.1', 'sysmon', false, 0],
    ['branches need Python 3.14', '3.13.1', 'ctrace', true, 0],
    ['branches on Python 3.14', '3.14.0', 'ctrace', true, 1],
    ['lines on Python 3.12', '3.12.0', 'ctrace', false, 1],
  ])('%s', (_, python, core, branch, count) => {
    const found = findings(coverageCost, ({ configuration, coverageSettings }) => ({
      configuration: { ...configuration, python },
      coverageSettings: { ...coverageSettings!, core, branch },
    }));
    expect(found).toHaveLength(count);
  });
});

test('cpu-limit never promises more than the trial is longer than its CPU time', () => {
  const facts = firesOf(cpuLimit);
  const trials = facts.trials.map((trial) => {
    const resources = trial.profile?.resources;
    if (resources === undefined) return trial;
    const containers = resources.containers.map((each) => ({ ...each, cpuSeconds: 30, throttledSeconds: 100 }));
    return { ...trial, profile: { ...trial.profile, notes: [], resources: { ...resources, containers } } };
  });
  const [found] = cpuLimit.audit({ facts: { ...facts, trials }, plan: facts.plan!, scenarios: [] });
  expect(found).toMatchObject({ saves: { predicted: { value: expect.closeTo(38.2 - 30, 6) } } });
});
