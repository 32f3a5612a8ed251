/**
 * A project in a folder of its repository, through the real command on the real engine: it takes what it needs from around
 * it, and its repository names a program wherever git knows a place for one, in the environment of the worker as well.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CompareResult } from '../../src/model/comparison.ts';
import type { RunResult } from '../../src/model/result.ts';
import { plantedIn, type Planted } from '../data/planted.ts';
import { paceline } from '../support/paceline.ts';
import { buildPrepared } from '../support/prepared-image.ts';
import { jsonOf, serve, type Served } from '../support/served.ts';
import { treeState } from '../support/tree-state.ts';

const PREPARED = `paceline-test-source:${process.pid}`;

const FILES = {
  'services/api/docker-compose.test.yml': `
services:
  test:
    extends: { file: ../../compose/base.yml, service: tests }
    env_file: [../../.env.shared]
    build: { context: ., args: { PYTHON_IMAGE: "\${PYTHON_IMAGE}" } }
    volumes: ["../../fixtures:/fixtures", "\${PWD}/own:/own:ro"]
`,
  'services/api/Dockerfile': 'ARG PYTHON_IMAGE\nFROM ${PYTHON_IMAGE}\nWORKDIR /app\nCOPY test_around.py .\n',
  'services/api/test_around.py': `
import os
from pathlib import Path

def test_environment():
    assert (os.environ["FROM_BASE"], os.environ["SHARED_NAME"]) == ("yes", "shared-value")

def test_mounts():
    assert Path("/own/greeting.txt").read_text() == "hello"
    # Each trial has files of its own.
    assert [path.name for path in Path("/fixtures").iterdir()] == ["a.json"]
    Path("/fixtures/written").write_text("x")
`,
  'services/api/paceline.yml': `
build: { modes: [warm] }
trials: { max: 2, repeat: 2 }
scenarios: [{ name: all, command: "python -m pytest -p no:cacheprovider test_around.py", target: "< 60 s" }]
`,
  'services/api/own/greeting.txt': 'hello',
  'compose/base.yml': 'services: { tests: { environment: { FROM_BASE: "yes" } } }\n',
  '.env.shared': 'SHARED_NAME=shared-value\n',
  'fixtures/a.json': '{}',
};

let served: Served;
let root: string;
let planted: Planted;
let caller: string;

beforeAll(async () => {
  served = await serve('source', async (local, folder) => {
    root = folder;
    planted = plantedIn(root, FILES);
    caller = join(root, 'caller');
    mkdirSync(caller);
    await buildPrepared(local, PREPARED, ['pytest==8.4.2']);
    return environment();
  });
});
afterAll(() => served.close());

const environment = () => ({ ...planted.env, PYTHON_IMAGE: PREPARED });

async function called(...argv: string[]): Promise<{ readonly code: number | null; readonly result: unknown }> {
  const output = await paceline([...argv, '--json', ...served.data], { env: environment(), cwd: caller });
  return jsonOf(output);
}

async function measured(...flags: string[]) {
  const { code, result } = await called('run', ...flags);
  return { code, result: result as RunResult };
}

async function compared(...argv: string[]) {
  return { result: (await called('compare', ...argv)).result as CompareResult };
}

test('a folder of a repository is measured with what it takes from around it, whatever its files are', async () => {
  const directory = join(planted.path, 'services', 'api');
  execFileSync('sh', ['-c', 'mkfifo pipe; touch "$(printf \'caf\\351.txt\')"; ln -s /nonexistent dangling'], {
    cwd: directory,
  });
  const before = treeState(join(planted.path, 'fixtures'));
  const { code, result } = await measured('--project', directory);
  expect({ code, verdict: result.verdict, errors: result.errors }).toEqual({ code: 0, verdict: 'pass', errors: [] });
  expect(result).toMatchObject({ project: 'ext-url/services/api', source: { commit: planted.commit, dirty: true } });
  expect(treeState(join(planted.path, 'fixtures'))).toEqual(before);
  expect(execFileSync('ls', ['-A', caller], { encoding: 'utf8' })).toBe('');
  expect(existsSync(join(root, 'data', 'runs', result.runId, 'source'))).toBe(false);
  expect(planted.ran()).toEqual([]);
});

test('a folder of a git URL is measured as it is at a commit', async () => {
  const { code, result } = await measured('--git', `file://${planted.path}`, '--path', 'services/api');
  expect({ code, verdict: result.verdict, errors: result.errors }).toEqual({ code: 0, verdict: 'pass', errors: [] });
  expect(result).toMatchObject({ project: 'repo/services/api', source: { commit: planted.commit, dirty: false } });
  expect(planted.ran()).toEqual([]);
});

test('two refs of it are compared', async () => {
  const project = join(planted.path, 'services', 'api');
  const { result } = await compared('main', 'HEAD', '--project', project, '--phase', 'build.warm');
  expect({ errors: result.errors, head: result.head.commit }).toEqual({ errors: [], head: planted.commit });
  expect(result.verdict).not.toBe('error');
  expect(planted.ran()).toEqual([]);
});

const PATCH = `--- a/services/api/test_around.py
+++ b/services/api/test_around.py
@@ -3,6 +3,6 @@
 from pathlib import Path
 
 def test_environment():
-    assert (os.environ["FROM_BASE"], os.environ["SHARED_NAME"]) == ("yes", "shared-value")
+    assert os.environ["FROM_BASE"] == "no"
 
 def test_mounts():
`;

test('one commit is compared with a patched copy of itself', async () => {
  const patch = join(root, 'fix.patch');
  writeFileSync(patch, PATCH);
  const project = join(planted.path, 'services', 'api');
  // Node cannot name the file whose name is not UTF-8.
  const state = () => execFileSync('ls', ['-lAR', '--time-style=full-iso', project], { encoding: 'latin1' });
  const before = state();
  const { result } = await compared('HEAD', 'HEAD', '--project', project, '--phase', 'test', '--head-patch', patch);
  expect(result).toMatchObject({ errors: [], base: { ref: 'HEAD' }, head: { ref: 'HEAD', patch: PATCH } });
  // The patch makes a test red: a red trial has no figure.
  expect(result.parts[0]?.comparison).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/the head has none/),
  });
  expect(state()).toEqual(before);
  expect(planted.ran()).toEqual([]);
});
