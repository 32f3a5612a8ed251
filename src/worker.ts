/** The composition root: the only place where the real parts are built and handed to the activities. */
import { hostname } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, type NativeConnectionOptions, Runtime, Worker } from '@temporalio/worker';
import type { ActivityDeps } from './activities/support/deps.ts';
import { createActivities } from './activities/index.ts';
import { createKeyedQueue } from './activities/support/keyed-queue.ts';
import { createDiskWatch } from './activities/support/disk-watch.ts';
import { reapClosedRuns } from './activities/reap.ts';
import { fillSeries } from './activities/support/fill-series.ts';
import { createWorkerDeaths } from './activities/support/worker-deaths.ts';
import { openCgroupParents } from './collectors/cgroup/parents.ts';
import { fingerprint } from './collectors/host/fingerprint.ts';
import { createQuietGate, QUIET_BUDGET_SECONDS } from './collectors/noise/quiet-gate.ts';
import { withHarmlessGit } from './data/git/git-of-others.ts';
import { createEngine } from './docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from './docker/command/endpoint.ts';
import type { Engine } from './docker/engine/engine.ts';
import { LABELS, laneOf } from './docker/engine/labels.ts';
import { createLanes, type Lanes } from './docker/lanes.ts';
import { SHARED_QUEUE } from './model/activities.ts';
import type { HostClaim } from './model/host-claim.ts';
import { setUpHints } from './set-up-hints.ts';
import { openStore, type ServingHost, type Store } from './store/store.ts';
import { hostClaims } from './worker/host-claim.ts';
import { missedRuns } from './worker/missed-runs.ts';
import { runStates } from './worker/run-states.ts';
import { knownSearchAttributes } from './temporal-client/search-attributes.ts';

export interface WorkerOptions {
  readonly connectionOptions: NativeConnectionOptions;
  readonly namespace: string;
  readonly dataDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether who answers at the address is the server that was meant; a configured address means whoever answers there. */
  readonly itself?: () => boolean;
}

export interface RunningWorker {
  readonly hostId: string;
  /** Resolves after `shutdown`; rejects when the worker cannot go on. */
  run(): Promise<void>;
  /** Lets go of what is under way without touching it: the next worker takes it up. */
  shutdown(): void;
}

/** Bounds how late a cancel reaches an activity: heartbeats are sent at most this often. */
const HEARTBEAT_THROTTLE = '1s';
/** Lanes decide what runs; these only bound how many may wait for one, each with its heartbeat. */
const SLOTS = { measure: 200, control: 50 };
const SERVING_EVERY_MS = 60_000;

/** Connects, builds the real parts and starts one worker for each queue of this host. @throws PacelineError */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  installRuntime();
  const { dataDirectory, env, namespace, itself = () => true } = options;
  const hints = setUpHints(env);
  const endpoint = await resolveEndpoint({ env, ...(hints.docker === null ? {} : { dockerBinary: hints.docker }) });
  const engine = createEngine(endpoint);
  const [info, store] = await Promise.all([engine.info(), openStore({ dataDirectory, url: env['PACELINE_STORE'] })]);
  const serving = await serveStore(store, { engineId: info.id, host: hostname() });
  const instance = await store.instanceId();
  const connection = await NativeConnection.connect(options.connectionOptions);
  const client = new Client({ connection, namespace });
  const { cpus: cpuCount, memoryBytes } = info;
  // CPUs of another machine are counted and not pinned.
  const lanes = createLanes({ cpus: endpoint.local ? range(cpuCount) : [], memoryBytes });
  const host = { id: hostIdOf(instance), fingerprint: fingerprint(info, endpoint) };
  const queues = { measureQueue: `paceline-measure-${host.id}`, controlQueue: `paceline-control-${host.id}` };
  const claim = hostClaims({
    host: { hostId: host.id, ...queues },
    dataDirectory,
    itself,
    searchAttributes: () => knownSearchAttributes(client.connection, namespace),
  });
  // Whatever makes going on impossible for the whole worker.
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const deps: ActivityDeps = {
    instance,
    dataDirectory,
    claim,
    host,
    endpoint,
    engine,
    store,
    lanes,
    quietGate: createQuietGate(quietSeconds(env)),
    cgroups: await openCgroupParents({ instance, info, local: endpoint.local }),
    capacity: { cpuCount, memoryBytes },
    commandEnv: { ...(await withHarmlessGit(definedOnly(env))), ...endpoint.env },
    standIns: async () => hints.standIns,
    runState: runStates(client, itself),
    missedRuns: missedRuns(client),
    deaths: createWorkerDeaths(dataDirectory),
    disk: createDiskWatch({ dataDirectory, endpoint, engine, onDataDisk: ended.reject }),
    attempts: createKeyedQueue(),
  };
  // Runs of an earlier version become part of the history; a run that begins meanwhile has a little less of it.
  const filling = { key: 'fill-series', doing: 'completed the history', step: { phase: 'preparing' } } as const;
  void deps.deaths.during(filling, () => fillSeries(store)).catch(() => {});
  // What fails here, the reaper of the next run does.
  await reapClosedRuns(deps, null).catch(() => {});
  await adoptLanes(engine, lanes, instance);
  const workers = await createWorkers(connection, namespace, queues, deps);
  return running(host.id, workers, ended.promise, async () => {
    await connection.close();
    await serving.end();
    await store.close();
  });
}

