/** Which runs' leftovers the reaper may take. The engine is a list of labelled objects here, and a real one in reap.docker.test.ts. */
import { describe, expect, test } from 'vitest';
import type { ActivityDeps } from '../../src/activities/support/deps.ts';
import type { RunState } from '../../src/model/run-state.ts';
import { createKeyedQueue } from '../../src/activities/support/keyed-queue.ts';
import { reap } from '../../src/activities/reap.ts';
import { createWorkerDeaths } from '../../src/activities/support/worker-deaths.ts';
import { LABELS } from '../../src/docker/engine/labels.ts';
import { mockActivity } from '../support/mock-activity.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Made {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

const made = (id: string, instance: string, runId?: string): Made => ({
  id,
  labels: {
    [LABELS.instance]: instance,
    ...(runId === undefined ? {} : { [LABELS.run]: runId, [LABELS.workflow]: `benchmark/${runId}` }),
  },
});

/** An engine with these containers, and a network of each. @returns what is left after the reaper was there */
async function afterReaping(
  containers: readonly Made[],
  states: Readonly<Record<string, RunState>>,
  current?: string,
  { groups: groupsBefore = [], unfinished = [] }: { groups?: readonly string[]; unfinished?: readonly string[] } = {},
) {
  let groups = groupsBefore;
  let left = [...containers];
  let networks = containers.map(({ id, labels }) => ({ id: `net-${id}`, labels }));
  const has = (filter: Readonly<Record<string, string>>) => (object: Made) =>
    Object.entries(filter).every(([name, value]) => object.labels[name] === value);
  const asked: string[] = [];
  const deps = {
    instance: 'mine',
    dataDirectory: temporaryFolder(),
    deaths: createWorkerDeaths(temporaryFolder()),
    attempts: createKeyedQueue(),
    // `true` answers everything with nothing: there are no cache mounts.
    endpoint: { cli: 'true', env: {}, local: true },
    lanes: { free: () => {}, freeRun: () => {} },
    store: { unfinishedRuns: async () => unfinished.map((runId) => ({ runId, workflowId: `benchmark/${runId}` })) },
    cgroups: {
      left: async () => groups,
      remove: async ({ runId }: { runId: string }) => void (groups = groups.filter((group) => group !== runId)),
    },
    engine: {
      listByLabels: async (filter: Readonly<Record<string, string>>) => ({
        containers: left.filter(has(filter)),
        networks: networks.filter(has(filter)),
        volumes: [],
        images: [],
      }),
      removeContainer: async (id: string) => void (left = left.filter((container) => container.id !== id)),
      removeNetwork: async (id: string) => void (networks = networks.filter((network) => network.id !== id)),
    },
    runState: async ({ runId }: { runId: string }) => {
      asked.push(runId);
      return states[runId] ?? 'unknown';
    },
  } as unknown as ActivityDeps;
  const run = current === undefined ? null : { runId: current, workflowId: `benchmark/${current}` };
  const said = await mockActivity().run(reap(deps), { run });
  return { left: left.map(({ id }) => id), networks: networks.map(({ id }) => id), groups, said, asked };
}

describe('the reaper', () => {
  test('removes what a closed run left, and reports it', async () => {
    const { left, networks, said } = await afterReaping([made('a', 'mine', 'r1')], { r1: 'closed' });
    expect({ left, networks }).toEqual({ left: [], networks: [] });
    expect(said).toEqual(['2 leftovers of run benchmark/r1 were removed.']);
  });

  test.each(['open', 'unknown'] as const)('keeps what belongs to a run whose state is %s', async (state) => {
    const { left, said } = await afterReaping([made('a', 'mine', 'r1')], { r1: state });
    expect({ left, said }).toEqual({ left: ['a'], said: [] });
  });

  test("does not even ask about another instance's objects", async () => {
    const { left, asked } = await afterReaping([made('a', 'other', 'r1'), made('b', 'mine', 'r2')], {
      r1: 'closed',
      r2: 'closed',
    });
    expect({ left, asked }).toEqual({ left: ['a'], asked: ['r2'] });
  });

  test('never takes what belongs to the run that asks, whatever the server says of it', async () => {
    const { left, asked } = await afterReaping([made('a', 'mine', 'r1')], { r1: 'closed' }, 'r1');
    expect({ left, asked }).toEqual({ left: ['a'], asked: [] });
  });

  test('keeps objects that do not name a run', async () => {
    expect((await afterReaping([made('a', 'mine')], {})).left).toEqual(['a']);
  });

  test('asks once about a run with several objects', async () => {
    const { asked } = await afterReaping([made('a', 'mine', 'r1'), made('b', 'mine', 'r1')], { r1: 'closed' });
    expect(asked).toEqual(['r1']);
  });

  test('removes control groups of runs that are over, and keeps those of runs that are not or may not be', async () => {
    const states = { closed: 'closed', open: 'open', unsure: 'unknown' } as const;
    const { groups } = await afterReaping([], states, 'current', {
      groups: ['over', 'closed', 'open', 'unsure', 'current'],
      unfinished: ['closed', 'open', 'unsure', 'current'],
    });
    expect(groups).toEqual(['open', 'unsure', 'current']);
  });
});
