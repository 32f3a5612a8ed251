/** The reaper on the real engine, with containers of another instance and of a running run. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActivityDeps } from '../../src/activities/support/deps.ts';
import { createKeyedQueue } from '../../src/activities/support/keyed-queue.ts';
import { reap } from '../../src/activities/reap.ts';
import { createWorkerDeaths } from '../../src/activities/support/worker-deaths.ts';
import { LABELS } from '../../src/docker/engine/labels.ts';
import { localEngine } from '../support/local-engine.ts';
import { mockActivity } from '../support/mock-activity.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINE = `reap-test-${process.pid}`;
let local: Awaited<ReturnType<typeof localEngine>>;

beforeAll(async () => {
  local = await localEngine('reap');
});
afterAll(() => local.cleanUp());

function labelled(instance: string, runId: string): string[] {
  const labels = { [LABELS.instance]: instance, [LABELS.run]: runId, [LABELS.workflow]: `benchmark/${runId}` };
  return Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

async function container(instance: string, runId: string): Promise<string> {
  return await local.start('sleep 600', ...labelled(instance, runId));
}

test('what a closed run left is gone, running or not; all else is as it was', async () => {
  const { engine, endpoint } = local;
  const closed = await container(MINE, 'closed');
  const stopped = await container(MINE, 'closed');
  await local.docker('kill', stopped);
  const kept = [await container(MINE, 'open'), await container(`${MINE}-other`, 'closed')];
  const own = labelled(MINE, 'closed');
  const volume = await local.docker('volume', 'create', '--label', `paceline.test=${local.owner}`, ...own);
  const deps = {
    instance: MINE,
    dataDirectory: temporaryFolder(),
    engine,
    endpoint,
    deaths: createWorkerDeaths(temporaryFolder()),
    attempts: createKeyedQueue(),
    lanes: { free: () => {}, freeRun: () => {} },
    store: { unfinishedRuns: async () => [] },
    cgroups: { left: async () => [], remove: async () => {} },
    runState: async ({ runId }: { runId: string }) => (runId === 'closed' ? 'closed' : 'open'),
  } as unknown as ActivityDeps;
  const said = await mockActivity().run(reap(deps), { run: null });
  expect(said).toEqual(['3 leftovers of run benchmark/closed were removed.']);
  const there = await local.docker('ps', '-aq', '--no-trunc', '--filter', `label=paceline.test=${local.owner}`);
  expect(there.split('\n').sort()).toEqual([...kept].sort());
  expect(there).not.toContain(closed);
  expect(await local.docker('volume', 'ls', '-q', '--filter', `name=${volume}`)).toBe('');
});
