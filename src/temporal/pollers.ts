/** Whether a worker already polls the shared queue of a configured server. */
import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { SHARED_QUEUE } from '../model/activities.ts';
import { processStartTime } from './process.ts';

/** A poll lasts up to a minute, so a live worker was seen within this time. A dead one stays listed for minutes. */
const LIVE_MS = 70_000;

/** Whether a live worker polls for Paceline's workflows. `nowMs` is compared with the server's clock, so it is approximate. */
export async function workerServes(client: Client, nowMs: number): Promise<boolean> {
  const { pollers } = await client.connection.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: SHARED_QUEUE },
  });
  return (pollers ?? []).some(({ identity, lastAccessTime }) => {
    const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return nowMs - seenMs < LIVE_MS && !diedHere(identity ?? '');
  });
}

/** The SDK's identity is `pid@host`. On this host, a dead process can be recognised immediately. */
function diedHere(identity: string): boolean {
  const [, pid] = identity.endsWith(`@${hostname()}`) ? (/^(\d+)@/.exec(identity) ?? []) : [];
  return pid !== undefined && processStartTime(Number(pid)) === null;
}
