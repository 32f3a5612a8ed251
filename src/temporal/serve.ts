/** What the holder of a data directory's lock runs: the embedded server and a worker, or only a worker. */
import { join } from 'node:path';
import { untilDataDiskFull } from '../data/disk-trouble.ts';
import type { ServeLock } from '../data/lock.ts';
import { readServing, removeServing, writeServing } from '../data/serving.ts';
import { SHARED_QUEUE } from '../model/activities.ts';
import { PacelineError, type Problem } from '../model/failure.ts';
import type { RunningWorker, WorkerOptions } from '../worker.ts';
import { findTemporalBinary } from './binary.ts';
import type { ConfiguredServer } from '../temporal-client/connect.ts';
import { keepServer } from './keep-server.ts';
import { choosePorts, firstPortOf, freeWithin, portOf } from './ports.ts';
import { signalGroup } from './process.ts';
import { ServerDisplaced } from './server-displaced.ts';
import {
  adoptServer,
  EMBEDDED_NAMESPACE,
  type EmbeddedServer,
  holdsItsAddress,
  startServer,
  stopServer,
} from './server.ts';

export interface ServingProcess {
  readonly worker: RunningWorker;
  /** Rejects when the worker fails. Resolves after it was stopped. */
  readonly workerEnded: Promise<void>;
  /** Says where the pages are: for the links of runs that begin from now on, and for other processes. */
  readonly announcePages: (url: string | null) => void;
  /** Closes the worker first, so that its activities stop cleanly; then the server, if this process started it; then the lock. */
  close(): Promise<void>;
}

/** Limit for the ports of a server that ended: its child processes may still hold them. */
const FREED_MS = 2_000;

export interface EmbeddedServing extends ServingProcess {
  readonly server: EmbeddedServer;
  readonly adopted: boolean;
  /** Whether the process at the server's address is our server, also after a restart. */
  readonly isOurServer: () => boolean;
  readonly abandon: () => void;
}

interface HolderOptions {
  readonly dataDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly lock: ServeLock;
}

interface EmbeddedOptions extends HolderOptions {
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Called when something happens to the server later. */
  readonly say: (line: string) => void;
}

/**
 * Checks that an embedded server could be started.
 * @throws PacelineError WrongUsage if Temporal is not installed, or a chosen port is in use
 */
export async function checkServer({
  env,
  port,
  uiPort,
}: Pick<EmbeddedOptions, 'env' | 'port' | 'uiPort'>): Promise<void> {
  findTemporalBinary(env);
  await choosePorts({ port, uiPort, firstPort: firstPortOf(env) });
}

/** Serves a configured server with a worker. */
export async function serveWorker(
  options: HolderOptions & { readonly server: ConfiguredServer },
): Promise<ServingProcess> {
  const { server, lock, dataDirectory, env } = options;
  const { connectionOptions, namespace } = server;
  const close = stack();
  close.push(() => lock.release());
  try {
    let pagesUrl: string | null = null;
    const worker = await startWorker({
      connectionOptions,
      namespace,
      dataDirectory,
      env,
      pagesUrl: () => pagesUrl,
    });
    const workerEnded = Promise.race([runWorker(worker, close), diskFull(dataDirectory, close)]);
    workerEnded.catch(() => {});
    const announcePages = (url: string | null) => {
      pagesUrl = url;
    };
    return { worker, workerEnded, close: () => close.run(), announcePages };
  } catch (error) {
    await close.run();
    throw error;
  }
}

/** Takes over the embedded server of a dead holder, or starts one, and adds a worker. */
export async function serve(options: EmbeddedOptions): Promise<EmbeddedServing> {
  const { dataDirectory, env, lock } = options;
  const close = stack();
  close.push(() => lock.release());
  let pagesUrl: string | null = null;
  const say = (running: EmbeddedServer) => announce(dataDirectory, running, pagesUrl);
  try {
    const { server, adopted } = await adoptOrStart(options, say);
    const kept = keepServer(server, (ended) => startAnew(ended, options, say));
    close.push(async () => {
      await kept.stop();
      await stopServer(kept.current());
      await removeServing(dataDirectory);
    });
    const connectionOptions = { address: server.address };
    const isOurServer = () => holdsItsAddress(kept.current());
    const worker = await startWorker({
      connectionOptions,
      namespace: EMBEDDED_NAMESPACE,
      dataDirectory,
      env,
      isOurServer,
      pagesUrl: () => pagesUrl,
    });
    const workerEnded = Promise.race([runWorker(worker, close), kept.lost, diskFull(dataDirectory, close)]);
    workerEnded.catch(() => {});
    const abandon = () => signalGroup(kept.current(), 'SIGTERM');
    const announcePages = (url: string | null) => {
      pagesUrl = url;
      say(kept.current());
    };
    return { server, isOurServer, adopted, worker, workerEnded, close: () => close.run(), abandon, announcePages };
  } catch (error) {
    await close.run();
    throw error;
  }
}

type Announce = (server: EmbeddedServer) => void;

