/**
 * One dev server and one bundle of the workflows for all Temporal tests: vitest starts both before the first file (see
 * vitest.config.ts). Each file has a namespace of its own, so the workers of two files do not serve each other.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime, type WorkflowBundle } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { registerSearchAttributes } from '../../src/temporal-client/search-attributes.ts';
import { devServer, workflowBundle } from './temporal.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly temporalAddress: string;
    /** Files of bundled code. */
    readonly workflowBundles: Readonly<Record<BundleName, string>>;
  }
}

/** `quickHeartbeats`: a worker that dies is noticed within seconds. The same code with another figure. */
type BundleName = 'asShipped' | 'quickHeartbeats';

/** For vitest. @returns what ends it all */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-bundles-'));
  const written = async (name: BundleName, bundle: Promise<WorkflowBundle>) => {
    const file = join(folder, `${name}.js`);
    writeFileSync(file, (await bundle).code);
    return file;
  };
  const [server, asShipped, quickHeartbeats] = await Promise.all([
    devServer(),
    written('asShipped', workflowBundle()),
    written('quickHeartbeats', workflowBundle({ quick: 'heartbeats' })),
  ]);
  project.provide('temporalAddress', server.address);
  project.provide('workflowBundles', { asShipped, quickHeartbeats });
  return async () => {
    await server.teardown();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A namespace of the shared server, with Paceline's search attributes. */
export async function ownNamespace(): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const namespace = `test-${randomUUID()}`;
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address: inject('temporalAddress'), namespace });
  await env.connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: (24 * 3600) as never },
  });
  await registerSearchAttributes(env.connection, namespace);
  return env;
}

export function sharedBundle(name: BundleName = 'asShipped'): WorkflowBundle {
  return { code: readFileSync(inject('workflowBundles')[name], 'utf8') };
}
