import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { followListening, listeningSockets } from '../../../src/collectors/startup/listening-sockets.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ';
const line = (local: string, state = '0A', inode = '58661') =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000b4c1ff9d 100 0 0 10 0`;

describe('the listening sockets of a list of the kernel', () => {
  test.each([
    ['any address', line('00000000:1F90'), [{ port: 8080, inode: '58661', loopback: false }]],
    ['one address', line('0200A8C0:1388'), [{ port: 5000, inode: '58661', loopback: false }]],
    ['the loopback', line('0100007F:1388'), [{ port: 5000, inode: '58661', loopback: true }]],
    ['any IPv6 address', line(`${'0'.repeat(32)}:0050`), [{ port: 80, inode: '58661', loopback: false }]],
    [
      'the IPv6 loopback',
      line('00000000000000000000000001000000:0050'),
      [{ port: 80, inode: '58661', loopback: true }],
    ],
    [
      'the loopback in its IPv6 form',
      line('0000000000000000FFFF00000100007F:0050'),
      [{ port: 80, inode: '58661', loopback: true }],
    ],
    ["the engine's own name server", line('0B00007F:A3E1'), []],
    ['a connection', line('0200A8C0:1388', '01'), []],
    ['a closing one', line('0200A8C0:1388', '06', '0'), []],
    ['the heading', HEAD, []],
    ['nothing', '', []],
    ['an address of another length', line('0200A8:1388'), []],
    ['no number of a port', line('00000000:GGGG'), []],
    ['a line that is cut off', line('00000000:1F90').slice(0, 60), []],
    ['other text', 'Permission denied\n\u0000\u0000 0: 0A 0A 0A', []],
  ])('%s', (_, text, sockets) => {
    expect(listeningSockets(text, 'LE')).toEqual(sockets);
  });

  test('on a machine that holds its words the other way round', () => {
    expect(listeningSockets(line('7F000001:0050'), 'BE')).toMatchObject([{ loopback: true }]);
    expect(listeningSockets(line('7F00000B:0050'), 'BE')).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a process that listens', () => {
  /** This process takes the container's place; its own control group stands for the container's id. */
  const follow = async (change: Partial<Parameters<typeof followListening>[0]> = {}, cgroup = '0::/docker/abc\n') => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const told: string[] = [];
    const stopping = new AbortController();
    const read = async (file: string) => (file === `/proc/${process.pid}/cgroup` ? cgroup : null);
    const following = followListening(
      {
        containerId: 'abc',
        pid: process.pid,
        shared: () => true,
        elapsedSeconds: () => 1.5,
        onOpen: (open, seconds) => {
          if (open !== port) return;
          told.push(`open ${seconds}`);
          server.close();
        },
        onClose: (closed) => {
          if (closed !== port) return;
          told.push('closed');
          stopping.abort();
        },
        isDone: () => false,
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(5_000)]),
        ...change,
      },
      { read },
    );
    const untold = await following;
    server.close();
    return { told, untold };
  };

  test('is seen to by whom the socket is, where others share its network, and no longer once it is closed', async () => {
    expect(await follow()).toEqual({ told: ['open 1.5', 'closed'], untold: null });
  });

  test('on its own loopback alone, tells nothing to others', async () => {
    const short = AbortSignal.timeout(200);
    expect(await follow({ shared: () => false, signal: short })).toEqual({ told: [], untold: null });
  });

  test('under a number that is another process here, is not looked at', async () => {
    expect(await follow({}, '0::/user.slice\n')).toEqual({ told: [], untold: 'its processes cannot be seen' });
  });
});
