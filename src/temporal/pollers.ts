/** Whether a worker serves the shared queue of a configured server already. */
import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { SHARED_QUEUE } from '../model/activities.ts';
import { processStartTime } from './process.ts';

/** A poll lasts up to a minute, so a live worker was seen at least so recently; a dead one is listed for minutes. */
const LIVE_MS = 70_000;

/** Whether a live worker polls for Paceline's workflows. `nowMs` is compared with the server's clock, roughly. */
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

/** The SDK's identity is `pid@host`: of this host's own it can be known at once that one is gone. */
function diedHere(identity: string): boolean {
  const [, pid] = identity.endsWith(`@${hostname()}`) ? (/^(\d+)@/.exec(identity) ?? []) : [];
  return pid !== undefined && processStartTime(Number(pid)) === null;
}
