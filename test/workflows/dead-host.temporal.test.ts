import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostClaim } from '../../src/model/host-claim.ts';
import { fakeHost } from '../support/fake-activities.ts';
import { ownNamespace } from '../support/shared-temporal.ts';
import { claimFor, withWorkers, workflowBundle } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

it('a host that stops answering is left for another, and the result reports it', async () => {
  const bundle = await workflowBundle({ quick: 'hosts' });
  const dead: HostClaim = { ...claimFor('dead-host'), searchAttributes: [] };
  const alive: HostClaim = { ...claimFor('live-host'), searchAttributes: [] };
  const { activities, calls } = fakeHost(alive, {
    claimHost: async ({ exclude }) => (exclude.includes(dead.hostId) ? alive : dead),
  });
  const { claimHost, ...local } = activities;
  const { nativeConnection: connection, namespace = '' } = env;
  const workers = await Promise.all([
    Worker.create({ connection, namespace, taskQueue: 'paceline', workflowBundle: bundle, activities: { claimHost } }),
    Worker.create({ connection, namespace, taskQueue: alive.controlQueue, activities: local }),
    Worker.create({ connection, namespace, taskQueue: alive.measureQueue, activities: local }),
  ]);
  const result = await withWorkers(workers, () =>
    env.client.workflow.execute('benchmark', {
      workflowId: `benchmark/fake/${randomUUID()}`,
      taskQueue: 'paceline',
      args: [{ source: { git: 'https://example.invalid/shop.git', ref: 'main' } }],
    }),
  );
  expect(result.notes).toEqual(['Host dead-host stopped answering; the run was restarted on another host.']);
  expect(calls.filter((name) => name === 'claimHost')).toHaveLength(2);
});
