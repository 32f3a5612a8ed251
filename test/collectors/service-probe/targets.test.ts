import { describe, expect, it, test } from 'vitest';
import { edges, type RunningService, targetsFrom } from '../../../src/collectors/service-probe/targets.ts';
import type { ContainerFacts } from '../../../src/docker/engine/engine.ts';

function running(
  service: string,
  image: string,
  exposedPorts: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningService {
  return { service, container: { id: service, image, exposedPorts } as unknown as ContainerFacts, environment };
}

const NONE = { services: {} };

it('every TCP port of every other service is asked, in order and at most three of each', () => {
  const many = running('mq', 'rabbitmq:3', ['15672/tcp', '5672/tcp', '4369/tcp', '25672/tcp', '53/udp']);
  const targets = targetsFrom(NONE, 'test', [many, running('test', 'app', ['8000/tcp']), running('quiet', 'app', [])]);
  expect(targets.map(({ service, host, port }) => [service, host, port])).toEqual([
    ['mq', 'mq', 4369],
    ['mq', 'mq', 5672],
    ['mq', 'mq', 15672],
  ]);
});

test.each([
  ['postgres:16', '5432/tcp', {}, { user: 'postgres', password: null, database: 'postgres' }],
  [
    'own/database',
    '5432/tcp',
    { POSTGRES_USER: 'a', POSTGRES_PASSWORD: 'b' },
    { user: 'a', password: 'b', database: 'a' },
  ],
  ['postgis/postgis:16', '5433/tcp', { POSTGRES_DB: 'c' }, { user: 'postgres', password: null, database: 'c' }],
  [
    'bitnami/postgresql:16',
    '5432/tcp',
    { POSTGRESQL_USERNAME: 'a', POSTGRESQL_PASSWORD: 'b', POSTGRESQL_DATABASE: 'c' },
    { user: 'a', password: 'b', database: 'c' },
  ],
  ['prom/postgres-exporter', '9187/tcp', {}, null],
  ['redis:7', '6379/tcp', {}, null],
] as const)('%s on %s with %j is asked as %j', (image, port, environment, postgres) => {
  expect(targetsFrom(NONE, 'test', [running('db', image, [port], environment)])[0]?.postgres).toEqual(postgres);
});

describe('where a service is', () => {
  const model = {
    services: {
      test: { network_mode: 'service:proxy' },
      proxy: {},
      sidecar: { network_mode: 'service:db' },
      db: {},
      hosted: { network_mode: 'host' },
    },
  };
  test.each([
    ['proxy', 'localhost'],
    ['db', 'db'],
    ['sidecar', 'db'],
    ['hosted', 'hosted'],
  ])('%s is asked as %s by tests in the network of the proxy', (service, host) => {
    expect(targetsFrom(model, 'test', [running(service, 'app', ['80/tcp'])])[0]?.host).toBe(host);
  });
});

it('services are asked from those that need them, by TCP alone', () => {
  const model = {
    services: {
      api: {
        depends_on: { db: { condition: 'service_healthy' }, mail: { condition: 'service_started', required: false } },
      },
      db: {},
      mail: {},
    },
  };
  const all = [
    running('api', 'app', ['80/tcp']),
    running('db', 'postgres', ['5432/tcp']),
    running('mail', 'm', ['25/tcp']),
  ];
  const found = edges(model, all).map(({ from, targets }) => [from.service, targets]);
  expect(found).toEqual([['api', [{ service: 'db', host: 'db', port: 5432, postgres: null }]]]);
});
