/**
 * A session: a client of the Temporal server, and what this process must run for it. If no server is configured, the holder of
 * the data directory's lock runs server and worker. All other processes are clients of the address that the holder wrote.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { resolveDataDirectory } from '../data/directory.ts';
import { dataDiskError } from '../data/disk-trouble.ts';
import { acquireServeLock } from '../data/lock.ts';
import { readServing, type Serving } from '../data/serving.ts';
import { wrongUsage } from '../model/failure.ts';
import type { RunningWorker } from '../worker.ts';
import { connect, type ConfiguredServer, temporalTarget } from '../temporal-client/connect.ts';
import { workerServes } from './pollers.ts';
import { registerSearchAttributes } from '../temporal-client/search-attributes.ts';
import { checkServer, type EmbeddedServing, serve, serveWorker, type ServingProcess } from './serve.ts';
import { EMBEDDED_NAMESPACE, holdsItsAddress } from './server.ts';

/** Wait: the holder may be starting its server, or another holder may just be ending. */
const HOLDER_MS = 60_000;
/** A killed holder leaves its server running without a worker. */
const HOLDER_LOOK_MS = 2_000;

export interface SessionOptions {
  /** Absolute. Created if this process serves and it does not exist. */
  readonly dataDirectory: string;
  /** `client` starts nothing. `run` serves if no other process does, until it is done. `up` serves until it is stopped. */
  readonly mode: 'client' | 'run' | 'up';
  readonly env: NodeJS.ProcessEnv;
  /** Ports of the embedded server. Ports given here must be free. */
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Called with later events, such as a restart of the server. */
  readonly say?: (line: string) => void;
}

export interface Session {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  /** null if not known, as with a configured server. */
  readonly uiUrl: string | null;
  /** Where the process that serves this data directory has its pages. null if it has none, or is not known. */
  readonly pagesUrl: string | null;
  /** Says where the pages of this process are. Does nothing without a worker. */
  readonly announcePages: (url: string | null) => void;
  /** The worker in this process. null if another process runs it. */
  readonly worker: RunningWorker | null;
  /** Rejects if that worker fails, resolves after it was stopped. Pending forever without a worker. */
  readonly workerEnded: Promise<void>;
  /** Resolves when the process that serves this one has ended or moved to another address. Pending if this process serves. */
  readonly holderEnded: Promise<void>;
  /** Whether the process at the address is our server. Always true for a configured address. */
  readonly isOurServer: () => Promise<boolean>;
  /** Whether this process runs the embedded server. */
  readonly servesEmbedded: boolean;
  /** Notes to show to the user. */
  readonly notes: readonly string[];
  /** Stops what this process runs, the worker first. */
  close(): Promise<void>;
  /** Tells the server to stop and does not wait. Containers are left for the reaper. For a second Ctrl-C. */
  readonly abandon: () => void;
}

const never = new Promise<void>(() => {});

/**
 * Opens a session. The process serves what it started until the session is closed.
 * @throws PacelineError WrongUsage if the configured server does not answer, a chosen port is in use, Temporal is not
 * installed, or a client finds no server; DiskFull
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const target = temporalTarget(options.env);
  try {
    return await (target.kind === 'configured' ? configuredSession(options, target) : embeddedSession(options));
  } catch (error) {
    const { dataDirectory } = options;
    const looks = options.mode !== 'client' && existsSync(dataDirectory);
    throw (looks ? await dataDiskError(dataDirectory, error) : null) ?? error;
  }
}

/** With a configured server, this process runs a worker only if no worker polls the queue. */
async function configuredSession(options: SessionOptions, server: ConfiguredServer): Promise<Session> {
  const client = await connect(server);
  const base = {
    client,
    address: server.address,
    namespace: server.namespace,
    uiUrl: null,
    pagesUrl: null,
    announcePages: () => {},
    isOurServer: async () => true,
    servesEmbedded: false,
    holderEnded: never,
  };
  const asClient = (notes: string[]): Session => ({
    ...base,
    worker: null,
    workerEnded: never,
    notes,
    close: () => client.connection.close(),
    abandon: () => {},
  });
  try {
    if (options.mode === 'client') return asClient([]);
    const attributes = await registerSearchAttributes(client.connection, server.namespace);
    const notes = attributes.missing.length === 0 ? [] : [missingAttributes(attributes)];
    if (options.mode === 'run' && (await workerServes(client, Date.now()))) return asClient(notes);
    resolveDataDirectory({ flag: options.dataDirectory, env: options.env });
    const lock = await acquireServeLock(options.dataDirectory);
    if (lock === null) return asClient([...notes, `Another process is already serving ${options.dataDirectory}.`]);
    const serving = await serveWorker({ ...options, lock, server });
    const { worker, workerEnded, announcePages } = serving;
    return { ...base, worker, workerEnded, announcePages, notes, close: closing(client, serving), abandon: () => {} };
  } catch (error) {
    await client.connection.close();
    throw error;
  }
}

