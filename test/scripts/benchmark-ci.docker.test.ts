/** scripts/benchmark_ci.sh as CI calls it, and with Temporal's own command line: the caller needs nothing of Paceline. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { type Started, startPaceline } from '../support/paceline.ts';
import { OWN_PLACES } from '../support/ports.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/benchmark_ci.sh', import.meta.url));

/** Projects whose test command ends as their name says. */
const PROJECTS = {
  green: { command: 'import time; time.sleep(0.2)', plan: '' },
  red: { command: 'raise SystemExit(1)', plan: '' },
  slow: { command: 'import time; time.sleep(0.2)', plan: 'targets: { total: "1 ms" }' },
};

const BLOCK = [
  /^=== P3-007 Performance Benchmark ===$/,
  /^Timestamp: .*\d{4}$/,
  /^Building Docker image\.\.\.$/,
  /^Starting services\.\.\.$/,
  /^Running tests\.\.\.$/,
  /^=== Performance Results ===$/,
  /^Docker Build Time: \d+s$/,
  /^Service Startup Time: (0s|n\/a)$/,
];
const MEASURED = [/^Test Execution Time: \d+s$/, /^Total Time: \d+s$/, /^✅ Performance target met \(< 5 minutes\)$/];
const NOT_MEASURED = [
  /^Test Execution Time: n\/a$/,
  /^Total Time: n\/a$/,
  /^❌ Performance target could not be judged \(a part was not measured\)$/,
];

let root: string;
let up: Started;
let address: string;
let temporalBinary: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'paceline-ci-test-'));
  for (const [name, { command, plan }] of Object.entries(PROJECTS)) {
    mkdirSync(join(root, name));
    const run = JSON.stringify(['python', '-c', command]);
    writeFileSync(join(root, name, 'Dockerfile.test'), `FROM python:3.11-slim\nCMD ${run}\n`);
    writeFileSync(
      join(root, name, 'paceline.yml'),
      `project: ${name}\nbuild: { modes: [cold] }\nscenarios: [{ name: Own }]\n${plan}\n`,
    );
  }
  temporalBinary = temporalOfSetUp();
  up = startPaceline(['up', '--data-dir', join(root, 'data')]);
  await up.until(/Press Ctrl-C to stop/);
  address = /^Temporal +(\S+),/m.exec(up.seen().stdout)![1]!;
});
afterAll(async () => {
  up.child.kill('SIGINT');
  await up.output;
  rmSync(root, { recursive: true, force: true });
});

function temporalOfSetUp(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return JSON.parse(readFileSync(join(cache, 'paceline', 'set-up.json'), 'utf8')).temporal;
}

async function runScript(project: string, env: NodeJS.ProcessEnv) {
  const path = `${dirname(temporalBinary)}${delimiter}${process.env['PATH']}`;
  const own = { TEMPORAL_CONFIG_FILE: join(root, 'none.toml'), PATH: path, GITHUB_ACTIONS: 'true', ...OWN_PLACES };
  return await execa(SCRIPT, { cwd: join(root, project), env: { ...own, ...env }, reject: false });
}

async function temporal(...argv: string[]): Promise<string> {
  const { stdout } = await execa(temporalBinary, [...argv, '--address', address, '--output', 'json']);
  return stdout;
}

describe('the script', () => {
  const configured = () => ({ TEMPORAL_ADDRESS: address });
  const none = () => ({ PACELINE_DATA: join(root, 'other-data') });

  test.each([
    ['green', 'through a configured server', configured, 0, MEASURED, /^(?![^]*(failed|missed):)/],
    ['red', 'through a configured server', configured, 1, NOT_MEASURED, /failed: .*exit code 1/],
    ['slow', 'through a configured server', configured, 1, MEASURED, /missed: .*1 ms/],
    ['red', 'by paceline run', none, 1, NOT_MEASURED, /failed: .*exit code 1/],
  ] as const)("prints the legacy script's lines for a %s project %s", async (project, _, env, code, end, reason) => {
    const output = await runScript(project, env());
    expect(output.stderr).toMatch(reason);
    const expected = [...BLOCK, ...end];
    expect(output.stdout.split('\n')).toEqual(expected.map((line) => expect.stringMatching(line)));
    expect(output.exitCode).toBe(code);
  });
});

describe("Temporal's command line", () => {
  async function start(input: unknown, workflowId: string): Promise<void> {
    await temporal(
      'workflow',
      'start',
      '--type',
      'benchmark',
      '--task-queue',
      'paceline',
      '--workflow-id',
      workflowId,
      '--input',
      JSON.stringify(input),
    );
  }

  test('starts a run, gets its result, and finds it by its verdict', async () => {
    await start({ source: { path: join(root, 'slow') } }, 'by-hand');
    const { result } = JSON.parse(await temporal('workflow', 'result', '--workflow-id', 'by-hand')) as {
      result: RunResult;
    };
    expect(result).toMatchObject({ project: 'slow', verdict: 'missed' });
    await expect
      .poll(() => temporal('workflow', 'list', '--query', 'PacelineVerdict="missed" AND PacelineProject="slow"'))
      .toContain('"by-hand"');
    const passed = await temporal('workflow', 'list', '--query', 'PacelineVerdict="pass" AND PacelineProject="slow"');
    expect(JSON.parse(passed)).toEqual([]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no such plan key', { source: { path: 'ROOT/green' }, plan: { senarios: [] } }, /senarios is not a key of a plan/],
    ['a plan that is a text', { source: { path: 'ROOT/green' }, plan: 'hello' }, /must be a section, not a text/],
    ['a ref of a folder without git', { source: { path: 'ROOT/green', ref: 'v9' } }, /is not in a git repository/],
    ['a git URL that runs a command', { source: { git: 'ext::sh -c true' } }, /cannot be cloned/],
  ])('given %s, gets a whole result with verdict error', async (name, input, sentence) => {
    const id = `wrong ${name}`;
    await start(JSON.parse(JSON.stringify(input).replace('ROOT', root)), id);
    const { result } = JSON.parse(await temporal('workflow', 'result', '--workflow-id', id)) as { result: RunResult };
    expect(result.verdict).toBe('error');
    expect(result.errors.map(({ what }) => what).join()).toMatch(sentence);
  });

  test('fails the workflow if the path does not exist', async () => {
    await start({ source: { path: join(root, 'nowhere') } }, 'wrong path');
    const { stdout } = await execa(
      temporalBinary,
      ['workflow', 'result', '--workflow-id', 'wrong path', '--address', address],
      { reject: false, all: true },
    );
    expect(stdout).toContain(`There is no ${join(root, 'nowhere')} on host`);
  });
});
