/**
 * Advice from a real run, verified on the real engine: a healthcheck that is asked too rarely, and three remedies that are planted in the
 * stored result: one that saves nothing, one that turns a test red, and one that saves a fixed sleep.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdviceListing } from '../../src/analysis/advice/listing.ts';
import { makePatch } from '../../src/analysis/patches/make-patch.ts';
import type { VerifyAdviceResult } from '../../src/model/advice.ts';
import type { Advice, RunResult } from '../../src/model/result.ts';
import { localEngine } from '../support/local-engine.ts';
import { paceline, startPaceline, type Started } from '../support/paceline.ts';
import { buildPrepared } from '../support/prepared-image.ts';

const PREPARED = `paceline-test-advice:${process.pid}`;
/** Verification takes pairs of start-ups, several seconds each. */
const LONG_MS = 1_800_000;

let local: Awaited<ReturnType<typeof localEngine>>;
let root: string;
let repository: string;
let project: string;
let up: Started;
let runId: string;

beforeAll(async () => {
  local = await localEngine('advice');
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-advice-')));
  repository = join(root, 'mono');
  // The project is a folder of its repository.
  project = join(repository, 'services/api');
  await buildPrepared(local, PREPARED, ['pytest==8.4.2']);
  mkdirSync(join(project, 'tests'), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(project, file), text);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'The service');
  up = startPaceline(['up', '--data-dir', join(root, 'data')], { env: { PYTHON_IMAGE: PREPARED } });
  await up.until(/Press Ctrl-C to stop/);
});
afterAll(async () => {
  up.child.kill('SIGTERM');
  await up.output;
  await local.cleanUp();
  rmSync(root, { recursive: true, force: true });
});

const COMPOSE = `services:
  db:
    image: "\${PYTHON_IMAGE}"
    command: ["python", "-m", "http.server", "8000"]
    init: true
    healthcheck:
      test: ["CMD", "python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000')"]
      interval: 8s
      retries: 10
  test:
    build: { context: ., dockerfile: Dockerfile.test, args: { PYTHON_IMAGE: "\${PYTHON_IMAGE}" } }
    environment:
      MODE: normal
    depends_on:
      db:
        condition: service_healthy
`;
const TESTS = `import os
import time
import urllib.request


def test_mode():
    assert os.environ["MODE"] == "normal"


def test_service():
    time.sleep(4)
    assert urllib.request.urlopen("http://db:8000").status == 200
`;
const FILES = {
  'docker-compose.test.yml': COMPOSE,
  'Dockerfile.test': 'ARG PYTHON_IMAGE\nFROM ${PYTHON_IMAGE}\nWORKDIR /app\nCOPY . .\n',
  'tests/test_service.py': TESTS,
  'paceline.yml': `project: api
build: { modes: [warm] }
lanes: { max: 1 }
runsPerDay: 100
scenarios:
  - { name: All, command: python -m pytest -q -p no:cacheprovider tests }
`,
};

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
    encoding: 'utf8',
  });
const flags = () => ['--project', project, '--data-dir', join(root, 'data')];