async function embeddedSession(options: SessionOptions): Promise<Session> {
  if (options.mode === 'client' && !existsSync(options.dataDirectory)) throw nobodyServes(options.dataDirectory);
  // Errors are reported before the command creates anything.
  if ((await readServing(options.dataDirectory)) === null) await checkServer(options);
  resolveDataDirectory({ flag: options.dataDirectory, env: options.env });
  const deadline = performance.now() + HOLDER_MS;
  for (;;) {
    const lock = await acquireServeLock(options.dataDirectory);
    if (lock !== null && options.mode === 'client') {
      await lock.release();
      throw nobodyServes(options.dataDirectory);
    }
    if (lock !== null) return holderSession(options, await serve({ say: () => {}, ...options, lock }));
    const session = await clientOfHolder(options, await readServing(options.dataDirectory));
    if (session !== null) return session;
    if (performance.now() > deadline) throw holderSilent(options.dataDirectory);
    await sleep(250);
  }
}

async function holderSession(options: SessionOptions, serving: EmbeddedServing): Promise<Session> {
  const { worker, workerEnded, server, announcePages } = serving;
  const { address, uiUrl } = server;
  const client = await connectEmbedded(address).catch(async (error: unknown) => {
    await serving.close();
    throw error;
  });
  return {
    client,
    address,
    uiUrl,
    pagesUrl: null,
    announcePages,
    namespace: EMBEDDED_NAMESPACE,
    worker,
    workerEnded,
    holderEnded: never,
    isOurServer: async () => serving.isOurServer(),
    servesEmbedded: true,
    notes: serving.adopted
      ? [`Took over the Temporal server that an earlier process left running in ${options.dataDirectory}.`]
      : [],
    close: closing(client, serving),
    abandon: serving.abandon,
  };
}

/** @returns null while the holder does not answer */
async function clientOfHolder(options: SessionOptions, serving: Serving | null): Promise<Session | null> {
  if (serving === null || !servedBy(serving)) return null;
  const client = await connectEmbedded(serving.address).catch(() => null);
  if (client === null) return null;
  const closed = new AbortController();
  const holderEnded =
    options.mode === 'client' ? never : untilHolderLeaves(options.dataDirectory, serving.address, closed.signal);
  const closeConnection = closingConnection(client, holderEnded);
  return {
    client,
    address: serving.address,
    uiUrl: serving.uiUrl,
    pagesUrl: serving.pagesUrl ?? null,
    announcePages: () => {},
    namespace: serving.namespace,
    worker: null,
    workerEnded: never,
    holderEnded,
    isOurServer: async () => {
      const now = await readServing(options.dataDirectory);
      return now?.address === serving.address && servedBy(now);
    },
    servesEmbedded: false,
    notes: options.port === undefined && options.uiPort === undefined ? [] : [portsUnused(options, serving)],
    close: async () => {
      closed.abort();
      await closeConnection();
    },
    abandon: () => {},
  };
}

/** False if the server is down or its port is used by another process. True if no embedded server is recorded. */
function servedBy({ serverPid, serverStartTime, address, uiUrl }: Serving): boolean {
  return uiUrl === null || holdsItsAddress({ pid: serverPid, startTime: serverStartTime, address, uiUrl });
}

/** Resolves when the lock can be taken (the system releases it with the process) or the holder moved. Never after `closed`. */
async function untilHolderLeaves(dataDirectory: string, address: string, closed: AbortSignal): Promise<void> {
  while (!closed.aborted) {
    await sleep(HOLDER_LOOK_MS, undefined, { signal: closed }).catch(() => {});
    if (closed.aborted) break;
    const serving = await readServing(dataDirectory);
    if (serving !== null && serving.address !== address) return;
    const lock = await acquireServeLock(dataDirectory).catch(() => null);
    if (lock === null) continue;
    await lock.release();
    return;
  }
  return never;
}

function connectEmbedded(address: string): Promise<Client> {
  return connect({ address, namespace: EMBEDDED_NAMESPACE, connectionOptions: { address } });
}

function closing(client: Client, serving: Pick<ServingProcess, 'close' | 'workerEnded'>): () => Promise<void> {
  const closeConnection = closingConnection(client, serving.workerEnded);
  return async () => {
    await closeConnection();
    await serving.close();
  };
}

/**
 * Closes the connection, but not if the holder has ended: calls may still be retried then, and a retry on a closed connection
 * ends the process (in the SDK's grpc-retry). Such a connection ends with the process.
 */
function closingConnection(client: Client, gone: Promise<void>): () => Promise<void> {
  let mayBePending = false;
  const note = () => {
    mayBePending = true;
  };
  gone.then(note, note);
  return async () => {
    if (!mayBePending) await client.connection.close();
  };
}

function missingAttributes({ missing, reason }: Awaited<ReturnType<typeof registerSearchAttributes>>): string {
  return `The server has no search attributes ${missing.join(', ')}, and they could not be added (${reason}). Runs cannot be searched by them.`;
}

function portsUnused({ dataDirectory }: SessionOptions, { address }: Serving): string {
  return `${dataDirectory} is already served at ${address}. The given ports have no effect.`;
}

function nobodyServes(dataDirectory: string) {
  return wrongUsage(
    `No Paceline server is running for ${dataDirectory}, and no Temporal server is configured.`,
    'Start `paceline up` and leave it running, or set TEMPORAL_ADDRESS to the address of a server.',
  );
}

function holderSilent(dataDirectory: string) {
  return wrongUsage(
    `Another process holds ${dataDirectory}, but its Temporal server does not answer.`,
    'Wait for it to exit, or stop it. Or use another data directory with --data-dir.',
  );
}
