/** The composition root: the only place that builds the real parts and passes them to the activities. */
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  type NativeConnectionOptions,
  Runtime,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
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
import { projectEnvironment } from './docker/command/project-environment.ts';
import type { Engine } from './docker/engine/engine.ts';
import { COMPOSE_LABELS, LABELS, laneOf } from './docker/engine/labels.ts';
import { createLanes, type Lanes } from './docker/lanes.ts';
import { SHARED_QUEUE } from './model/activities.ts';
import type { HostClaim } from './model/host-claim.ts';
import type { Metrics } from './metrics/metrics.ts';
import { type MetricsPlace, metricsPlace, serveMetrics } from './metrics/serve.ts';
import { setUpHints } from './set-up-hints.ts';
import { openStore, type ServingHost, type Store } from './store/store.ts';
import { hostClaims } from './worker/host-claim.ts';
import { missedRuns } from './worker/missed-runs.ts';
import { runStates } from './worker/run-states.ts';
import { programsBundle } from './worker/workflow-bundle.ts';
import { knownSearchAttributes } from './temporal-client/search-attributes.ts';

export interface WorkerOptions {
  readonly connectionOptions: NativeConnectionOptions;
  readonly namespace: string;
  readonly dataDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether the process at the address is our server. Always true for a configured address. */
  readonly isOurServer?: () => boolean;
  /** Where the pages are at this moment; null if they are not served. */
  readonly pagesUrl?: () => string | null;
}

export interface RunningWorker {
  readonly hostId: string;
  /** Resolves after `shutdown`. Rejects if the worker cannot continue. */
  run(): Promise<void>;
  /** Stops the activities without cleaning up: the next worker continues them. */
  shutdown(): void;
}

/** Maximum delay of a cancel: heartbeats are sent at least this often. */
const HEARTBEAT_THROTTLE = '1s';
/** Lanes decide what runs. These limits only bound how many activities may wait for a lane, each with its heartbeat. */
const SLOTS = { measure: 200, control: 50 };
const SERVING_EVERY_MS = 60_000;

/** Connects, builds the real parts and starts one worker for each queue of this host. @throws PacelineError */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { dataDirectory, env, namespace, isOurServer = () => true, pagesUrl = () => null } = options;
  const place = metricsPlace(env);
  await installRuntime(place !== null);
  const metrics = place === null ? null : await metricsAt(place);
  const hints = setUpHints(env);
  const endpoint = await resolveEndpoint({ env, ...(hints.docker === null ? {} : { dockerBinary: hints.docker }) });
  const engine = createEngine(endpoint);
  const [info, plainStore] = await Promise.all([
    engine.info(),
    openStore({ dataDirectory, url: env['PACELINE_STORE'] }),
  ]);
  const store = metrics?.measuredStore(plainStore) ?? plainStore;
  const serving = await serveStore(store, { engineId: info.id, host: hostname() });
  const instance = await store.instanceId();
  const connection = await NativeConnection.connect(options.connectionOptions);
  const client = new Client({ connection, namespace });
  const { cpus: cpuCount, memoryBytes } = info;
  // CPUs of another machine are counted but not pinned.
  const plainLanes = createLanes({ cpus: endpoint.local ? range(cpuCount) : [], memoryBytes });
  const lanes = metrics?.measuredLanes(plainLanes) ?? plainLanes;
  const host = { id: hostIdOf(instance), fingerprint: fingerprint(info, endpoint) };
  const queues = { measureQueue: `paceline-measure-${host.id}`, controlQueue: `paceline-control-${host.id}` };
  const claim = hostClaims({
    host: { hostId: host.id, ...queues },
    dataDirectory,
    isOurServer,
    pagesUrl,
    searchAttributes: () => knownSearchAttributes(client.connection, namespace),
  });
  // Failures after which the whole worker cannot continue.
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
    quietSeconds: quietSeconds(env),
    cgroups: await openCgroupParents({ instance, info, local: endpoint.local }),
    capacity: { cpuCount, memoryBytes },
    commandEnv: { ...(await withHarmlessGit(projectEnvironment(env))), ...endpoint.env },
    standIns: async () => hints.standIns,
    runState: runStates(client, isOurServer),
    missedRuns: missedRuns(client),
    notifyEnv: env,
    deaths: createWorkerDeaths(dataDirectory),
    disk: createDiskWatch({ dataDirectory, endpoint, engine, onDataDisk: ended.reject }),
    attempts: createKeyedQueue(),
  };
  // Adds runs of an earlier version to the history. A run that starts at the same time has a shorter history.
  const filling = { key: 'fill-series', doing: 'completed the history', step: { phase: 'preparing' } } as const;
  void deps.deaths.during(filling, () => fillSeries(store)).catch(() => {});
  // If this fails, the reaper of the next run does it.
  await reapClosedRuns(deps, null).catch(() => {});
  await adoptLanes(engine, lanes, instance);
  const workflowBundle = await programsBundle(env, Runtime.instance().logger);
  const workers = await createWorkers({ connection, namespace }, workflowBundle, queues, deps);
  const metricsServer = await metrics?.serve(sdkMetricsAddress);
  return running(host.id, workers, ended.promise, async () => {
    await metricsServer?.close();
    await connection.close();
    await serving.end();
    await store.close();
  });
}

