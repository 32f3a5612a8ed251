import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { whenNetworksFree, withNetworks } from '../../../src/activities/support/free-networks.ts';
import type { ActivityDeps } from '../../../src/activities/support/deps.ts';
import type { ComposeModel } from '../../../src/docker/compose/compose-model.ts';
import type { EngineNetwork } from '../../../src/docker/engine/engine.ts';

const RUN = { workflowId: 'benchmark/shop/a', runId: 'r1' };
const MODEL: ComposeModel = {
  services: { test: { networks: { lab: null } } },
  networks: { lab: { ipam: { config: [{ subnet: '10.1.77.0/24' }] } } },
};
const OF_RUN: EngineNetwork = {
  id: 'n1',
  name: 'paceline-abc_lab',
  labels: { 'paceline.run': 'r2', 'paceline.workflow': 'benchmark/shop/b' },
  subnets: ['10.1.0.0/16'],
  parent: null,
};
const STRANGER = { ...OF_RUN, name: 'dev_lab', labels: { 'com.docker.compose.project': 'dev' } };
const REFUSED = { kind: 'refused', said: 'Pool overlaps with other one on this address space' } as const;

let networks: EngineNetwork[];
let containers: readonly object[];
let notes: string[];
let beats: string[];

/** Only what is asked for here. */
function deps(): ActivityDeps {
  const engine = { listNetworks: async () => networks, listContainers: async () => containers };
  return { engine, store: { addNotes: async (_: unknown, more: string[]) => notes.push(...more) } } as never;
}
const attempt = (signal = new AbortController().signal) => ({
  signal,
  beat: ({ note }: { readonly note?: string }) => void beats.push(note ?? ''),
});
const wait = (signal?: AbortSignal) =>
  whenNetworksFree(deps(), { run: RUN, project: 'paceline-me', model: MODEL }, attempt(signal));

const caught = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  [networks, containers, notes, beats] = [[], [{}], [], []];
});
afterEach(() => void vi.useRealTimers());

describe('a run', () => {
  test('does not wait for a network without a running owner or of a stranger', async () => {
    await wait();
    networks = [STRANGER];
    await wait();
    expect({ notes, beats }).toEqual({ notes: [], beats: [] });
  });

  test('waits while another run has the addresses, and its result has a note of it', async () => {
    networks = [OF_RUN];
    const waiting = wait();
    await vi.waitUntil(() => beats.length > 1);
    networks = [];
    await waiting;
    expect(beats[0]).toBe('for 10.1.77.0/24, which the run benchmark/shop/b uses');
    expect(notes).toEqual([
      expect.stringMatching(
        /^Waited \d+ s for 10\.1\.77\.0\/24 of the network `lab`, which the run benchmark\/shop\/b used\.$/,
      ),
    ]);
  });

  test('does not wait for ever', async () => {
    networks = [OF_RUN];
    const waiting = caught(wait());
    await vi.waitUntil(() => beats.length > 0);
    vi.advanceTimersByTime(31 * 60_000);
    expect(await waiting).toMatchObject({
      problem: {
        type: 'NetworkTaken',
        what: 'The network `lab` needs 10.1.77.0/24, and the network paceline-abc_lab (10.1.0.0/16) of the run benchmark/shop/b has used it for 30 min.',
      },
    });
  });

  test('does not wait long for what a run left behind', async () => {
    [networks, containers] = [[OF_RUN], []];
    const waiting = caught(wait());
    await vi.waitUntil(() => beats.length > 0);
    vi.advanceTimersByTime(61_000);
    expect(await waiting).toMatchObject({
      problem: { type: 'NetworkTaken', next: expect.stringContaining('`docker network rm paceline-abc_lab`') },
    });
  });

  test('that is cancelled stops waiting', async () => {
    networks = [OF_RUN];
    const stop = new AbortController();
    const waiting = caught(wait(stop.signal));
    await vi.waitUntil(() => beats.length > 0);
    stop.abort(new Error('cancelled'));
    expect(await waiting).toMatchObject({ message: 'cancelled' });
  });
});

describe('a command that the engine refuses a network', () => {
  const run = (outcomes: readonly object[]) => {
    const left = [...outcomes];
    const undo = vi.fn<() => Promise<void>>(async () => {});
    const work = { attempt: async () => (left.shift() ?? REFUSED) as never, undo };
    const request = { run: RUN, project: 'paceline-me', model: MODEL };
    return { undo, result: withNetworks(deps(), request, work, attempt()) };
  };

  test('is run again where another run was faster', async () => {
    const { undo, result } = run([REFUSED, { kind: 'done', value: 5 }]);
    expect(await result).toBe(5);
    expect(undo).toHaveBeenCalledOnce();
  });

  test.each([
    [STRANGER, 'Remove that network (`docker compose -p dev down`), or give `lab` another subnet in the compose file.'],
    [
      { ...STRANGER, labels: {} },
      'Remove that network (`docker network rm dev_lab`), or give `lab` another subnet in the compose file.',
    ],
    [{ ...STRANGER, name: 'bridge', labels: {} }, 'Give `lab` another subnet in the compose file.'],
  ])('names the network of another owner that is in the way: %o', async (stranger, next) => {
    networks = [stranger];
    await expect(run([]).result).rejects.toMatchObject({
      problem: {
        type: 'NetworkTaken',
        what: `The network \`lab\` needs 10.1.77.0/24, and the network ${stranger.name} (10.1.0.0/16) on this engine already has it.`,
        next,
      },
    });
  });

  test('reports an engine that has no addresses left', async () => {
    networks = [OF_RUN, { ...STRANGER, subnets: ['172.20.0.0/16'] }];
    const said = 'all predefined address pools have been fully subnetted';
    const model = { services: {} };
    const work = { attempt: async () => ({ kind: 'refused', said }) as const, undo: async () => {} };
    await expect(withNetworks(deps(), { run: RUN, project: 'p', model }, work, attempt())).rejects.toMatchObject({
      problem: {
        type: 'NetworkTaken',
        what: "The engine has no addresses left for another network: it has 2 networks, 1 of them Paceline's.",
        detail: said,
      },
    });
  });
});
