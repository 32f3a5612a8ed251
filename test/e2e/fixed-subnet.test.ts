/** A network with a fixed subnet exists once on an engine: what a run does where another network has its addresses. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LABELS } from '../../src/docker/engine/labels.ts';
import type { RunResult } from '../../src/model/result.ts';
import { localEngine, nameHere, PYTHON_IMAGE } from '../support/local-engine.ts';
import { startPaceline } from '../support/paceline.ts';

const OWNER = nameHere('fixed-subnet');
const NETWORK = `paceline-test-${OWNER}`;

let local: Awaited<ReturnType<typeof localEngine>>;
let root: string;
beforeEach(async () => {
  local = await localEngine('fixed-subnet');
  root = mkdtempSync(join(tmpdir(), 'paceline-subnet-'));
});
afterEach(async () => {
  await local.cleanUp();
  rmSync(root, { recursive: true, force: true });
});

/** @param subnet of its own network */
function project(subnet: string): string {
  const folder = join(root, 'project');
  const files = {
    'docker-compose.test.yml': `
services: { test: { build: { context: ., dockerfile: Dockerfile.test }, networks: [lab] } }
networks: { lab: { ipam: { config: [{ subnet: ${subnet} }] } } }
`,
    'Dockerfile.test': `FROM ${PYTHON_IMAGE}\n`,
    'paceline.yml':
      'build: { modes: [cold] }\nscenarios:\n  - { name: Say, command: "python -c pass", target: "< 60 s" }\n',
  };
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function run(folder: string) {
  return startPaceline(['run', '--project', folder, '--data-dir', join(root, 'data'), '--json', '--verbose']);
}

async function makeNetwork(subnet: string, ...labels: readonly string[]): Promise<void> {
  const flags = [`paceline.test=${OWNER}`, ...labels].flatMap((label) => ['--label', label]);
  await local.docker('network', 'create', '--subnet', subnet, ...flags, NETWORK);
}

test('a run waits for the addresses that another run has, and its result has a note of it', async () => {
  const other = [`${LABELS.run}=other-${OWNER}`, `${LABELS.workflow}=benchmark/other/1`];
  await makeNetwork('10.213.92.0/24', ...other);
  await local.start('sleep 300', '--network', NETWORK, '--label', other[0] ?? '');
  const started = run(project('10.213.92.128/25'));
  await started.until(/for 10\.213\.92\.128\/25, which the run benchmark\/other\/1 uses/);
  await local.cleanUp();
  const { code, stdout, stderr } = await started.output;
  expect(code, stderr).toBe(0);
  expect((JSON.parse(stdout) as RunResult).notes).toContainEqual(
    expect.stringMatching(/^Waited \d+ s for 10\.213\.92\.128\/25 of the network `lab`, .*benchmark\/other\/1/),
  );
});

test('a run names the network of another owner that has its addresses', async () => {
  await makeNetwork('10.213.93.0/24', 'com.docker.compose.project=dev');
  const { code, stdout } = await run(project('10.213.93.0/24')).output;
  const result = JSON.parse(stdout) as RunResult;
  expect({ code, verdict: result.verdict, errors: result.errors }).toMatchObject({
    code: 2,
    verdict: 'error',
    errors: [
      {
        type: 'NetworkTaken',
        what: expect.stringContaining(`needs 10.213.93.0/24, and the network ${NETWORK} on this engine already has it`),
        next: expect.stringContaining('`docker compose -p dev down`'),
      },
    ],
  });
});
