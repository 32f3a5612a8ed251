import { describe, expect, test } from 'vitest';
import { type StoppedContainer, tearDownFacts } from '../../../src/collectors/startup/tear-down-facts.ts';

const stopped = (service: string, signalledAtMs: number, diedAtMs: number, own: Partial<StoppedContainer> = {}) => ({
  service,
  signal: 'SIGTERM',
  graceSeconds: 10,
  signalledAtMs,
  diedAtMs,
  killed: false,
  exitCode: 0,
  ...own,
});

describe('the facts of a tear-down', () => {
  test('count from the first signal to the last end, and have services in the order of their signals', () => {
    const found = tearDownFacts([stopped('db', 2_000, 2_500), stopped('api', 1_000, 1_900)]);
    expect(found.seconds).toBe(1.5);
    expect(found.services.map(({ service, fromSeconds, seconds }) => [service, fromSeconds, seconds])).toEqual([
      ['api', 0, 0.9],
      ['db', 1, 0.5],
    ]);
  });

  test('take the last of the replicas, and one that was killed marks the service', () => {
    const { services } = tearDownFacts([
      stopped('api', 1_000, 11_000, { killed: true, exitCode: 137 }),
      stopped('api', 1_010, 11_200, { exitCode: 3 }),
    ]);
    expect(services).toEqual([
      { service: 'api', fromSeconds: 0, seconds: 10.2, killed: true, exitCode: 3, signal: 'SIGTERM', graceSeconds: 10 },
    ]);
  });
});
