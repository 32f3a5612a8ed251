/** What the holder of a data directory's lock serves: the embedded server and a worker, or only a worker. */
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
  /** Rejects when the worker fails; resolves once it was stopped. */
  readonly workerEnded: Promise<void>;
  /** The worker first, so that its activities let go in order; then the server, if it is ours; the lock last. */
  close(): Promise<void>;
}

/** How long the ports of a server that ended may still be held by what is left of it. */
const FREED_MS = 2_000;

export interface EmbeddedServing extends ServingProcess {
  readonly server: EmbeddedServer;
  readonly adopted: boolean;
  /** Whether who answers at its address is the server itself, also after it was started anew. */
  readonly itself: () => boolean;
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
  /** Told what happens to the server later on. */
  readonly say: (line: string) => void;
}

/**
 * Whether an embedded server could be started at all.
 * @throws PacelineError WrongUsage when Temporal is not installed, or a given port is taken
 */
export async function checkServer({
  env,
  port,
  uiPort,
}: Pick<EmbeddedOptions, 'env' | 'port' | 'uiPort'>): Promise<void> {
  findTemporalBinary(env);
  await choosePorts({ port, uiPort, firstPort: firstPortOf(env) });
}

/** A worker for a server that runs elsewhere. */
export async function serveWorker(
  options: HolderOptions & { readonly server: ConfiguredServer },
): Promise<ServingProcess> {
  const { server, lock, dataDirectory, env } = options;
  const { connectionOptions, namespace } = server;
  const close = stack();
  close.push(() => lock.release());
  try {
    const worker = await startWorker({ connectionOptions, namespace, dataDirectory, env });
    const workerEnded = Promise.race([runWorker(worker, close), diskFull(dataDirectory, close)]);
    workerEnded.catch(() => {});
    return { worker, workerEnded, close: () => close.run() };
  } catch (error) {
    await close.run();
    throw error;
  }
}

/** The embedded server, taken over from a dead holder or started, and a worker beside it. */
export async function serve(options: EmbeddedOptions): Promise<EmbeddedServing> {
  const { dataDirectory, env, lock } = options;
  const close = stack();
  close.push(() => lock.release());
  try {
    const { server, adopted } = await adoptOrStart(options);
    const kept = keepServer(server, (ended) => startAnew(ended, options));
    close.push(async () => {
      await kept.stop();
      await stopServer(kept.current());
      await removeServing(dataDirectory);
    });
    const connectionOptions = { address: server.address };
    const itself = () => holdsItsAddress(kept.current());
    const worker = await startWorker({ connectionOptions, namespace: EMBEDDED_NAMESPACE, dataDirectory, env, itself });
    const workerEnded = Promise.race([runWorker(worker, close), kept.lost, diskFull(dataDirectory, close)]);
    workerEnded.catch(() => {});
    const abandon = () => signalGroup(kept.current(), 'SIGTERM');
    return { server, itself, adopted, worker, workerEnded, close: () => close.run(), abandon };
  } catch (error) {
    await close.run();
    throw error;
  }
}

async function adoptOrStart(options: EmbeddedOptions): Promise<{ server: EmbeddedServer; adopted: boolean }> {
  const left = await leftServer(options.dataDirectory);
  const wanted = left !== null && asWanted(left, options);
  if (left !== null && !wanted) await stopServer(left);
  const adopted = left !== null && wanted ? await adoptServer(left) : null;
  if (adopted !== null) {
    announce(options.dataDirectory, adopted);
    return { server: adopted, adopted: true };
  }
  const server = await startServer({
    ...options,
    firstPort: firstPortOf(options.env),
    temporalBinary: findTemporalBinary(options.env),
    onSpawned: (spawned) => announce(options.dataDirectory, spawned),
  });
  return { server, adopted: false };
}

/** @throws ServerDisplaced where another port may be taken; PacelineError Internal */
async function startAnew(ended: EmbeddedServer, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { dataDirectory, env, say } = options;
  const [port, uiPort] = [portOf(ended.address), portOf(ended.uiUrl)];
  await Promise.all([freeWithin(port, FREED_MS), freeWithin(uiPort, FREED_MS)]);
  try {
    const server = await startServer({
      dataDirectory,
      temporalBinary: findTemporalBinary(env),
      port,
      uiPort,
      onSpawned: (spawned) => announce(dataDirectory, spawned),
    });
    say('The embedded Temporal server had ended and was started anew; nothing is lost.');
    return server;
  } catch (error) {
    if (error instanceof PacelineError && error.problem.type === 'DiskFull') throw error;
    const [portFree, uiPortFree] = await Promise.all([freeWithin(port, FREED_MS), freeWithin(uiPort, FREED_MS)]);
    if (portFree && uiPortFree) {
      const why = error instanceof PacelineError ? error.problem.what : String(error);
      const what = `The embedded Temporal server ended and could not be started anew (${why}).`;
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
    next: `Its log is ${join(dataDirectory, 'temporal.log')}. Nothing is lost: the next \`paceline run\` or \`paceline up\` on this data directory goes on with what is unfinished.`,
  };
}

function announce(dataDirectory: string, server: EmbeddedServer): void {
  writeServing(dataDirectory, {
    schemaVersion: 1,
    address: server.address,
    uiUrl: server.uiUrl,
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

/** A port that somebody asks for by name is kept, even if the server that was left must be started anew for it. */
function asWanted({ address, uiUrl }: EmbeddedServer, { port, uiPort }: EmbeddedOptions): boolean {
  const matches = (url: string, wanted: number | undefined) => wanted === undefined || url.endsWith(`:${wanted}`);
  return matches(address, port) && matches(uiUrl, uiPort);
}

/** Loaded only here: a client should not have to wait for the worker's native parts. */
async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const worker = await import('../worker.ts');
  return worker.startWorker(options);
}

function runWorker(worker: RunningWorker, close: ReturnType<typeof stack>): Promise<void> {
  const ended = worker.run();
  // A failure that nobody awaits yet must not end the process.
  ended.catch(() => {});
  close.push(async () => {
    worker.shutdown();
    await ended.catch(() => {});
  });
  return ended;
}

/** Rejects once nothing can be written any more; else pending. */
async function diskFull(dataDirectory: string, close: ReturnType<typeof stack>): Promise<never> {
  const stopped = new AbortController();
  close.push(() => stopped.abort());
  await untilDataDiskFull(dataDirectory, stopped.signal);
  return new Promise<never>(() => {});
}

/** Steps to be undone in reverse; each is tried whatever happens to the others. */
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
