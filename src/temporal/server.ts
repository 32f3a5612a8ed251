/** The embedded server: Temporal's development server with a database file in the data directory, as its own process group. */
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

/** Opening a large database on a slow disk takes a while. */
const START_MS = 60_000;
const STOP_GRACE_MS = 10_000;
/** One that was just being started by its dead holder may take a second. */
const ADOPT_PAUSE_MS = 1_000;
const RETENTION_DAYS = 90;
/** Between the look for free ports and their use another server may take one; so often the next ones are tried. */
const PORT_TRIES = 5;

export interface EmbeddedServer extends ProcessIdentity {
  readonly address: string;
  readonly uiUrl: string;
}

export interface ServerOptions {
  readonly temporalBinary: string;
  /** Holds temporal.sqlite and temporal.log. Two servers on one database corrupt it: the caller holds the directory's lock. */
  readonly dataDirectory: string;
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Where the look for free ports begins, for those that are not given. */
  readonly firstPort?: number | undefined;
  /** Called as soon as the process runs, long before it answers, so that it can be found again whatever happens. */
  readonly onSpawned?: (server: EmbeddedServer) => void;
}

/**
 * Starts the server and waits until it answers.
 * @throws PacelineError WrongUsage for a given port that is taken, Internal with the log's last lines when it does not come up
 */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  for (let tries = 1; ; tries += 1) {
    const ports = await choosePorts(options);
    const logged = logSize(options.dataDirectory);
    try {
      return await startOn(options, ports);
    } catch (error) {
      // Whoever took a port may have let go of it by now, and the server has ports of its own besides: its log tells of all.
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
 * Whether who answers at the server's address is the server itself. While it is down another may take its port: that one
 * knows none of its runs, and what it says of them is worth nothing.
 */
export function holdsItsAddress(server: EmbeddedServer): boolean {
  return isAlive(server) && listensOn(server.pid, portOf(server.address));
}

/** Takes over a server that a dead holder left. @returns null where it is gone or does not answer; then none is left */
export async function adoptServer(server: EmbeddedServer): Promise<EmbeddedServer | null> {
  if (!isAlive(server)) return null;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (holdsItsAddress(server) && (await answers(server.address))) return server;
    await sleep(ADOPT_PAUSE_MS);
  }
  await stopServer(server);
  return null;
}

/** Ends the server and waits until it is gone; a server that is gone already, or whose pid is another's, is left alone. */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  await endGroup(server, STOP_GRACE_MS);
}

/** Its own group and session: a Ctrl-C in the terminal must not reach it before the run has been cancelled through it. */
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
  // With these a cancel reaches an activity at once and not with its next heartbeat; nothing depends on them.
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
  // Whoever answers there may be another server that was faster to take the port.
  const owns = () => holdsItsAddress(server) && listensOn(server.pid, ports.uiPort);
  while (!(owns() && (await answers(server.address)))) {
    const gone = !isAlive(server);
    if (gone || performance.now() > deadline) {
      throw new PacelineError({
        type: 'Internal',
        what: `The embedded Temporal server ${gone ? 'ended at its start' : `did not answer within ${START_MS / 1000} s`}.`,
        next: `Its log is ${logFile(dataDirectory)}; \`paceline doctor\` tells whether the machine is fit.`,
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

/** The development server forgets closed workflows after a day. */
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

/** @param since the size of the log before the server was started */
function portWasTaken({ dataDirectory }: ServerOptions, since: number): boolean {
  return readFileSync(logFile(dataDirectory)).subarray(since).includes('address already in use');
}

/** Its errors are one long line each, with the reason at its end. */
function lastLines(file: string, count: number): string {
  const lines = endOfFile(file).trimEnd().split('\n').slice(-count);
  return lines.map((line) => (line.length > 300 ? `…${line.slice(-300)}` : line)).join('\n');
}

const LOG_END_BYTES = 16_384;

/** A log that is kept for years may be of any size. */
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
