import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { follow } from '../../../src/cli/run/follow.ts';
import type { Session } from '../../../src/temporal/session.ts';

const never = () => new Promise<never>(() => {});

/** A session with a run that ends, cancelled, when someone asks for that. */
function session({ worker }: { readonly worker: Session['worker'] }) {
  const asked: string[] = [];
  const { promise, resolve } = Promise.withResolvers<object>();
  const handle = {
    result: () => promise,
    query: never,
    describe: never,
    cancel: async () => {
      asked.push('cancel');
      resolve({ verdict: 'cancelled' });
    },
  };
  const client = {
    options: { namespace: 'default' },
    workflow: { getHandle: () => handle },
    withDeadline: (_: number, ask: () => Promise<unknown>) =>
      Promise.race([ask(), new Promise((_, reject) => setTimeout(reject, 1))]),
    withAbortSignal: never,
  } as unknown as Client;
  const value = { client, worker, address: 'temporal.test:17233', holderEnded: never(), workerEnded: never() };
  return { asked, session: { ...value, isOurServer: async () => true } as unknown as Session };
}

const HERE = {} as Session['worker'];

test.each([
  { what: 'attached to the run of another process', attached: true, worker: null, end: 'detached', asks: [] },
  { what: 'that started the run', attached: false, worker: null, end: 'judged', asks: ['cancel'] },
  { what: 'attached, whose own worker does the work', attached: true, worker: HERE, end: 'judged', asks: ['cancel'] },
])('Ctrl-C in a terminal $what ends as $end', async ({ attached, worker, end, asks }) => {
  const { asked, session: of } = session({ worker });
  const stop = new AbortController();
  const options = { onProgress: () => {}, onTrouble: () => {}, stop: stop.signal };
  const followed = follow(of, { workflowId: 'w', runId: 'r', attached }, options);
  stop.abort();
  expect((await followed).kind).toBe(end);
  expect(asked).toEqual(asks);
});
