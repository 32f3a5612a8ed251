import { describe, expect, test } from 'vitest';
import { composeFileFor, type ComposeFileOptions } from '../../../src/docker/project/trial-compose-file.ts';
import {
  type ComposeModel,
  type ComposeService,
  escapeDollars,
  unescapeDollars,
} from '../../../src/docker/compose/compose-model.ts';
import type { ResolvedProject } from '../../../src/docker/project/project.ts';
import { loggingNotes, TEST_LOGGING } from '../../../src/docker/project/test-logging.ts';

function fileOf(
  services: Record<string, ComposeService>,
  options: Partial<ComposeFileOptions> = {},
  rest: Omit<ComposeModel, 'services'> = {},
) {
  const project: ResolvedProject = {
    directory: '/copy',
    composeFiles: ['/copy/c.yml'],
    variables: null,
    service: 'test',
    services: Object.keys(services).filter((name) => name !== 'test'),
    model: { name: 'shop', ...rest, services },
    builds: [],
    images: [],
    isolation: { oneLane: [], notes: [], sourceMounts: [] },
    notes: [],
  };
  return composeFileFor(project, { tags: {}, labels: {}, ...options });
}
const db = (service: ComposeService, options: Partial<ComposeFileOptions> = {}) =>
  fileOf({ db: service }, options).services['db'];

