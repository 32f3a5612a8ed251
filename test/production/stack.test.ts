/**
 * docker-compose.temporal.yml for real: a run on PostgreSQL, Temporal's server and the worker's image, each of which is
 * killed in the middle of it. The UI is left out, since its image cannot be made.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { choosePorts } from '../../src/temporal/ports.ts';
import { FIRST_PORT } from '../support/ports.ts';
import { productionImages } from '../../scripts/production/images.ts';
import type { RunResult } from '../../src/model/result.ts';
import { setUpHints } from '../../src/set-up-hints.ts';
import { localEndpoint } from '../support/local-engine.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIXTURE = join(ROOT, 'test/fixtures/projects/durable');
const STACK = `paceline-production-${process.pid}`;
const SERVICES = ['postgresql', 'temporal-schema', 'temporal', 'temporal-namespace', 'worker'];

let folder: string;
let compose: (...argv: readonly string[]) => Promise<string>;
let client: Client;
let inspect: (service: string, format: string) => Promise<string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-production-'));
  const endpoint = await localEndpoint();
  const data = join(folder, 'data');
  mkdirSync(data);
  mkdirSync(join(folder, 'records'));
  // The worker sees no more of the host than its data directory.
  cpSync(FIXTURE, join(data, 'project'), { recursive: true });
  const override = join(folder, 'override.json');
  writeFileSync(override, JSON.stringify({ services: { worker: workerHere() } }));
  const { port, uiPort } = await choosePorts({ firstPort: FIRST_PORT });
  const ports = { TEMPORAL_PORT: String(port), TEMPORAL_UI_PORT: String(uiPort) };
  const env = { ...endpoint.env, ...(await productionImages()), PACELINE_DATA: data, ...ports };
  const files = ['--file', 'docker-compose.temporal.yml', '--file', override];
  compose = async (...argv) =>
    (await execa(endpoint.cli, ['compose', '--project-name', STACK, ...files, ...argv], { cwd: ROOT, env })).stdout;
  inspect = async (service, format) => {
    const id = await compose('ps', '--all', '--quiet', service);
    return (await execa(endpoint.cli, ['inspect', '--format', format, id], { env: endpoint.env })).stdout;
  };
  await compose('up', '--detach', '--build', ...SERVICES);
  await eventually(async () => (await compose('logs', 'worker')).includes('serves `paceline`'));
  client = new Client({ connection: await Connection.connect({ address: `127.0.0.1:${port}` }) });
});

afterAll(async () => {
  await client?.connection.close();
  await compose('down', '--volumes', '--rmi', 'local', '--timeout', '5');
  rmSync(folder, { recursive: true, force: true });
});

/** What this machine's worker also needs: the stand-ins of its images, and no wait for a quiet machine. */
function workerHere() {
  const hints = join(folder, 'set-up.json');
  const { standIns } = setUpHints(process.env);
  writeFileSync(hints, JSON.stringify({ temporal: null, docker: '/usr/local/bin/docker', standIns }));
  return {
    environment: {
      PACELINE_QUIET_SECONDS: '0',
      DURABLE_STEPS: '45',
      DURABLE_RECORDS: join(folder, 'records'),
    },
    volumes: [`${hints}:/root/.cache/paceline/set-up.json:ro`],
  };
}

/** Until it holds, for as long as the vitest time-out gives; what cannot be asked meanwhile does not hold. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await sleep(250);
}

/** As a crash would: its main process dies, and the engine's restart policy brings it back. */
async function crash(service: string): Promise<void> {
  const restarts = Number(await inspect(service, '{{.RestartCount}}'));
  process.kill(Number(await inspect(service, '{{.State.Pid}}')), 'SIGKILL');
  await eventually(async () => Number(await inspect(service, '{{.RestartCount}}')) > restarts);
}

function steps(): number {
  const [name = ''] = readdirSync(join(folder, 'records'));
  return readFileSync(join(folder, 'records', name), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('step')).length;
}

test('a run completes whose worker, server and database are killed while its tests run, and loses nothing', async () => {
  const handle = await client.workflow.start('benchmark', {
    taskQueue: 'paceline',
    workflowId: 'benchmark/production',
    args: [{ source: { path: join(folder, 'data/project') } }],
  });
  let result: RunResult | undefined;
  const ended = eventually(async () => {
    result = (await handle.result()) as RunResult;
    return true;
  });
  for (const [service, after] of [
    ['worker', 3],
    ['temporal', 12],
    ['postgresql', 20],
  ] as const) {
    await eventually(async () => result !== undefined || steps() >= after);
    if (result === undefined) await crash(service);
  }
  await ended;
  expect(result).toMatchObject({
    verdict: 'pass',
    scenarios: [{ trials: [{ try: 1, outcome: 'passed', reattached: true, tests: { passed: 45, failed: 0 } }] }],
    errors: [],
  });
  expect(readdirSync(join(folder, 'records'))).toHaveLength(1);
});
