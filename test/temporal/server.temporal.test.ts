/** The embedded server on its own: start, health, adoption, ports, and its end. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/model/search-attributes.ts';
import { findTemporalBinary } from '../../src/temporal/binary.ts';
import { connect } from '../../src/temporal-client/connect.ts';
import { portOf } from '../../src/temporal/ports.ts';
import { isAlive } from '../../src/temporal/process.ts';
import { knownSearchAttributes } from '../../src/temporal-client/search-attributes.ts';
import {
  adoptServer,
  type EmbeddedServer,
  holdsItsAddress,
  startServer,
  stopServer,
} from '../../src/temporal/server.ts';
import { FIRST_PORT } from '../support/ports.ts';

let dataDirectory: string;
const started: EmbeddedServer[] = [];

beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'paceline-server-'));
});
afterEach(async () => {
  for (const server of started.splice(0)) await stopServer(server);
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

async function start(ports: { port?: number; uiPort?: number } = {}): Promise<EmbeddedServer> {
  const server = await startServer({
    temporalBinary: findTemporalBinary(process.env),
    dataDirectory,
    firstPort: FIRST_PORT,
    ...ports,
  });
  started.push(server);
  return server;
}

async function occupied(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen({ host: '127.0.0.1', port }, resolve));
  return server;
}

const portOfSocket = (server: Server) => (server.address() as { port: number }).port;

describe('the embedded server', () => {
  test('answers once it is started, knows the search attributes and keeps histories for more than 30 days', async () => {
    const { address } = await start();
    const client = await connect({ address, namespace: 'default', connectionOptions: { address } });
    const known = await knownSearchAttributes(client.connection, 'default');
    const { config } = await client.connection.workflowService.describeNamespace({ namespace: 'default' });
    await client.connection.close();
    expect(known).toEqual(Object.keys(SEARCH_ATTRIBUTES));
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBeGreaterThanOrEqual(30 * 24 * 3600);
  });

  test('is adopted while it lives, and not once it is gone', async () => {
    const server = await start();
    expect(await adoptServer(server)).toEqual(server);
    await stopServer(server);
    expect(isAlive(server)).toBe(false);
    expect(await adoptServer(server)).toBeNull();
  });

  test('holds its address until it is gone, also when another server is there then', async () => {
    const first = await start();
    expect(holdsItsAddress(first)).toBe(true);
    await stopServer(first);
    expect(holdsItsAddress(first)).toBe(false);
    const second = await start({ port: portOf(first.address), uiPort: portOf(first.uiUrl) });
    expect([holdsItsAddress(first), holdsItsAddress(second)]).toEqual([false, true]);
  });

  test('a reused pid is neither adopted nor killed', async () => {
    const other: EmbeddedServer = { pid: process.pid, startTime: '1', address: '127.0.0.1:1', uiUrl: '' };
    expect(await adoptServer(other)).toBeNull();
    await stopServer(other);
    expect(isAlive(other)).toBe(false);
  });

  test('a chosen port must be free', async () => {
    const blocker = await occupied(0);
    await expect(start({ port: portOfSocket(blocker) })).rejects.toMatchObject({
      problem: { type: 'WrongUsage', what: `Port ${portOfSocket(blocker)} (--port) is in use on this machine.` },
    });
    blocker.close();
  });

  test('uses the next free port if the default port is in use', async () => {
    const first = await start();
    const otherData = mkdtempSync(join(tmpdir(), 'paceline-server-'));
    const second = await startServer({
      temporalBinary: findTemporalBinary(process.env),
      dataDirectory: otherData,
      firstPort: FIRST_PORT,
    });
    started.push(second);
    expect(second.address).not.toBe(first.address);
    expect(second.uiUrl).not.toBe(first.uiUrl);
    await stopServer(second);
    rmSync(otherData, { recursive: true, force: true });
  });

  test('servers that start at the same time each get ports of their own', async () => {
    const folders = [1, 2, 3].map(() => mkdtempSync(join(tmpdir(), 'paceline-server-')));
    const temporalBinary = findTemporalBinary(process.env);
    const starts = await Promise.allSettled(
      folders.map((folder) => startServer({ temporalBinary, dataDirectory: folder, firstPort: FIRST_PORT })),
    );
    const servers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    started.push(...servers);
    expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(servers.map(isAlive)).toEqual([true, true, true]);
    expect(new Set(servers.map(({ address }) => address)).size).toBe(3);
    expect(new Set(servers.map(({ uiUrl }) => uiUrl)).size).toBe(3);
    await Promise.all(servers.map(stopServer));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  test('retries if another process had the port for a moment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paceline-server-'));
    const [temporalBinary, before] = [join(folder, 'temporal'), join(folder, 'started')];
    const real = findTemporalBinary(process.env);
    const ends = 'echo "Error: can\'t set frontend port: bind: address already in use"; exit 1';
    writeFileSync(temporalBinary, `#!/bin/sh\n[ -e ${before} ] || { touch ${before}; ${ends}; }\nexec ${real} "$@"\n`);
    chmodSync(temporalBinary, 0o755);
    const server = await startServer({ temporalBinary, dataDirectory: folder, firstPort: FIRST_PORT });
    started.push(server);
    expect(holdsItsAddress(server)).toBe(true);
    await stopServer(server);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a server that stops during its start is reported with the last lines of its log', async () => {
    const failing = startServer({ temporalBinary: '/bin/false', dataDirectory, firstPort: FIRST_PORT });
    await expect(failing).rejects.toMatchObject({
      problem: { type: 'Internal', what: 'The embedded Temporal server stopped during its start.' },
    });
  });
});
