/**
 * Kills, cancels and restarts of real processes in the middle of a run, on the real engine and the real server. The
 * project (test/fixtures/projects/durable) leaves a record outside of its container for each time its suite is executed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LABELS } from '../../src/docker/engine/labels.ts';
import type { LabelledObjects } from '../../src/docker/engine/engine.ts';
import { SHARED_QUEUE } from '../../src/model/activities.ts';
import type { RunResult } from '../../src/model/result.ts';
import { setUpHints } from '../../src/set-up-hints.ts';
import { findTemporalBinary } from '../../src/temporal/binary.ts';
import { isFree, portOf } from '../../src/temporal/ports.ts';
import { isAlive } from '../../src/temporal/process.ts';
import { type EmbeddedServer, startServer, stopServer } from '../../src/temporal/server.ts';
import { localEngine } from '../support/local-engine.ts';
import { startPaceline, type Started } from '../support/paceline.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/projects/durable', import.meta.url));
const SERVES = /Press Ctrl-C to stop/;
const THIRD_STEP = /steps-1-1 \| .*::test_step\[3\] PASSED/;
const NEVER_ENDING = { DURABLE_STEPS: '600' };

let local: Awaited<ReturnType<typeof localEngine>>;
let root: string;
let dataDirectory: string;
let records: string;
let processes: Started[];

beforeEach(async () => {
  local = await localEngine('durability');
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-durability-')));
  dataDirectory = join(root, 'data');
  records = join(root, 'records');
  mkdirSync(records);
  cpSync(FIXTURE, join(root, 'project'), { recursive: true });
  processes = [];
});
afterEach(async () => {
  for (const { child, output } of processes) {
    child.kill('SIGKILL');
    await output;
  }
  const left = server();
  if (left !== null) await stopServer(left);
  await local.cleanUp();
  rmSync(root, { recursive: true, force: true });
});

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const started = startPaceline([...argv, '--data-dir', dataDirectory], {
    env: { DURABLE_RECORDS: records, DURABLE_STEPS: '8', ...env },
    ownGroup: true,
  });
  processes.push(started);
  return started;
}

const run = (env: NodeJS.ProcessEnv = {}) => start(['run', '--project', join(root, 'project'), '--verbose'], env);
const runAgain = () => start(['run', '--project', join(root, 'project'), '--json']);

async function up(): Promise<Started> {
  const started = start(['up']);
  await started.until(SERVES);
  return started;
}

async function kill({ child, output }: Started): Promise<void> {
  child.kill('SIGKILL');
  await output;
}

async function stop({ child, output }: Started): Promise<number | null> {
  child.kill('SIGTERM');
  return (await output).code;
}

/** As a terminal does: to the whole process group. */
function ctrlC({ child }: Started): void {
  if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
}

function server(): EmbeddedServer | null {
  const file = join(dataDirectory, 'server.json');
  if (!existsSync(file)) return null;
  const { serverPid, serverStartTime, address, uiUrl } = JSON.parse(readFileSync(file, 'utf8'));
  return { pid: serverPid, startTime: serverStartTime, address, uiUrl };
}

/** What one execution of the suite after the other wrote last. */
function executions(): string[] {
  return readdirSync(records).map((name) => readFileSync(join(records, name), 'utf8').trim().split('\n').at(-1) ?? '');
}

function runFolder(): string {
  const [runId = ''] = readdirSync(join(dataDirectory, 'runs'));
  return join(dataDirectory, 'runs', runId);
}

