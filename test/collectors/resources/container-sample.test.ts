import { describe, expect, test } from 'vitest';
import type { CgroupReading } from '../../../src/collectors/cgroup/reading.ts';
import { sampleOf, trafficIn, trafficOf } from '../../../src/collectors/resources/container-sample.ts';

/** As this machine's kernel writes it. */
const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    5000      50    0    0    0     0          0         0     5000      50    0    0    0     0       0          0
  eth0:    1226      14    0    0    0     0          0         0      126       3    0    0    0     0       0          0
  eth1:1000000007    14    0    0    0     0          0         0 20000000       3    0    0    0     0       0          0
`;

describe('the traffic of a container', () => {
  test.each([
    ['is that of all its interfaces but the loopback', NET_DEV, [1_000_001_233, 20_000_126]],
    ['is none without an interface', NET_DEV.split('\n').slice(0, 3).join('\n'), [0, 0]],
    ['is unknown if the file cannot be read', null, null],
  ])('%s', (_, text, expected) => {
    const traffic = trafficIn(text);
    expect(traffic && [traffic.networkReceivedBytes, traffic.networkSentBytes]).toEqual(expected);
  });

  test("is none of its own in the host's network, and unknown of a process that is gone", async () => {
    expect(await trafficOf(1, 'host')).toEqual({ networkReceivedBytes: 0, networkSentBytes: 0 });
    expect(await trafficOf(2 ** 30, 'bridge')).toBeNull();
  });
});

describe('a sample', () => {
  const READING: CgroupReading = {
    cpuNs: 2e9,
    throttledNs: null,
    workingSetBytes: 4096,
    peakMemoryBytes: 8192,
    oomKills: 0,
    readBytes: null,
    writtenBytes: 7,
    pids: 3,
    peakPids: null,
    refusedPids: null,
    pressureUs: { cpu: null, io: null, memory: null },
  };
  const TRAFFIC = { networkReceivedBytes: 1, networkSentBytes: 2 };

  test('has what the engine tells in its stream', () => {
    expect(sampleOf(READING, TRAFFIC, '2026-01-01T00:00:00.000Z')).toEqual({
      readAt: '2026-01-01T00:00:00.000Z',
      cpuTotalNs: 2e9,
      workingSetBytes: 4096,
      throttledNs: 0,
      networkReceivedBytes: 1,
      networkSentBytes: 2,
      blockReadBytes: null,
      blockWrittenBytes: 7,
      pids: 3,
    });
  });

  test.each([
    ['CPU time', { ...READING, cpuNs: null }, TRAFFIC],
    ['memory', { ...READING, workingSetBytes: null }, TRAFFIC],
    ['traffic', READING, null],
  ])('is none without its %s', (_, reading, traffic) => {
    expect(sampleOf(reading, traffic, '')).toBeNull();
  });
});
