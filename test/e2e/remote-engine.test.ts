/**
 * An engine on another machine, as Docker Desktop's and a DOCKER_HOST elsewhere are: nothing is pinned, nothing of /proc
 * and no control group is looked at. Here the command runs under another host name, by which it takes the engine for one.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { PYTHON_IMAGE } from '../support/local-engine.ts';
import { environment } from '../support/paceline.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-remote-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function project(): string {
  const folder = join(root, 'project');
  mkdirSync(join(folder, 'tests'), { recursive: true });
  writeFileSync(
    join(folder, 'Dockerfile.test'),
    `FROM ${PYTHON_IMAGE}\nRUN --mount=type=cache,target=/root/.cache/pip pip install --root-user-action=ignore pytest==8.4.2\nWORKDIR /app\nCOPY . .\n`,
  );
  writeFileSync(join(folder, 'tests/test_one.py'), 'def test_one():\n    pass\n');
  writeFileSync(
    join(folder, 'paceline.yml'),
    'build: { modes: [cold] }\nscenarios:\n  - { name: One, command: python -m pytest tests }\n',
  );
  return folder;
}

test('a run on an engine that is taken for a remote one has its build, its tests and their time, in one lane without CPUs', async () => {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN];
  const command = [...node, 'run', '--project', project(), '--data-dir', join(root, 'data'), '--json'];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(
      'unshare',
      ['--uts', 'sh', '-c', 'hostname elsewhere; exec "$@"', 'sh', ...command],
      { env: environment(), maxBuffer: 2 ** 26 },
      (_, out, err) => resolve({ stdout: out, stderr: err }),
    );
  });
  expect(stdout, stderr).not.toBe('');
  const result = JSON.parse(stdout) as RunResult;
  expect(result.errors).toEqual([]);
  expect(result.verdict).toBe('pass');
  expect(result.scenarios[0]?.trials).toMatchObject([
    { outcome: 'passed', tests: { passed: 1 }, lane: { cpus: [] }, exitCode: 0 },
  ]);
  expect(result.hosts[0]?.fingerprint.key.cpuModel).toContain('remote engine');
  expect(readdirSync(join(root, 'data'))).toContain('runs');
});
