import { describe, expect, test } from 'vitest';
import {
  type SeenService,
  startupSeconds,
  startupTimelines,
} from '../../../src/collectors/startup/startup-timeline.ts';
import type { ContainerTimes } from '../../../src/collectors/startup/container-times.ts';
import type { ContainerFacts } from '../../../src/docker/engine/engine.ts';

const FACTS = { healthcheck: { intervalSeconds: 5, startPeriodSeconds: 0, startIntervalSeconds: 5 } } as ContainerFacts;
const NOTHING: ContainerTimes = {
  createdSeconds: null,
  startedSeconds: null,
  readySeconds: null,
  ready: 'TCP port 5432 did not answer',
  awaitsSeconds: 0,
  healthySeconds: null,
  endedSeconds: null,
  lastExitCode: null,
};

function seen(
  service: string,
  times: readonly Partial<ContainerTimes>[],
  change: Partial<SeenService> = {},
): SeenService {
  const containers = times.map((each) => ({ times: { ...NOTHING, ...each }, facts: FACTS }));
  return { service, state: 'healthy', seconds: 10, containers, ...change };
}

const dependsOn = (condition: string, ...names: string[]) => ({
  depends_on: Object.fromEntries(names.map((name) => [name, { condition }])),
});

describe('the timeline of a service', () => {
  test('of replicas the last counts, and one that was not seen leaves it open', () => {
    const [both] = startupTimelines([seen('db', [{ startedSeconds: 1 }, { startedSeconds: 2 }])], { services: {} });
    expect(both?.timeline?.startedSeconds).toBe(2);
    const [one] = startupTimelines([seen('db', [{ startedSeconds: 1 }, {}])], { services: {} });
    expect(one?.timeline?.startedSeconds).toBeNull();
  });

  test('what CI waits for is the event of its health, which is sharper than the look', () => {
    expect(startupTimelines([seen('db', [{ healthySeconds: 9.93 }])], { services: {} })[0]?.seconds).toBe(9.93);
    expect(startupTimelines([seen('db', [{}])], { services: {} })[0]?.seconds).toBe(10);
    expect(
      startupTimelines([seen('db', [{}], { state: 'completed', seconds: null })], { services: {} })[0]?.seconds,
    ).toBeNull();
  });

  test('of replicas, the one that was not seen to be ready says why', () => {
    const [db] = startupTimelines([seen('db', [{ readySeconds: 2, ready: 'TCP port 5432' }, {}])], { services: {} });
    expect(db?.timeline).toMatchObject({ readySeconds: null, ready: 'TCP port 5432 did not answer' });
  });

  test('waiting in vain for a sign is not part of the start-up: it counts as started once it ran for a second', () => {
    const [worker] = startupTimelines([seen('worker', [{ startedSeconds: 0.8 }], { state: 'running' })], {
      services: {},
    });
    expect(worker?.seconds).toBe(1.8);
  });

  test('names the dependency that let it start last, and what passed until it did', () => {
    const services = [
      seen('db', [{ healthySeconds: 4 }]),
      seen('cache', [{ healthySeconds: 2 }]),
      seen('api', [{ startedSeconds: 4.7 }]),
    ];
    const model = { services: { api: dependsOn('service_healthy', 'cache', 'db') } };
    const waited = startupTimelines(services, model)[2]?.timeline?.waitedFor;
    expect(waited).toMatchObject({ service: 'db', condition: 'service_healthy' });
    expect(waited?.seconds).toBeCloseTo(0.7);
  });

  test('of a one-shot that had to complete, what waited for it started after its end', () => {
    const model = { services: { api: dependsOn('service_completed_successfully', 'migrate') } };
    const migrate = seen('migrate', [{ endedSeconds: 2.5 }], { state: 'completed', seconds: null });
    const [, api] = startupTimelines([migrate, seen('api', [{ startedSeconds: 3 }])], model);
    expect(api?.timeline?.waitedFor).toEqual({
      service: 'migrate',
      condition: 'service_completed_successfully',
      seconds: 0.5,
    });
  });

  test('a service that goes on has no end, even if it ended before it was restarted', () => {
    const [worker] = startupTimelines([seen('worker', [{ endedSeconds: 2 }], { state: 'running' })], { services: {} });
    expect(worker?.timeline?.endedSeconds).toBeNull();
  });
});

describe('the start-up', () => {
  const migrate = seen('migrate', [{ endedSeconds: 9 }], { state: 'completed', seconds: null });
  const services = [seen('db', [{ healthySeconds: 4 }]), migrate];

  test.each([
    ['the tests wait for its end', { test: dependsOn('service_completed_successfully', 'migrate') }, 9],
    ['nothing waits for its end', { test: dependsOn('service_started', 'migrate') }, 4],
  ])('counts a one-shot where %s', (_, model, seconds) => {
    expect(startupSeconds(startupTimelines(services, { services: model }))).toBe(seconds);
  });

  test('has no time where every service is a one-shot that nothing waits for', () => {
    expect(startupSeconds(startupTimelines([migrate], { services: {} }))).toBeNull();
  });
});