/** Maximum time that a run waits for a quiet machine; 0 for a machine that is never quiet. Other text counts as unset: the command refuses it. */
function quietSeconds({ PACELINE_QUIET_SECONDS: given = '' }: NodeJS.ProcessEnv): number {
  const seconds = Number(given);
  return given !== '' && seconds >= 0 ? seconds : QUIET_BUDGET_SECONDS;
}

/** The library is loaded only for a worker whose metrics someone reads. */
async function metricsAt(place: MetricsPlace) {
  const { createMetrics } = await import('./metrics/metrics.ts');
  const metrics: Metrics = createMetrics();
  return { ...metrics, serve: (sdkAddress: string | null) => serveMetrics(place, metrics, sdkAddress) };
}

/** Where the SDK serves its metrics in this process; null if it does not. */
let sdkMetricsAddress: string | null = null;

/** Paceline handles signals. The SDK's handlers would stop the worker that has to clean up. */
async function installRuntime(withMetrics: boolean): Promise<void> {
  const bindAddress = withMetrics ? `127.0.0.1:${await freePort()}` : null;
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      // The native library logs dozens of warnings when a server is away for a second. Users do not need them.
      telemetryOptions: {
        logging: { filter: { core: 'ERROR', other: 'ERROR' } },
        ...(bindAddress === null
          ? {}
          : {
              metrics: {
                prometheus: { bindAddress, useSecondsForDurations: true, countersTotalSuffix: true, unitSuffix: true },
              },
            }),
      },
      shutdownSignals: [],
    });
    sdkMetricsAddress = bindAddress;
  } catch {
    // The runtime is installed once per process, always with these options.
  }
}

/** The SDK cannot say which port it took, so it gets one that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function createWorkers(
  server: Pick<WorkerOptions, 'namespace'> & { readonly connection: NativeConnection },
  workflowBundle: WorkflowBundle,
  { measureQueue, controlQueue }: Pick<HostClaim, 'measureQueue' | 'controlQueue'>,
  deps: ActivityDeps,
): Promise<Worker[]> {
  const { claimHost, buildImages, fitScenarios, startServices, runTrial, ...control } = createActivities(deps);
  const common = { ...server, maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE } as const;
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: SHARED_QUEUE,
      workflowBundle,
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
        // If one fails, stop all: a host that serves half of its queues would only seem to work.
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

/** Records while the worker lives that this host writes to the store. */
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

/** Reserves the CPUs of trials that still run: they continue without a worker, and the next attempt must not reuse their lane. */
async function adoptLanes(engine: Engine, lanes: Lanes, instance: string): Promise<void> {
  for (const { state, labels } of await engine.listContainers({ [LABELS.instance]: instance })) {
    const lane = laneOf(labels);
    const project = labels[COMPOSE_LABELS.project];
    const run = labels[LABELS.run];
    if (state === 'running' && lane !== null && project !== undefined && run !== undefined)
      lanes.adopt(project, run, lane);
  }
}

/** Readable, stable across restarts, and different for another data directory on the same machine. */
function hostIdOf(instance: string): string {
  const name = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');
  return `${name}-${instance.slice(0, 6)}`;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
