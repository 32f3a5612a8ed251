/** What the pages know of a run from a real server, with and without a worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveRuns } from '../../src/cli/pages/live-runs.ts';
import { SHARED_QUEUE } from '../../src/model/activities.ts';
import type { RunNow } from '../../src/report/live/run-now.ts';
import type { LiveRuns, WorkflowRun } from '../../src/site/live-runs.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { ownNamespace, sharedBundle } from '../support/shared-temporal.ts';

let env: TestWorkflowEnvironment;
let root: string;
let store: Store;
let live: LiveRuns;
let asked = 0;

beforeAll(async () => {
  env = await ownNamespace();
  root = mkdtempSync(join(tmpdir(), 'paceline-live-runs-'));
  store = await openStore({ dataDirectory: root });
  const client = async () => {
    asked += 1;
    return env.client;
  };
  live = liveRuns({ client, store, dataDirectory: root, uiUrl: ({ runId }) => `http://ui.example/${runId}` });
});
afterAll(async () => {
  await store.close();
  await env.teardown();
  rmSync(root, { recursive: true, force: true });
});

async function start(workflowId: string): Promise<WorkflowRun> {
  const { firstExecutionRunId } = await env.client.workflow.start('benchmark', {
    taskQueue: SHARED_QUEUE,
    workflowId,
    args: [{ source: { path: '/fake' } }],
  });
  return { workflowId, runId: firstExecutionRunId };
}

/** With a worker whose host never takes a run. */
async function withWorker(work: () => Promise<void>): Promise<void> {
  const worker = await Worker.create({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: SHARED_QUEUE,
    workflowBundle: sharedBundle(),
    // Waits until the worker stops.
    activities: { claimHost: () => Context.current().cancelled },
  });
  await worker.runUntil(work());
}

async function firstThat(run: WorkflowRun, isIt: (now: RunNow) => boolean): Promise<RunNow> {
  const stop = new AbortController();
  for await (const now of live.watch(run, stop.signal)) {
    if (!isIt(now)) continue;
    stop.abort();
    return now;
  }
  throw new Error('the run was closed before');
}

test('a run that no worker has taken is known by its workflow, and waits', async () => {
  const run = await start('benchmark/fake/waits');
  expect(await live.find(run.workflowId)).toEqual(run);
  expect(await live.look(run)).toMatchObject({
    standing: { kind: 'waitsForWorker' },
    project: null,
    steps: [],
    uiUrl: `http://ui.example/${run.runId}`,
  });
});

test('a run that was terminated is closed', async () => {
  const run = await start('benchmark/fake/terminated');
  await env.client.workflow.getHandle(run.workflowId).terminate();
  expect((await live.look(run)).standing).toEqual({ kind: 'closed', how: 'terminated' });
});

test('a workflow that the server does not know has no run', async () => {
  expect(await live.find('benchmark/fake/none')).toBeNull();
  const run = { workflowId: 'benchmark/fake/none', runId: '01a2262c-2011-7e1c-8380-12271085302b' };
  expect((await live.look(run)).standing).toEqual({ kind: 'closed', how: 'unknown' });
});

test('without a worker the store says what is known', async () => {
  const run = await start('benchmark/fake/stored');
  const startedAt = '2026-11-29T07:00:00.000Z';
  await store.openRun({ run, instance: 'i', source: { path: '/srv/shop' }, startedAt });
  expect(await live.look(run)).toMatchObject({ project: 'shop', startedAt, stepsAreOld: true });
});

test('a run with a worker runs, and everyone who follows it shares the answers', async () => {
  const run = await start('benchmark/fake/runs');
  await withWorker(async () => {
    const now = await firstThat(run, ({ standing }) => standing.kind === 'running');
    expect(now.stepsAreOld).toBe(false);
    const before = asked;
    await Promise.all([1, 2, 3].map(() => firstThat(run, () => true)));
    expect(asked - before).toBe(1);
    await env.client.workflow.getHandle(run.workflowId).terminate();
  });
});

test('a server that is away leaves the state unknown', async () => {
  const away = liveRuns({
    client: () => Promise.reject(new Error('no server')),
    store,
    dataDirectory: root,
    uiUrl: () => null,
  });
  const run = { workflowId: 'benchmark/fake/away', runId: 'r1' };
  expect((await away.look(run)).standing).toEqual({ kind: 'serverSilent' });
  expect(await away.find(run.workflowId)).toBeNull();
});
