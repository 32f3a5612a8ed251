/** A real dev server for tests, from the Temporal CLI that set-up found or installed. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { type BenchmarkActivities, SHARED_QUEUE } from '../../src/model/activities.ts';
import type { HostClaim } from '../../src/model/host-claim.ts';
import { SEARCH_ATTRIBUTES } from '../../src/model/search-attributes.ts';

const TYPES = {
  Keyword: SearchAttributeType.KEYWORD,
  Double: SearchAttributeType.DOUBLE,
  Int: SearchAttributeType.INT,
};

interface SetUp {
  readonly temporal: string | null;
}

function setUp(): SetUp {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const file = join(cache, 'paceline', 'set-up.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SetUp) : { temporal: null };
}

/** Temporal's CLI: set-up's, else the one on PATH. */
export function temporalCli(): string {
  return setUp().temporal ?? 'temporal';
}

function executable(path: string | null) {
  return path === null ? {} : { executable: { type: 'existing-path' as const, path } };
}

export async function devServer(): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  return TestWorkflowEnvironment.createLocal({
    server: {
      ...executable(setUp().temporal),
      searchAttributes: Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) =>
        defineSearchAttributeKey(name, TYPES[type]),
      ),
      log: { format: 'pretty', level: 'error' },
    },
  });
}

const QUICK = {
  hosts: { module: '../../src/workflows/host-policies.ts', replacedBy: 'quick-host-policies.ts' },
  heartbeats: { module: '../../src/workflows/heartbeat.ts', replacedBy: 'quick-heartbeat.ts' },
} as const;

/**
 * The workflows as the worker runs them; it takes more than a second. With `quick`, a host that does not answer or a worker
 * that dies is noticed in seconds: the same code with other figures.
 */
export function workflowBundle({ quick }: { readonly quick?: keyof typeof QUICK } = {}): Promise<WorkflowBundle> {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return bundleWorkflowCode({
    workflowsPath: here('../../src/workflows/index.ts'),
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => {
      const alias = config.resolve?.alias;
      // The SDK has aliases of its own there.
      const others = Array.isArray(alias) ? {} : alias;
      if (quick === undefined) return config;
      const { module, replacedBy } = QUICK[quick];
      return { ...config, resolve: { ...config.resolve, alias: { ...others, [here(module)]: here(replacedBy) } } };
    },
  });
}

/** Queue names of a host of its own, so that tests on one server do not serve each other. */
export function claimFor(hostId: string): HostClaim {
  return {
    hostId,
    measureQueue: `${hostId}-measure`,
    controlQueue: `${hostId}-control`,
    searchAttributes: Object.keys(SEARCH_ATTRIBUTES),
  };
}

/** The three workers of one host, as src/worker.ts makes them. */
export async function hostWorkers(
  {
    nativeConnection: connection,
    namespace = 'default',
  }: Pick<TestWorkflowEnvironment, 'nativeConnection' | 'namespace'>,
  bundle: WorkflowBundle,
  claim: HostClaim,
  activities: BenchmarkActivities,
): Promise<Worker[]> {
  const { claimHost, ...local } = activities;
  const common = { connection, namespace, maxHeartbeatThrottleInterval: '200ms', shutdownGraceTime: 0 } as const;
  return Promise.all([
    Worker.create({ ...common, taskQueue: SHARED_QUEUE, workflowBundle: bundle, activities: { claimHost } }),
    Worker.create({ ...common, taskQueue: claim.controlQueue, activities: local }),
    Worker.create({ ...common, taskQueue: claim.measureQueue, activities: local }),
  ]);
}

/** Runs the workers while `work` goes on. */
export async function withWorkers<T>(workers: readonly Worker[], work: () => Promise<T>): Promise<T> {
  const running = workers.map((worker) => worker.run());
  try {
    return await work();
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(running);
  }
}