/** How long a run waits in all for a quiet machine; 0 for one that never is. Anything but a number counts as not set; the command refuses it. */
function quietSeconds({ PACELINE_QUIET_SECONDS: given = '' }: NodeJS.ProcessEnv): number {
  const seconds = Number(given);
  return given !== '' && seconds >= 0 ? seconds : QUIET_BUDGET_SECONDS;
}

/** Paceline handles signals itself: the SDK's own handlers would stop the very worker that has to clean up. */
function installRuntime(): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      // A server that is away for a second is worth dozens of warnings to the native part, and none to users.
      telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
      shutdownSignals: [],
    });
  } catch {
    // It is installed once a process, and with these same options.
  }
}

async function createWorkers(
  connection: NativeConnection,
  namespace: string,
  { measureQueue, controlQueue }: Pick<HostClaim, 'measureQueue' | 'controlQueue'>,
  deps: ActivityDeps,
): Promise<Worker[]> {
  const { claimHost, buildImages, fitScenarios, startServices, runTrial, ...control } = createActivities(deps);
  const common = { connection, namespace, maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE } as const;
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: SHARED_QUEUE,
      // .ts as it stands, .js where it was built.
      workflowsPath: fileURLToPath(new URL(`./workflows/index${extname(import.meta.url)}`, import.meta.url)),
      activities: { claimHost },
    }),
    Worker.create({
      ...common,
      taskQueue: controlQueue,
      activities: control,
      maxConcurrentActivityTaskExecutions: SLOTS.control,
    }),
    Worker.create({
      ...common,
      taskQueue: measureQueue,
      activities: { buildImages, fitScenarios, startServices, runTrial },
      maxConcurrentActivityTaskExecutions: SLOTS.measure,
    }),
  ]);
}

function running(
  hostId: string,
  workers: readonly Worker[],
  mustEnd: Promise<never>,
  close: () => Promise<void>,
): RunningWorker {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    hostId,
    shutdown,
    run: async () => {
      try {
        // One that fails takes the others with it: a host that serves half of its queues would only look alive.
        const ends = workers.map((worker) => worker.run().finally(shutdown));
        const failure: { reason?: unknown } = {};
        mustEnd.catch((reason: unknown) => {
          failure.reason = reason;
          shutdown();
        });
        const [failed] = (await Promise.allSettled(ends)).filter((end) => end.status === 'rejected');
        if ('reason' in failure) throw failure.reason;
        if (failed !== undefined) throw failed.reason;
      } finally {
        await close();
      }
    },
  };
}

/** Says for as long as the worker lives that this host's writes to the store. */
async function serveStore(store: Store, host: ServingHost): Promise<{ end(): Promise<void> }> {
  await store.serveHost(host).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const timer = setInterval(() => void store.serveHost(host).catch(() => {}), SERVING_EVERY_MS);
  timer.unref();
  return {
    end: async () => {
      clearInterval(timer);
      await store.leaveHost(host).catch(() => {});
    },
  };
}

/** What still runs keeps its CPUs: trials go on without a worker, and the next attempt finds their lane taken by them. */
async function adoptLanes(engine: Engine, lanes: Lanes, instance: string): Promise<void> {
  for (const { state, labels } of await engine.listContainers({ [LABELS.instance]: instance })) {
    const lane = laneOf(labels);
    const project = labels['com.docker.compose.project'];
    const run = labels[LABELS.run];
    if (state === 'running' && lane !== null && project !== undefined && run !== undefined)
      lanes.adopt(project, run, lane);
  }
}

/** Readable, the same after a restart, and another for another data directory on the same machine. */
function hostIdOf(instance: string): string {
  const name = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');
  return `${name}-${instance.slice(0, 6)}`;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The store's URL may hold a password: it is no business of the project's. */
function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const { DOCKER_CONTEXT: _, PACELINE_STORE: __, ...rest } = env;
  return Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
