/** `paceline tune` through the real command on the real engine: tests that wait, which workers make faster whatever else the machine does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Serving } from '../../src/data/serving.ts';
import type { TuneResult } from '../../src/model/tune.ts';
import { type Planted, plantedIn } from '../data/planted.ts';
import { startPaceline } from '../support/paceline.ts';
import { buildPrepared } from '../support/prepared-image.ts';
import { jsonOf, serve, type Served } from '../support/served.ts';
import { treeState } from '../support/tree-state.ts';

const PREPARED = `paceline-test-tune:${process.pid}`;

const FILES = {
  'docker-compose.test.yml': `
services:
  test:
    build: { context: ., args: { PYTHON_IMAGE: "\${PYTHON_IMAGE}" } }
`,
  Dockerfile: 'ARG PYTHON_IMAGE\nFROM ${PYTHON_IMAGE}\nWORKDIR /app\nCOPY test_waits.py pytest.ini ./\n',
  'pytest.ini': '[pytest]\naddopts = -p no:cacheprovider\n',
  'test_waits.py': `
import time
import pytest

@pytest.mark.parametrize("n", range(16))
def test_wait(n):
    time.sleep(1)
`,
  'paceline.yml': `
build: { modes: [warm] }
scenarios: [{ name: all, command: "python -m pytest -n 0", target: "< 60 s" }]
`,
};

let served: Served;
let planted: Planted;

beforeAll(async () => {
  served = await serve('tune', async (local, root) => {
    planted = plantedIn(root, FILES);
    await buildPrepared(local, PREPARED, ['pytest==8.4.2', 'pytest-xdist==3.8.0']);
    return environment();
  });
});
afterAll(() => served.close());

const environment = () => ({ ...planted.env, PYTHON_IMAGE: PREPARED, PACELINE_QUIET_SECONDS: '1' });

/** Without a word to anyone, as a machine that runs out of memory does it. */
function killWorker(): void {
  const { holderPid } = JSON.parse(readFileSync(join(served.root, 'data/server.json'), 'utf8')) as Serving;
  process.kill(holderPid, 'SIGKILL');
}

test('finds that workers help, says by how many seconds, and leaves nothing, also if its worker is killed in the middle', async () => {
  const before = treeState(planted.path);
  const started = startPaceline(['tune', '--project', planted.path, '--json', ...served.data], {
    env: environment(),
    cwd: join(planted.path, '..'),
  });
  await started.until(/✅ .*round 1/);
  killWorker();
  const output = await started.output;
  const { code, result } = jsonOf(output);
  expect(output.stderr).toContain('The tuning continues with the next server of this data directory.');
  const { verdict, best, tried, errors, runId } = result as TuneResult;
  expect({ code, verdict, errors }).toEqual({ code: 0, verdict: 'improved', errors: [] });
  expect(tried).toHaveLength(4);
  expect(best!.savesSeconds.low).toBeGreaterThan(0);
  expect(best!.remedy).toMatchObject({
    kind: 'planOverride',
    set: { 'scenarios[0].command': expect.stringMatching(/^python -m pytest -n [2-9]/) as string },
  });
  expect(treeState(planted.path)).toEqual(before);
  const sides = [`${runId}.base`, ...tried.map((_, index) => `${runId}.head${index === 0 ? '' : index + 1}`)];
  for (const side of sides)
    expect(await served.local.engine.listByLabels({ 'paceline.run': side })).toEqual({
      containers: [],
      networks: [],
      volumes: [],
      images: [],
    });
});