async function resultOnceWritten(): Promise<RunResult> {
  const file = join(runFolder(), 'result.json');
  while (!existsSync(file)) await sleep(200);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function atTheEngine(): Promise<LabelledObjects> {
  const store = new DatabaseSync(join(dataDirectory, 'store.sqlite'), { readOnly: true });
  const { id } = store.prepare('select id from instance').get() as { id: string };
  store.close();
  return local.engine.listByLabels({ [LABELS.instance]: id });
}

const NOTHING: LabelledObjects = { containers: [], networks: [], volumes: [], images: [] };

describe('a worker that is killed', () => {
  test('while tests run costs no test run: the next one takes them over', async () => {
    const first = run();
    await first.until(THIRD_STEP);
    await kill(first);
    const next = await up();
    const result = await resultOnceWritten();
    expect(await stop(next)).toBe(0);
    expect(next.seen().stderr).toContain('Took over the Temporal server');
    expect(result.verdict).toBe('pass');
    expect(result.scenarios[0]?.trials).toMatchObject([
      { try: 1, outcome: 'passed', reattached: true, tests: { passed: 8 } },
    ]);
    expect(executions()).toEqual(['ended']);
    expect(await atTheEngine()).toEqual(NOTHING);
    expect(server()).toBeNull();
  });

  test('while an image is built leaves the build to the next one, which reads its record from the beginning', async () => {
    const first = run({ DURABLE_BUILD_SECONDS: '5' });
    await first.until(/▶ Build \(cold\)/);
    const command = () => join(runFolder(), 'commands', 'build-cold-test');
    while (!existsSync(join(command(), 'pid'))) await sleep(50);
    await kill(first);
    expect(existsSync(join(command(), 'exit'))).toBe(false);
    const { code, stdout, stderr } = await runAgain().output;
    const result = JSON.parse(stdout) as RunResult;
    expect(stderr).toContain('Attached to benchmark/durable/');
    expect({ code, verdict: result.verdict }).toEqual({ code: 0, verdict: 'pass' });
    expect(result.phases.build.seconds).toBeGreaterThan(5);
    expect(readdirSync(join(runFolder(), 'commands')).filter((name) => name.includes('lost'))).toEqual([]);
    expect(executions()).toEqual(['ended']);
    expect(await atTheEngine()).toEqual(NOTHING);
  });
});

describe('Ctrl-C', () => {
  test('while services start takes everything down, shows what was measured and leaves no process', async () => {
    const cancelled = run({ DURABLE_START_SECONDS: '600' });
    await cancelled.until(/▶ Start services/);
    while ((await atTheEngine()).containers.length === 0) await sleep(50);
    const served = server()!;
    ctrlC(cancelled);
    const { code, stdout } = await cancelled.output;
    expect(await atTheEngine()).toEqual(NOTHING);
    expect(code).toBe(130);
    expect(stdout).toContain('cancelled');
    expect(await resultOnceWritten()).toMatchObject({
      verdict: 'cancelled',
      errors: [],
      phases: { build: { seconds: expect.any(Number) }, startup: { seconds: null } },
    });
    expect([isAlive(served), server()]).toEqual([false, null]);
    expect(executions()).toEqual([]);
  });

  test('a second time quits immediately with a message; the next server concludes the run and removes what was left', async () => {
    const left = run(NEVER_ENDING);
    await left.until(THIRD_STEP);
    ctrlC(left);
    await left.until(/Press Ctrl-C again to quit immediately/);
    // What comes sooner counts as the same one: npm and the `paceline` bin pass each on once more.
    await sleep(800);
    ctrlC(left);
    expect((await left.output).code).toBe(130);
    const next = await up();
    expect((await resultOnceWritten()).verdict).toBe('cancelled');
    await stop(next);
    expect(await atTheEngine()).toEqual(NOTHING);
  });
});

describe('a holder', () => {
  test('that must stop touches nothing, and the next one takes the tests over', async () => {
    const first = await up();
    const client = run();
    await client.until(THIRD_STEP);
    await kill(client);
    expect(await stop(first)).toBe(0);
    expect((await atTheEngine()).containers.map(({ state }) => state)).toEqual(['running', 'running']);
    const next = await up();
    const result = await resultOnceWritten();
    await stop(next);
    expect(result.scenarios[0]?.trials).toMatchObject([{ try: 1, outcome: 'passed', reattached: true }]);
    expect(executions()).toEqual(['ended']);
    expect(await atTheEngine()).toEqual(NOTHING);
  });

  test('restarts a server that was killed, and the running trial is not affected', async () => {
    const served = run();
    await served.until(THIRD_STEP);
    process.kill(server()!.pid, 'SIGKILL');
    const { code, stderr } = await served.output;
    expect(stderr).toContain('stopped and was restarted');
    expect(code).toBe(0);
    expect((await resultOnceWritten()).scenarios[0]?.trials).toMatchObject([{ outcome: 'passed', reattached: false }]);
    expect(executions()).toEqual(['ended']);
    expect(await atTheEngine()).toEqual(NOTHING);
  });
});

describe('a server whose port is taken while it is down', () => {
  let other: { readonly server: EmbeddedServer; readonly client: Client } | null = null;
  afterEach(async () => {
    await other?.client.connection.close();
    if (other !== null) await stopServer(other.server);
    other = null;
  });

  /** The holder does not see it happen, as in the second between two of its looks. */
  async function takePort(holder: Started): Promise<Client> {
    const { pid, address, uiUrl } = server()!;
    holder.child.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    const ports = { port: portOf(address), uiPort: portOf(uiUrl) };
    while (!(await isFree(ports.port))) await sleep(20);
    const folder = join(root, 'other');
    mkdirSync(folder);
    const taking = await startServer({
      temporalBinary: findTemporalBinary(process.env),
      dataDirectory: folder,
      ...ports,
    });
    const client = new Client({ connection: await Connection.connect({ address }) });
    other = { server: taking, client };
    holder.child.kill('SIGCONT');
    return client;
  }

  test('restarts on another one: tests are neither ended nor run twice, and the other one has its own runs', async () => {
    const served = run({ DURABLE_STEPS: '12' });
    await served.until(THIRD_STEP);
    const before = server()!.address;
    const client = await takePort(served);
    const foreign = await client.workflow.start('benchmark', {
      taskQueue: SHARED_QUEUE,
      workflowId: 'benchmark/foreign',
      args: [{ source: { path: join(root, 'project') } }],
    });
    await served.until(/is no longer at \S+\. The run continues with the next/);
    await served.until(/✅ Steps|❌ Steps/);
    expect(server()!.address).not.toBe(before);
    const { code } = await served.output;
    const { verdict, scenarios } = await resultOnceWritten();
    expect({ code, verdict }).toEqual({ code: 0, verdict: 'pass' });
    expect(scenarios[0]?.trials).toMatchObject([{ try: 1, outcome: 'passed', tests: { passed: 12 } }]);
    expect(executions()).toEqual(['ended']);
    expect(await atTheEngine()).toEqual(NOTHING);
    const { events } = await foreign.fetchHistory();
    expect(events?.filter(({ activityTaskCompletedEventAttributes: completed }) => completed)).toEqual([]);
  });

  test('is served again by `up` as well, for other commands that watch', async () => {
    const serving = await up();
    const watched = run({ DURABLE_STEPS: '12' });
    await watched.until(THIRD_STEP);
    const before = server()!.address;
    await takePort(serving);
    expect((await watched.output).code).toBe(0);
    expect(serving.seen().stderr).toMatch(/another process took its port/);
    expect(server()!.address).not.toBe(before);
    expect(executions()).toEqual(['ended']);
    expect(await stop(serving)).toBe(0);
    expect(await atTheEngine()).toEqual(NOTHING);
  });
});

test('a run that is terminated is taken down at once by its worker, and another instance keeps what it has', async () => {
  const another = await local.start('sleep 600', '--label', `${LABELS.instance}=another`, '--label', `${LABELS.run}=r`);
  const serving = await up();
  const terminated = run(NEVER_ENDING);
  await terminated.until(THIRD_STEP);
  const [, workflowId = ''] = /Run (benchmark\S+)/.exec(terminated.seen().stderr) ?? [];
  const temporal = setUpHints(process.env).temporal ?? 'temporal';
  execFileSync(temporal, ['workflow', 'terminate', '-w', workflowId, '--address', server()!.address]);
  const { code, stderr } = await terminated.output;
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('The run was terminated.') });
  while ((await atTheEngine()).images.length > 0) await sleep(100);
  expect(await atTheEngine()).toEqual(NOTHING);
  await stop(serving);
  expect((await local.engine.inspectContainer(another))?.state.status).toBe('running');
});
