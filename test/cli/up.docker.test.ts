/** One process at a time serves a data directory, also after the previous one was killed. Needs the engine for its worker. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freeWithin, portOf } from '../../src/temporal/ports.ts';
import { isAlive, processStartTime } from '../../src/temporal/process.ts';
import { stopServer } from '../../src/temporal/server.ts';
import { paceline, startPaceline, type Started } from '../support/paceline.ts';
import { aFreePort } from '../support/ports.ts';

let dataDirectory: string;
let running: Started[];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'paceline-up-'));
  running = [];
});
afterEach(async () => {
  for (const { child, output } of running) {
    child.kill('SIGTERM');
    await output;
  }
  const left = serving();
  if (left !== null) await stopServer(left);
  rmSync(dataDirectory, { recursive: true, force: true });
});

function up(...flags: string[]): Started {
  const started = startPaceline(['up', '--data-dir', dataDirectory, ...flags]);
  running.push(started);
  return started;
}

function serving(): { pid: number; startTime: string; address: string } | null {
  try {
    const { serverPid, serverStartTime, address } = JSON.parse(
      readFileSync(join(dataDirectory, 'server.json'), 'utf8'),
    );
    return { pid: serverPid, startTime: serverStartTime, address };
  } catch {
    return null;
  }
}

const SERVES = /Press Ctrl-C to stop/;

test('up prints its address, and leaves neither server nor address behind when it is stopped', async () => {
  const { child, output, until } = up();
  await until(SERVES);
  const server = serving()!;
  child.kill('SIGINT');
  const { code, stdout } = await output;
  expect(stdout).toMatch(
    /^Temporal {4}127\.0\.0\.1:\d+, namespace default\nUI {10}http:\/\/127\.0\.0\.1:\d+\nPages {7}http:\/\/127\.0\.0\.1:\d+\nTask queue {2}paceline\nData {8}\//,
  );
  expect(code).toBe(0);
  expect(isAlive(server)).toBe(false);
  expect(serving()).toBeNull();
});

test('a second up on the same data directory prints the address of the first and exits with 0', async () => {
  await up().until(SERVES);
  const second = await paceline(['up', '--data-dir', dataDirectory]);
  expect(second.stdout).toContain(serving()!.address);
  expect(second.stderr).toContain('is already serving this data directory');
  expect(second.code).toBe(0);
});

test('a server whose holder was killed is taken over, and later stopped by its new holder', async () => {
  const first = up();
  await first.until(SERVES);
  const server = serving()!;
  first.child.kill('SIGKILL');
  await first.output;
  expect(isAlive(server)).toBe(true);

  const second = up();
  await second.until(SERVES);
  expect(second.seen().stderr).toContain('Took over the Temporal server');
  expect(serving()).toEqual(server);
  second.child.kill('SIGTERM');
  await second.output;
  expect(processStartTime(server.pid)).toBeNull();
});

test('a chosen port that is in use is wrong usage, and nothing is left behind', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => void blocker.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = blocker.address() as { port: number };
  const fresh = join(dataDirectory, 'fresh');
  const { code, stdout, stderr } = await paceline(['up', '--data-dir', fresh, '--port', String(port)]);
  blocker.close();
  expect(stderr).toBe(
    `paceline: Port ${port} (--port) is in use on this machine.\nChoose another port, or leave out --port to use the next free one.\n`,
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

describe('when another process takes the port of a server that is down', () => {
  let taker: Server;
  afterEach(() => void taker.close());

  /** The holder does not notice it, as between two of its checks. The other process refuses all connections. */
  async function takePort(holder: Started): Promise<number> {
    const { pid, address } = serving()!;
    holder.child.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    expect(await freeWithin(portOf(address), 10_000)).toBe(true);
    taker = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => void taker.listen({ host: '127.0.0.1', port: portOf(address) }, resolve));
    holder.child.kill('SIGCONT');
    return portOf(address);
  }

  test('up serves at another port and prints it', async () => {
    const holder = up();
    await holder.until(SERVES);
    const port = await takePort(holder);
    await holder.until(/took its port[^]*Press Ctrl-C to stop/);
    const { address } = serving()!;
    expect(portOf(address)).not.toBe(port);
    expect(
      holder
        .seen()
        .stdout.match(/^Temporal {4}\S+:\d+/gm)
        ?.map(portOf),
    ).toEqual([port, portOf(address)]);
    holder.child.kill('SIGTERM');
    expect((await holder.output).code).toBe(0);
  });

  test('up with a chosen port exits, and reports what happens to the runs', async () => {
    const holder = up('--port', String(await aFreePort()));
    await holder.until(SERVES);
    const port = await takePort(holder);
    const { code, stderr } = await holder.output;
    expect(code).toBe(2);
    expect(stderr).toContain(`another process took its port (${port},`);
    expect(stderr).toContain('No data is lost');
    expect(serving()).toBeNull();
  });
});
