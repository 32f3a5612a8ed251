/** The embedded server: Temporal's development server with a database file in the data directory, in its own process group. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { dataDiskError } from '../data/disk-trouble.ts';
import { PacelineError } from '../model/failure.ts';
import { SEARCH_ATTRIBUTES } from '../model/search-attributes.ts';
import { choosePorts, isFree, portOf } from './ports.ts';
import { endGroup, isAlive, listensOn, type ProcessIdentity, processStartTime } from './process.ts';
import { userEnvironment } from './user-environment.ts';

export const EMBEDDED_NAMESPACE = 'default';

/** Opening a large database on a slow disk takes time. */
const START_MS = 60_000;
const STOP_GRACE_MS = 10_000;
/** A server that a dead holder was just starting may need a second. */
const ADOPT_PAUSE_MS = 1_000;
const RETENTION_DAYS = 90;
/** Another server may take a port between the search and its use. Then the next ports are tried, this many times. */
const PORT_TRIES = 5;

export interface EmbeddedServer extends ProcessIdentity {
  readonly address: string;
  readonly uiUrl: string;
}

export interface ServerOptions {
  readonly temporalBinary: string;
  /** Holds temporal.sqlite and temporal.log. The caller holds the lock of the directory: two servers corrupt a database. */
  readonly dataDirectory: string;
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Where the search for free ports starts, for ports that are not given. */
  readonly firstPort?: number | undefined;
  /** Called as soon as the process runs, before it answers, so that it can always be found again. */
  readonly onSpawned?: (server: EmbeddedServer) => void;
}

/**
 * Starts the server and waits until it answers.
 * @throws PacelineError WrongUsage if a chosen port is in use; Internal with the last log lines if it does not start
 */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  for (let tries = 1; ; tries += 1) {
    const ports = await choosePorts(options);
    const logged = logSize(options.dataDirectory);
    try {
      return await startOn(options, ports);
    } catch (error) {
      // The port may be free again by now, and the server uses more ports than the two. Its log names the real reason.
      const taken = !(await isFree(ports.port)) || !(await isFree(ports.uiPort)) || portWasTaken(options, logged);
      if (!taken || tries === PORT_TRIES) throw error;
    }
  }
}

type Ports = Awaited<ReturnType<typeof choosePorts>>;

async function startOn(options: ServerOptions, ports: Ports): Promise<EmbeddedServer> {
  const server = await spawnServer(options, ports.port, ports.uiPort);
  options.onSpawned?.(server);
  try {
    await untilHealthy(server, ports, options.dataDirectory);
    await keepHistories(server.address);
    return server;
  } catch (error) {
    await stopServer(server);
    throw (await dataDiskError(options.dataDirectory, error)) ?? error;
  }
}

/**
 * Whether the process at the server's address is our server. While ours is down, another server may take its port. That one
 * does not know our runs, so its answers must not be used.
 */
export function holdsItsAddress(server: EmbeddedServer): boolean {
  return isAlive(server) && listensOn(server.pid, portOf(server.address));
}

/** Takes over a server that a dead holder left. @returns null if it has ended or does not answer; it is then killed */
export async function adoptServer(server: EmbeddedServer): Promise<EmbeddedServer | null> {
  if (!isAlive(server)) return null;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (holdsItsAddress(server) && (await answers(server.address))) return server;
    await sleep(ADOPT_PAUSE_MS);
  }
  await stopServer(server);
  return null;
}

/** Stops the server and waits for its end. Does nothing if it has ended or its pid was reused. */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  await endGroup(server, STOP_GRACE_MS);
}

/** In its own group and session: Ctrl-C in the terminal must not stop it before the run is cancelled through it. */
async function spawnServer(options: ServerOptions, port: number, uiPort: number): Promise<EmbeddedServer> {
  const log = openSync(logFile(options.dataDirectory), 'a', 0o600);
  try {
    const child = spawn(options.temporalBinary, serverArguments(options.dataDirectory, port, uiPort), {
      cwd: options.dataDirectory,
      env: userEnvironment(process.env, options.dataDirectory),
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return {
      pid: child.pid!,
      startTime: processStartTime(child.pid!) ?? 'gone',
      address: `127.0.0.1:${port}`,
      uiUrl: `http://127.0.0.1:${uiPort}`,
    };
  } finally {
    closeSync(log);
  }
}

function serverArguments(dataDirectory: string, port: number, uiPort: number): string[] {
  const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  // With these settings, a cancel reaches an activity immediately and not with its next heartbeat. Nothing depends on it.
  const accelerators = [
    'frontend.WorkerCommandsEnabled=true',
    'system.enableCancelActivityWorkerCommand=true',
    'frontend.WorkerHeartbeatsEnabled=true',
  ].flatMap((value) => ['--dynamic-config-value', value]);
  const fixed = ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn', '--color', 'never'];
  const ports = ['--port', String(port), '--ui-port', String(uiPort)];
  const database = ['--db-filename', join(dataDirectory, 'temporal.sqlite'), '--namespace', EMBEDDED_NAMESPACE];
  return [...fixed, ...ports, ...database, ...attributes, ...accelerators];
}

async function untilHealthy(server: EmbeddedServer, ports: Ports, dataDirectory: string): Promise<void> {
  const deadline = performance.now() + START_MS;
  // Another server may have taken the port first and may be the one that answers.
  const owns = () => holdsItsAddress(server) && listensOn(server.pid, ports.uiPort);
  while (!(owns() && (await answers(server.address)))) {
    const gone = !isAlive(server);
    if (gone || performance.now() > deadline) {
      throw new PacelineError({
        type: 'Internal',
        what: `The embedded Temporal server ${gone ? 'stopped during its start' : `did not answer within ${START_MS / 1000} s`}.`,
        next: `Read its log, ${logFile(dataDirectory)}, or run \`paceline doctor\` to check the machine.`,
        detail: lastLines(logFile(dataDirectory), 5),
      });
    }
    await sleep(100);
  }
}

async function answers(address: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1_000 });
    const { workflowService } = connection;
    await connection.withDeadline(Date.now() + 1_000, () =>
      workflowService.describeNamespace({ namespace: EMBEDDED_NAMESPACE }),
    );
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

/** The development server deletes closed workflows after a day. */
async function keepHistories(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.updateNamespace({
      namespace: EMBEDDED_NAMESPACE,
      config: { workflowExecutionRetentionTtl: { seconds: (RETENTION_DAYS * 24 * 3600) as never } },
    });
  } finally {
    await connection.close();
  }
}

function logFile(dataDirectory: string): string {
  return join(dataDirectory, 'temporal.log');
}

function logSize(dataDirectory: string): number {
  return statSync(logFile(dataDirectory), { throwIfNoEntry: false })?.size ?? 0;
}

/** @param since size of the log before the server was started */
function portWasTaken({ dataDirectory }: ServerOptions, since: number): boolean {
  return readFileSync(logFile(dataDirectory)).subarray(since).includes('address already in use');
}

/** Its errors are one long line each, and the reason is at the end. */
function lastLines(file: string, count: number): string {
  const lines = endOfFile(file).trimEnd().split('\n').slice(-count);
  return lines.map((line) => (line.length > 300 ? `…${line.slice(-300)}` : line)).join('\n');
}

const LOG_END_BYTES = 16_384;

/** A log that was kept for years may have any size. */
function endOfFile(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, LOG_END_BYTES));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}
