/** What a schedule does after an absence, and what it says it left out, on a real server with a database file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SHARED_QUEUE } from '../../src/model/activities.ts';
import { findTemporalBinary } from '../../src/temporal/binary.ts';
import { missedRuns } from '../../src/worker/missed-runs.ts';
import { type EmbeddedServer, startServer, stopServer } from '../../src/temporal/server.ts';
import { FIRST_PORT } from '../support/ports.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let dataDirectory: string;
let server: EmbeddedServer;
let client: Client;

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'paceline-absence-'));
  server = await startServer({
    temporalBinary: findTemporalBinary(process.env),
    dataDirectory,
    firstPort: FIRST_PORT,
  });
  client = new Client({ connection: await Connection.connect({ address: server.address }) });
});
afterAll(async () => {
  await stopServer(server);
  rmSync(dataDirectory, { recursive: true, force: true });
});

/** Every second instead of every night; otherwise as `paceline schedule create` makes it. No worker: runs stay open. */
async function schedule(scheduleId: string) {
  await client.schedule.create({
    scheduleId,
    spec: { intervals: [{ every: '1s' }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'benchmark',
      taskQueue: SHARED_QUEUE,
      workflowId: `benchmark/${scheduleId}/scheduled`,
      args: [{ source: { path: '/nowhere' } }],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10s', pauseOnFailure: false },
  });
  return client.schedule.getHandle(scheduleId);
}

async function runsOf(scheduleId: string) {
  const runs: { workflowId: string; runId: string; open: boolean }[] = [];
  const query = `WorkflowId STARTS_WITH 'benchmark/${scheduleId}/'`;
  for await (const { workflowId, runId, status, startTime } of client.workflow.list({ query })) {
    runs.push({ workflowId, runId, open: status.name === 'RUNNING', startTime } as never);
  }
  return runs.sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1));
}

/** @returns the newest of the runs, once there are at least `count` */
async function newest(scheduleId: string, count: number) {
  await expect.poll(async () => (await runsOf(scheduleId)).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(count);
  return (await runsOf(scheduleId)).at(-1)!;
}

test('while a run is running no other one is started; the next one knows how many were skipped', async () => {
  const nightly = await schedule('busy');
  const first = await newest('busy', 1);
  expect(await missedRuns(client)(first)).toBeNull();
  await sleep(3_000);
  expect((await runsOf('busy')).filter(({ open }) => open)).toHaveLength(1);
  await client.workflow.getHandle(first.workflowId, first.runId).terminate();
  const next = await newest('busy', 2);
  const missed = await missedRuns(client)(next);
  expect(missed).toMatchObject({ scheduleId: 'busy' });
  expect(missed!.count).toBeGreaterThanOrEqual(2);
  await nightly.delete();
});

test('after an absence longer than the catch-up window, what is older is left out for good, and one run starts at a time', async () => {
  const nightly = await schedule('away');
  const first = await newest('away', 1);
  await client.workflow.getHandle(first.workflowId, first.runId).terminate();
  process.kill(server.pid, 'SIGKILL');
  // No catch-up window is shorter than ten seconds.
  await sleep(13_000);
  const portOf = (url: string) => Number(url.slice(url.lastIndexOf(':') + 1));
  server = await startServer({
    temporalBinary: findTemporalBinary(process.env),
    dataDirectory,
    port: portOf(server.address),
    uiPort: portOf(server.uiUrl),
  });
  const next = await newest('away', 2);
  await expect
    .poll(async () => (await nightly.describe()).raw.info?.missedCatchupWindow?.toString(), { timeout: 30_000 })
    .toMatch(/^[1-9]/);
  expect((await runsOf('away')).filter(({ open }) => open).length).toBeLessThanOrEqual(1);
  expect((await missedRuns(client)(next))?.count).toBeGreaterThanOrEqual(2);
  await nightly.delete();
});

test('a backfill makes up for what was left out, one after the other', async () => {
  const nightly = await schedule('made-up');
  await nightly.pause();
  for (const { workflowId, runId } of await runsOf('made-up'))
    await client.workflow.getHandle(workflowId, runId).terminate();
  const before = (await runsOf('made-up')).length;
  const end = new Date();
  await nightly.backfill({ start: new Date(end.getTime() - 60_000), end, overlap: ScheduleOverlapPolicy.BUFFER_ONE });
  await newest('made-up', before + 1);
  expect((await runsOf('made-up')).filter(({ open }) => open)).toHaveLength(1);
  await nightly.delete();
});

test('a run that was started by hand has no schedule that could have skipped one', async () => {
  const handle = await client.workflow.start('benchmark', {
    workflowId: 'by-hand',
    taskQueue: SHARED_QUEUE,
    args: [{}],
  });
  const run = { workflowId: 'by-hand', runId: handle.firstExecutionRunId };
  expect(await missedRuns(client)(run)).toBeNull();
});