async function adoptOrStart(
  options: EmbeddedOptions,
  announce: Announce,
): Promise<{ server: EmbeddedServer; adopted: boolean }> {
  const left = await leftServer(options.dataDirectory);
  const wanted = left !== null && asWanted(left, options);
  if (left !== null && !wanted) await stopServer(left);
  const adopted = left !== null && wanted ? await adoptServer(left) : null;
  if (adopted !== null) {
    announce(adopted);
    return { server: adopted, adopted: true };
  }
  const server = await startServer({
    ...options,
    firstPort: firstPortOf(options.env),
    temporalBinary: findTemporalBinary(options.env),
    onSpawned: announce,
  });
  return { server, adopted: false };
}

/** @throws ServerDisplaced if another port may be used; PacelineError Internal */
async function startAnew(ended: EmbeddedServer, options: EmbeddedOptions, announce: Announce): Promise<EmbeddedServer> {
  const { dataDirectory, env, say } = options;
  const [port, uiPort] = [portOf(ended.address), portOf(ended.uiUrl)];
  await Promise.all([freeWithin(port, FREED_MS), freeWithin(uiPort, FREED_MS)]);
  try {
    const server = await startServer({
      dataDirectory,
      temporalBinary: findTemporalBinary(env),
      port,
      uiPort,
      onSpawned: announce,
    });
    say('The embedded Temporal server stopped and was restarted. No data is lost.');
    return server;
  } catch (error) {
    if (error instanceof PacelineError && error.problem.type === 'DiskFull') throw error;
    const [portFree, uiPortFree] = await Promise.all([freeWithin(port, FREED_MS), freeWithin(uiPort, FREED_MS)]);
    if (portFree && uiPortFree) {
      const why = error instanceof PacelineError ? error.problem.what : String(error);
      const what = `The embedded Temporal server stopped and could not be restarted (${why}).`;
      throw new PacelineError(serverEnded(what, dataDirectory), { cause: error });
    }
    const what = `While the embedded Temporal server was down, another process took its port (${port}, or ${uiPort} of its UI).`;
    const stays = (!portFree && options.port !== undefined) || (!uiPortFree && options.uiPort !== undefined);
    throw new (stays ? PacelineError : ServerDisplaced)(serverEnded(what, dataDirectory), { cause: error });
  }
}

function serverEnded(what: string, dataDirectory: string): Problem {
  return {
    type: 'Internal',
    what,
    next: `Its log is ${join(dataDirectory, 'temporal.log')}. No data is lost: the next \`paceline run\` or \`paceline up\` on this data directory continues unfinished runs.`,
  };
}

function announce(dataDirectory: string, server: EmbeddedServer, pagesUrl: string | null): void {
  writeServing(dataDirectory, {
    schemaVersion: 1,
    address: server.address,
    uiUrl: server.uiUrl,
    pagesUrl,
    namespace: EMBEDDED_NAMESPACE,
    taskQueue: SHARED_QUEUE,
    serverPid: server.pid,
    serverStartTime: server.startTime,
    holderPid: process.pid,
    startedAt: new Date().toISOString(),
  });
}

async function leftServer(dataDirectory: string): Promise<EmbeddedServer | null> {
  const serving = await readServing(dataDirectory);
  if (serving === null || serving.uiUrl === null) return null;
  const { serverPid, serverStartTime, address, uiUrl } = serving;
  return { pid: serverPid, startTime: serverStartTime, address, uiUrl };
}

/** A port that the user chose is used, even if a server that was left behind must be restarted for it. */
function asWanted({ address, uiUrl }: EmbeddedServer, { port, uiPort }: EmbeddedOptions): boolean {
  const matches = (url: string, wanted: number | undefined) => wanted === undefined || url.endsWith(`:${wanted}`);
  return matches(address, port) && matches(uiUrl, uiPort);
}

/** Imported only here, so that a client does not load the worker's native libraries. */
async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const worker = await import('../worker.ts');
  return worker.startWorker(options);
}

function runWorker(worker: RunningWorker, close: ReturnType<typeof stack>): Promise<void> {
  const ended = worker.run();
  // An unhandled rejection would end the process.
  ended.catch(() => {});
  close.push(async () => {
    worker.shutdown();
    await ended.catch(() => {});
  });
  return ended;
}

/** Rejects when the disk can no longer be written. Otherwise pending. */
async function diskFull(dataDirectory: string, close: ReturnType<typeof stack>): Promise<never> {
  const stopped = new AbortController();
  close.push(() => stopped.abort());
  await untilDataDiskFull(dataDirectory, stopped.signal);
  return new Promise<never>(() => {});
}

/** Steps to undo in reverse order. Each is tried, even if others fail. */
function stack() {
  const steps: (() => unknown)[] = [];
  return {
    push: (step: () => unknown): void => void steps.push(step),
    async run(): Promise<void> {
      let failure: { error: unknown } | undefined;
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failure ??= { error };
        }
      }
      if (failure !== undefined) throw failure.error;
    },
  };
}
