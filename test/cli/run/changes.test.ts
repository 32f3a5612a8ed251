import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { changesOf } from '../../../src/cli/run/changes.ts';

const WORKED = { workflowTaskCompletedEventAttributes: {} };
const ENDED = { activityTaskCompletedEventAttributes: {} };
const TOKEN = new Uint8Array([1]);

type Answer = { readonly events: readonly object[]; readonly token?: Uint8Array };

/** A server that gives these answers in turn, and then none. */
function served(...answers: readonly Answer[]) {
  const queue = [...answers];
  const requests: { readonly nextPageToken?: Uint8Array; readonly waitNewEvent: boolean }[] = [];
  const client = {
    options: { namespace: 'default' },
    withAbortSignal: (_: AbortSignal, ask: () => unknown) => ask(),
    workflowService: {
      getWorkflowExecutionHistory: async (request: (typeof requests)[number]) => {
        requests.push(request);
        const answer = queue.shift();
        if (answer === undefined) return await new Promise(() => {});
        return { history: { events: answer.events }, nextPageToken: answer.token ?? new Uint8Array() };
      },
    },
  } as unknown as Client;
  return { requests, changes: changesOf({ workflowId: 'w', runId: 'r' }, client) };
}

test('a run has moved on when its own code has run, and each answer is asked for once', async () => {
  const { signal } = new AbortController();
  const { changes, requests } = served(
    { events: [ENDED, WORKED], token: TOKEN },
    { events: [], token: TOKEN },
    { events: [ENDED], token: TOKEN },
    { events: [WORKED], token: TOKEN },
  );
  await changes.next(signal);
  expect(requests).toHaveLength(1);
  await changes.next(signal);
  expect(requests).toHaveLength(4);
  expect(requests.every(({ waitNewEvent }) => waitNewEvent)).toBe(true);
  expect(requests.map(({ nextPageToken }) => nextPageToken)).toEqual([undefined, TOKEN, TOKEN, TOKEN]);
});

test('a closed run does not move on, and its history is not read again', async () => {
  const over = new AbortController();
  const { changes, requests } = served({ events: [WORKED] });
  await changes.next(over.signal);
  let resolved = false;
  const next = changes.next(over.signal).then(() => (resolved = true));
  await turn();
  expect(resolved).toBe(false);
  over.abort();
  await next;
  expect(requests).toHaveLength(1);
});

test.each([
  ['before it is asked', 0],
  ['between two pages of a history that shows nothing', 1],
])('nothing is asked once the follower has stopped: %s', async (_, before) => {
  const over = new AbortController();
  const { changes, requests } = served(
    {
      get events() {
        over.abort();
        return [];
      },
      token: TOKEN,
    },
    { events: [], token: TOKEN },
  );
  if (before === 0) over.abort();
  await expect(changes.next(over.signal)).rejects.toThrow();
  expect(requests).toHaveLength(before);
});