describe('the compose file of a trial', () => {
  test('has no fixed names, so that two copies can run at the same time', () => {
    const file = fileOf(
      {
        db: {
          container_name: 'my-db',
          profiles: ['x'],
          ports: [{ target: 5432 }, { target: 53, protocol: 'udp' }],
          networks: { back: { aliases: ['pg'] } },
        },
      },
      { labels: { 'paceline.run': 'r1' } },
      {
        networks: { back: { name: 'fixed', driver_opts: { 'com.docker.network.bridge.name': 'br0', mtu: '1400' } } },
        volumes: { data: { name: 'fixed' }, other: null },
        secrets: { key: { name: 'shop_key', file: '/copy/key' } },
      },
    );
    expect(file).toEqual({
      services: {
        db: {
          networks: { back: { aliases: ['pg', 'my-db'] } },
          expose: ['5432', '53/udp'],
          pull_policy: 'never',
          restart: 'no',
          labels: { 'paceline.run': 'r1' },
        },
      },
      networks: { back: { driver_opts: { mtu: '1400' }, labels: { 'paceline.run': 'r1' } } },
      volumes: { data: { labels: { 'paceline.run': 'r1' } }, other: { labels: { 'paceline.run': 'r1' } } },
      secrets: { key: { file: '/copy/key' } },
    });
  });

  test('leaves external networks and volumes as they are', () => {
    const external = {
      networks: { corp: { external: true, name: 'corp' } },
      volumes: { gold: { external: true, name: 'gold' } },
    };
    expect(fileOf({}, { labels: { a: 'b' } }, external)).toMatchObject(external);
  });

  test('runs what was built, and other images as the project has them', () => {
    const file = fileOf(
      { test: { build: { context: '.' }, image: 'shop' }, db: { image: 'postgres:16' } },
      { tags: { test: 'paceline/shop:1' } },
    );
    expect(file.services['test']).toMatchObject({ image: 'paceline/shop:1' });
    expect(file.services['test']).not.toHaveProperty('build');
    expect(file.services['db']).toMatchObject({ image: 'postgres:16' });
  });

  test.each([
    ['no', {}, 'no'],
    ['on-failure:3', { restart: 'on-failure:3' }, 'on-failure:3'],
    ['always', { restart: 'always' }, 'on-failure'],
    ['unless-stopped', { restart: 'unless-stopped' }, 'on-failure'],
    ['deploy: any', { deploy: { restart_policy: { condition: 'any' } } }, 'on-failure'],
    ['deploy: none', { restart: 'always', deploy: { restart_policy: { condition: 'none' } } }, 'no'],
  ])('a service with restart %s is not brought back by the engine later', (_, service, restart) => {
    expect(db(service)).toMatchObject({ restart });
    expect(db(service)?.deploy ?? {}).not.toHaveProperty('restart_policy');
  });

  test('the tests run once', () => {
    expect(fileOf({ test: { restart: 'always' } }).services['test']).toMatchObject({ restart: 'no' });
  });

  test.each<[ComposeService]>([
    [{}],
    [{ logging: { driver: 'none' } }],
    [{ logging: { driver: 'json-file', options: { 'max-size': '10k', compress: 'true', 'max-file': '3' } } }],
  ])("keeps the tests' whole output, whatever the service says: %j", (own) => {
    const { test: tests, db } = fileOf({ test: own, db: own }).services;
    expect(tests).toMatchObject({ logging: TEST_LOGGING });
    expect(db?.logging).toEqual(own.logging);
  });

  test.each<[string, ComposeService, object]>([
    ['alone', {}, { mem_limit: '1000' }],
    [
      "with a higher limit of the project's",
      { mem_limit: '2000', memswap_limit: '3000', mem_reservation: '1500' },
      { mem_limit: '1000' },
    ],
    ["with a lower limit of the project's", { mem_limit: '500' }, { mem_limit: '500' }],
    [
      'with limits in deploy',
      { deploy: { resources: { limits: { cpus: 0.5, memory: '700' }, reservations: { memory: '600' } } } },
      { deploy: { resources: { limits: { cpus: 0.5, memory: '700' }, reservations: { memory: '0' } } } },
    ],
    [
      'with a CPU limit in deploy',
      { deploy: { resources: { limits: { cpus: 0.5 } } } },
      { deploy: { resources: { limits: { cpus: 0.5, memory: '1000' } } } },
    ],
  ])("the lane's memory limits each container, %s", (_, service, expected) => {
    const {
      pull_policy: _policy,
      restart: _restart,
      labels: _labels,
      ...limited
    } = db(service, { memoryBytes: 1000 }) ?? {};
    expect(limited).toEqual(expected);
  });

  test("the lane's CPUs take the place of the project's; without a lane both stay", () => {
    expect(db({ cpuset: '3', mem_limit: '7' }, { cpuset: '0-1' })).toMatchObject({ cpuset: '0-1', mem_limit: '7' });
    expect(db({ cpuset: '3' })).toMatchObject({ cpuset: '3' });
  });

  test('turns binds of the source to the copy of the trial, and no others', () => {
    const volumes = ['/copy', '/copy/init.sql', '/copy-2', '/srv'].map((source) => ({
      type: 'bind',
      source,
      target: '/x',
    }));
    const own = { type: 'volume', source: '/copy', target: '/y' };
    const moved = db({ volumes: [...volumes, own] }, { sourceCopy: { from: '/copy', to: '/t/1' } })?.volumes ?? [];
    expect(moved.map(({ source }) => source)).toEqual(['/t/1', '/t/1/init.sql', '/copy-2', '/srv', '/copy']);
  });

  test('gives results folder and environment to the test service alone', () => {
    const options = { resultsMount: { host: '/r', container: '/paceline' }, extraTestEnvironment: { B: '2', C: '$3' } };
    const file = fileOf({ test: { environment: { A: '1', B: null } }, db: {} }, options);
    expect(file.services['test']).toMatchObject({
      environment: { A: '1', B: '2', C: '$$3' },
      volumes: [{ type: 'bind', source: '/r', target: '/paceline' }],
    });
    expect(file.services['db']).not.toHaveProperty('volumes');
    expect(file.services['db']).not.toHaveProperty('environment');
  });

  test('holds the services that are asked for, without dependencies on others', () => {
    const depends = {
      depends_on: { db: { condition: 'service_healthy' }, cache: { condition: 'service_started' } },
      links: ['cache:c', 'db'],
    };
    const file = fileOf({ api: depends, db: {}, cache: {}, test: {} }, { only: ['api', 'db'] });
    expect(Object.keys(file.services)).toEqual(['api', 'db']);
    expect(file.services['api']).toMatchObject({ depends_on: { db: { condition: 'service_healthy' } }, links: ['db'] });
  });
});

test("a note says that the tests' own logging is not used; there is no note without such logging", () => {
  const services = { test: { logging: { driver: 'none' } }, specs: {}, db: { logging: { driver: 'none' } } };
  expect(loggingNotes({ services }, 'test')).toEqual([
    "The `logging` of `test` (driver `none`) is not used: the tests' output is kept whole until it has been read.",
  ]);
  expect(loggingNotes({ services }, 'specs')).toEqual([]);
});

describe('dollar signs', () => {
  test('are doubled for compose in values; in keys it leaves them alone', () => {
    expect(escapeDollars({ $k: ['a$b', { c: '$$' }], n: 1, z: null })).toEqual({
      $k: ['a$$b', { c: '$$$$' }],
      n: 1,
      z: null,
    });
  });

  test('of its own output are read back in both', () => {
    expect(unescapeDollars({ $$k: ['a$$b', true] })).toEqual({ $k: ['a$b', true] });
  });
});
