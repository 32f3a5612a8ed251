/** A data directory with its own server and worker, each as a separate process, and the project to measure. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { Endpoint } from '../../src/docker/command/endpoint.ts';
import type { Engine } from '../../src/docker/engine/engine.ts';
import { findTemporalBinary } from '../../src/temporal/binary.ts';
import { freeWithin, portOf } from '../../src/temporal/ports.ts';
import { isAlive } from '../../src/temporal/process.ts';
import { type EmbeddedServer, startServer, stopServer } from '../../src/temporal/server.ts';
import { FIRST_PORT } from '../../test/support/ports.ts';
import { type EngineWatch, watchEngine } from './watch.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PROJECT = fileURLToPath(new URL('./project', import.meta.url));
const WORKER_MS = 60_000;
const SERVER_ENDS_MS = 10_000;

export interface World {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  readonly project: string;
  readonly dataDirectory: string;
  readonly watch: EngineWatch;
  readonly client: Client;
  /** @returns once it is gone */
  readonly killServer: () => Promise<void>;
  /** Starts the server if none is running, at the same address. */
  readonly startServer: () => Promise<void>;
  /** @returns once it is gone */
  readonly endWorker: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
  /** Pauses its process for this time. Meanwhile other attempts take its work. */
  readonly stallWorker: (ms: number) => Promise<void>;
  /** Starts a worker if none is running. @returns once it serves */
  readonly startWorker: () => Promise<void>;
  readonly runFolder: (runId: string) => string;
  /** Queries the store from outside. Empty if the file is locked or missing. */
  readonly query: (statement: string, ...values: readonly string[]) => readonly unknown[];
  /** The last line of each execution of a suite since `forgetExecutions`. */
  readonly executions: () => readonly string[];
  readonly forgetExecutions: () => void;
  readonly close: () => Promise<void>;
}

/**
 * @param options.folder an empty directory, for all files of the world
 * @param options.defaultScenarios the plan names no scenarios, so the run has the default ones that the image can run
 */
export async function openWorld(options: {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  readonly folder: string;
  readonly baseImage: string;
  readonly defaultScenarios?: boolean;
}): Promise<World> {
  const { engine, endpoint, folder, baseImage } = options;
  const [dataDirectory, project, records] = ['data', 'project', 'records'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [dataDirectory, records]) mkdirSync(made, { recursive: true });
  cpSync(PROJECT, project, { recursive: true });
  if (options.defaultScenarios === true)
    writeFileSync(join(project, 'paceline.yml'), 'project: chaos\nbuild: { modes: [cold] }\n');
  const temporalBinary = findTemporalBinary(process.env);
  let server: EmbeddedServer = await startServer({ temporalBinary, dataDirectory, firstPort: FIRST_PORT });
  const { address } = server;
  const client = new Client({ connection: await Connection.connect({ address }) });

  let worker: ChildProcess | null = null;
  const startWorker = async () => {
    if (worker !== null) return;
    const started = spawnWorker(dataDirectory, {
      TEMPORAL_ADDRESS: address,
      CHAOS_BASE_IMAGE: baseImage,
      CHAOS_RECORDS: records,
    });
    worker = started.child;
    started.child.once('exit', () => {
      if (worker === started.child) worker = null;
    });
    await started.serves;
  };
  await startWorker();

  const query = (statement: string, ...values: readonly string[]): readonly unknown[] => {
    try {
      const store = new DatabaseSync(join(dataDirectory, 'store.sqlite'), { readOnly: true });
      try {
        return store.prepare(statement).all(...values);
      } finally {
        store.close();
      }
    } catch {
      return [];
    }
  };
  const [row] = query('select id from instance') as readonly [{ readonly id: string }];
  const watch = await watchEngine({ engine, endpoint, instance: row.id });

  const endWorker = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = worker;
    if (ending === null) return;
    worker = null;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
  };

  return {
    engine,
    endpoint,
    project,
    dataDirectory,
    watch,
    client,
    killServer: async () => {
      process.kill(server.pid, 'SIGKILL');
      await Promise.all([address, server.uiUrl].map((url) => freeWithin(portOf(url), SERVER_ENDS_MS)));
    },
    startServer: async () => {
      if (isAlive(server)) return;
      const ports = { port: portOf(address), uiPort: portOf(server.uiUrl) };
      server = await startServer({ temporalBinary, dataDirectory, ...ports });
    },
    endWorker,
    stallWorker: async (ms) => {
      const stalled = worker;
      stalled?.kill('SIGSTOP');
      await sleep(ms);
      stalled?.kill('SIGCONT');
    },
    startWorker,
    runFolder: (runId) => join(dataDirectory, 'runs', runId),
    query,
    executions: () => readdirSync(records).map((name) => `${name.split('-')[0]} ${lastLine(join(records, name))}`),
    forgetExecutions: () => {
      for (const name of readdirSync(records)) rmSync(join(records, name));
    },
    close: async () => {
      watch.stop();
      await endWorker('SIGTERM');
      // Calls to a killed server may still be retried, and a retry on a closed connection ends the process.
      await stopServer(server);
    },
  };
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}

function spawnWorker(dataDirectory: string, env: Readonly<Record<string, string>>) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|PACELINE_)/.test(name));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'worker', '--data-dir', dataDirectory],
    {
      env: {
        ...Object.fromEntries(kept),
        TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
        // No times are measured here.
        PACELINE_QUIET_SECONDS: '0',
        ...env,
      },
      // In its own group: the Ctrl-C that ends this command must not be one of the faults.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  const { promise: serves, resolve, reject } = Promise.withResolvers<void>();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-4_000);
    appendFileSync(join(dataDirectory, 'worker.log'), chunk);
    if (said.includes('Press Ctrl-C to stop')) resolve();
  });
  child.once('exit', (code, signal) =>
    reject(new Error(`the worker ended (${code ?? signal}) before it served: ${said}`)),
  );
  const late = sleep(WORKER_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the worker does not serve after ${WORKER_MS / 1000} s: ${said}`);
  });
  late.catch(() => {});
  serves.catch(() => {});
  return { child, serves: Promise.race([serves, late]) };
}
