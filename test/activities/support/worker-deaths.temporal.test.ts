/** Real workers that die at the same place each time, on a real server: the run ends, and the next one works. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunResult } from '../../../src/model/result.ts';
import { startChild } from '../../support/child.ts';
import { ownNamespace, sharedBundle } from '../../support/shared-temporal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WORKER = fileURLToPath(new URL('worker-deaths.child.ts', import.meta.url));
let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

test('a trial that kills its worker each time ends the run with an error, and no later run', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'workflows.js'), sharedBundle('quickHeartbeats').code);
  const worker = (behaviour: string) => startChild(WORKER, [env.address, env.namespace ?? '', folder, behaviour]);
  const start = (workflowId: string) =>
    env.client.workflow.start('benchmark', {
      workflowId,
      taskQueue: 'paceline',
      args: [{ source: { path: '/fake' } }],
    });

  const deadly = await start('benchmark/deadly');
  const ended = deadly.result() as Promise<RunResult>;
  let deaths = 0;
  // One worker after another, as if a user restarted it each time.
  for (;;) {
    const mortal = worker('dies');
    const end = await Promise.race([mortal.ended(), ended.then(() => 'over' as const)]);
    if (end === 'over') break;
    deaths += 1;
  }
  const { verdict, errors } = await ended;
  expect(deaths).toBe(3);
  expect(verdict).toBe('error');
  expect(errors.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^The worker died 3 times while it measured trial 1 of .*collecting, the JUnit report/),
  ]);

  const { process: healthy } = worker('lives');
  const result: RunResult = await (await start('benchmark/healthy')).result();
  expect(result.errors).toEqual([]);
  healthy.kill('SIGKILL');
});
