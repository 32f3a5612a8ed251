import { expect, it } from 'vitest';
import type { SampleRecord } from '../../../src/collectors/resources/resource-samples.ts';
import { trafficOf } from '../../../src/collectors/resources/traffic.ts';

const sample = (id: string, networkReceivedBytes: number, networkSentBytes: number): SampleRecord => ({
  kind: 'sample',
  id,
  readAt: '2026-11-24T10:00:00Z',
  cpuTotalNs: 0,
  workingSetBytes: 0,
  throttledNs: 0,
  networkReceivedBytes,
  networkSentBytes,
  pids: 1,
});

it('counts the tests from their start, services from their first sample, and restarts as going on', () => {
  const records: SampleRecord[] = [
    { kind: 'opened', at: '2026-11-24T10:00:00Z' },
    sample('db', 1_000, 500),
    sample('tests', 300, 40),
    sample('db', 4_000, 9_000),
    sample('tests', 9_300, 3_040),
    sample('db', 70, 20),
    sample('stranger', 1e9, 1e9),
  ];
  const services = new Map([
    ['db', 'database'],
    ['tests', 'test'],
    ['never-sampled', 'cache'],
  ]);
  expect(trafficOf(records, services, 'tests')).toEqual([
    { service: 'test', receivedBytes: 9_300, sentBytes: 3_040 },
    { service: 'database', receivedBytes: 3_070, sentBytes: 8_520 },
  ]);
});