async function json<T>(...argv: readonly string[]): Promise<T> {
  const { stdout, stderr } = await paceline([...argv, ...flags(), '--json'], { env: { PYTHON_IMAGE: PREPARED } });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** As an audit would have made it: of a line of a file. */
function planted(id: string, file: keyof typeof FILES, find: string, instead: string, saves: Advice['saves']): Advice {
  const lines = FILES[file].trimEnd().split('\n');
  const line = lines.findIndex((text) => text.includes(find)) + 1;
  const text = { file, lines, endsWithNewline: true, crlf: false };
  const after = lines[line - 1]!.replace(find, instead);
  const patch = makePatch({ texts: [text] }, [{ kind: 'replace', file, line, endLine: line, lines: [after] }]);
  return {
    id,
    kind: 'opportunity',
    state: 'predicted',
    message: `Planted: ${instead}.`,
    evidence: [],
    where: { file, line },
    saves,
    remedy: { kind: 'patch', patch: patch! },
  };
}

const startup = (value: number): Advice['saves'] => ({
  figure: 'startup.duration',
  unit: 'second',
  predicted: { value, low: null, high: null },
  verified: null,
});

function plant(advice: readonly Advice[]): void {
  const store = new DatabaseSync(join(root, 'data/store.sqlite'));
  store.exec('pragma busy_timeout = 10000');
  const row = store.prepare('select result from run where run_id = ?').get(runId) as { result: string };
  const result = JSON.parse(row.result) as RunResult;
  const more = { ...result, advice: [...result.advice, ...advice] };
  store.prepare('update run set result = ? where run_id = ?').run(JSON.stringify(more), runId);
  store.close();
}

test('a run finds the interval, names its line, and has a patch for it', async () => {
  const result = await json<RunResult>('run');
  runId = result.runId;
  const found = result.advice.find(({ id }) => id === 'healthcheck-interval');
  expect(found).toMatchObject({ where: { file: 'docker-compose.test.yml', line: 8 }, remedy: { kind: 'patch' } });
  const listing = await json<AdviceListing>('advise');
  const [first] = listing.opportunities;
  expect(first).toMatchObject({ name: 'healthcheck-interval', state: 'predicted' });
  expect(first!.hoursPerMonth).toBeCloseTo((first!.saves!.predicted!.value * 100 * 30) / 3_600);
});

test(
  'what saves time is verified, what saves nothing or turns a test red is rejected, and winners are measured together',
  async () => {
    plant([
      planted('planted-red', 'docker-compose.test.yml', 'MODE: normal', 'MODE: other', startup(5)),
      planted('planted-useless', 'docker-compose.test.yml', 'retries: 10', 'retries: 11', startup(5)),
      planted('planted-sleep', 'tests/test_service.py', 'time.sleep(4)', 'pass', {
        figure: 'trial.duration',
        scenario: 'All',
        unit: 'second',
        predicted: null,
        verified: null,
      }),
    ]);
    const before = git('status', '--porcelain');
    const result = await json<VerifyAdviceResult>('advise', '--verify');
    if (process.env['SHOW'] !== undefined) console.log(JSON.stringify(result, null, 1));
    const ends = result.tried.map(({ name, verification: { state, reason } }) => [name, state, reason.kind]);
    expect(ends).toEqual([
      ['healthcheck-interval', 'verified', 'gain'],
      ['planted-red', 'rejected', 'testsRed'],
      ['planted-useless', 'rejected', 'noGain'],
      ['planted-sleep', 'verified', 'gain'],
    ]);
    const of = (name: string) => result.tried.find((each) => each.name === name)!.verification;
    expect(of('healthcheck-interval').saving!.low).toBeGreaterThan(2);
    expect(of('planted-sleep').saving!.low).toBeGreaterThan(2);
    expect(result.together).toMatchObject({
      leftOut: [],
      verifications: [{ state: 'verified' }, { state: 'verified' }],
    });
    expect(result.errors).toEqual([]);
    expect(git('status', '--porcelain')).toBe(before);
    expect(await leftOf(result.workflowId)).toBe(0);
  },
  LONG_MS,
);

test('advise and report show how each ended, and history how good the predictions were', async () => {
  const listing = await json<AdviceListing>('advise');
  // The built-in audits may find more, by what this machine took for the tests.
  const [first, second, ...others] = listing.opportunities.map(({ state }) => state);
  expect([first, second]).toEqual(['verified', 'verified']);
  expect(others).not.toContain('verified');
  expect(listing.rejected.map(({ name }) => name)).toEqual(['planted-red', 'planted-useless']);
  const { stdout } = await paceline(['report', runId, '--data-dir', join(root, 'data')]);
  expect(stdout).toContain('verified in 5 pairs');
  const history = await paceline(['history', 'advice', 'api', '--data-dir', join(root, 'data'), '--json']);
  expect(JSON.parse(history.stdout)).toMatchObject([{ audit: 'healthcheck-interval', n: 1, judgement: 'few' }]);
});

test('the winners are one patch, which git applies at the top of the repository', async () => {
  const file = join(root, 'fix.patch');
  const { code, stderr } = await paceline(['advise', ...flags(), '--patch', file]);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Apply it at the top') });
  const copy = join(root, 'copy');
  cpSync(repository, copy, { recursive: true });
  execFileSync('git', ['-C', copy, 'apply', file]);
  const compose = readFileSync(join(copy, 'services/api/docker-compose.test.yml'), 'utf8');
  expect(compose).toContain('start_interval: 500ms');
  expect(readFileSync(join(copy, 'services/api/tests/test_service.py'), 'utf8')).not.toContain('sleep');
  expect(git('status', '--porcelain')).toBe('');
});

test(
  'a verification that is cancelled in the middle leaves nothing',
  async () => {
    const argv = ['advise', '--verify', 'healthcheck-interval', ...flags()];
    const started = startPaceline(argv, { env: { PYTHON_IMAGE: PREPARED } });
    await started.until(/pair 1/);
    started.child.kill('SIGINT');
    const { code, stderr } = await started.output;
    expect({ code, stderr }).toMatchObject({ code: 130 });
    const [, workflowId = ''] = /Verification (\S+)/.exec(stderr) ?? [];
    expect(workflowId).toContain('verifyAdvice/api/');
    expect(await leftOf(workflowId)).toBe(0);
    expect(git('status', '--porcelain')).toBe('');
  },
  LONG_MS,
);

/** Objects of all sides of a verification. */
async function leftOf(workflowId: string): Promise<number> {
  const { containers, networks, volumes, images } = await local.engine.listByLabels({
    'paceline.workflow': workflowId,
  });
  return [containers, networks, volumes, images].flat().length;
}
