import { WorkflowNotFoundError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { runStates } from '../../src/worker/run-states.ts';

const RUN = { runId: 'run', workflowId: 'benchmark/shop' };
const status = (name: string) => async () => ({ status: { name } });
const failing = (error: Error) => async () => {
  throw error;
};
const notFound = failing(new WorkflowNotFoundError('not found', RUN.workflowId, RUN.runId));

test.each([
  ['one that runs', status('RUNNING'), true, 'open'],
  ['one that is paused', status('PAUSED'), true, 'open'],
  ['one that has ended', status('TERMINATED'), true, 'closed'],
  ['one that the server does not know', notFound, true, 'closed'],
  ["one that another server does not know, which has the first one's port", notFound, false, 'unknown'],
  ['one whose server does not answer', failing(new Error('14 UNAVAILABLE')), true, 'unknown'],
])('%s', async (_, describe, isOurServer, expected) => {
  const client = {
    withDeadline: (_: number, work: () => Promise<unknown>) => work(),
    workflow: { getHandle: () => ({ describe }) },
  };
  expect(await runStates(client as never, () => isOurServer)(RUN)).toBe(expected);
});
