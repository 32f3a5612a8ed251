/** The start-up as a schedule, against start-ups whose end is known. */
import { describe, expect, test } from 'vitest';
import { edgeKey, imageName, startupSaving } from '../../../src/analysis/audits/support/start-up.ts';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';
import type { ServiceStartup } from '../../../src/model/run.ts';

function filesOf(compose: string): ProjectFiles {
  const read = readComposeKeys(compose);
  if (read.kind !== 'keys') throw new Error('not YAML');
  const composeFiles = [{ file: 'docker-compose.yml', keys: read.keys, leftOut: 0 }];
  return { dockerfiles: [], dockerignores: [], composeFiles, pytest: null, unread: [] };
}

/** A service that starts at a time, is usable some seconds later, and may have waited. */
function service(
  name: string,
  started: number,
  takes: number,
  waited: { for: string; gap: number } | null = null,
): ServiceStartup {
  return {
    service: name,
    seconds: started + takes,
    state: 'healthy',
    timeline: {
      createdSeconds: 0,
      startedSeconds: started,
      readySeconds: started + takes,
      ready: 'its port',
      healthySeconds: started + takes,
      healthcheck: null,
      waitedFor: waited === null ? null : { service: waited.for, condition: 'service_healthy', seconds: waited.gap },
    },
  };
}

describe('what a change saves of the start-up', () => {
  const chain = [
    service('db', 0.5, 3),
    service('cache', 4, 2, { for: 'db', gap: 0.5 }),
    service('app', 6.5, 1, { for: 'cache', gap: 0.5 }),
  ];
  const FILES = filesOf(
    'services:\n  db: {image: postgres}\n  cache: {image: redis, depends_on: [db]}\n  app: {build: ., depends_on: [cache, db]}\n',
  );

  test.each<readonly [string, Parameters<typeof startupSaving>[2], number]>([
    // cache starts with db, at 0.5 s, and is ready at 2.5 s; app still waits for db until 3.5 s in its own edge of db: it is not the one it waited for.
    ['an edge in the middle', { withoutEdge: { from: 'cache', to: 'db' } }, 3.5],
    // app starts after db alone, at 4 s, and ends at 5 s; but cache still ends at 6 s.
    ['the last edge', { withoutEdge: { from: 'app', to: 'cache' } }, 1.5],
    ['a service at the end', { withoutService: 'app' }, 1.5],
    ['a service that is ready earlier', { earlier: { service: 'db', seconds: 2 } }, 2],
  ])('%s', (_, change, wanted) => {
    expect(startupSaving(chain, FILES, change)).toBeCloseTo(wanted, 6);
  });

  test('is what a one-shot takes that only the tests wait for', () => {
    const migrate: ServiceStartup = {
      ...service('migrate', 4, 5, { for: 'db', gap: 0.5 }),
      seconds: null,
      state: 'completed',
    };
    const ended = {
      ...migrate,
      timeline: { ...migrate.timeline!, readySeconds: null, healthySeconds: null, endedSeconds: 9 },
    };
    expect(startupSaving([service('db', 0.5, 3), ended], FILES, { withoutService: 'migrate' })).toBeCloseTo(5.5, 6);
  });

  test('is nothing where another service decides when it ends', () => {
    const services = [...chain, service('slow', 0.5, 20)];
    expect(startupSaving(services, FILES, { withoutEdge: { from: 'cache', to: 'db' } })).toBe(0);
  });

  test('never exceeds the whole start-up', () => {
    expect(startupSaving(chain, FILES, { earlier: { service: 'app', seconds: 100 } })).toBeLessThanOrEqual(7.5);
  });
});

describe('the name of an image', () => {
  test.each([
    ['postgres:15', 'postgres'],
    ['docker.io/library/redis:7-alpine', 'redis'],
    ['${PG:-registry.example:5000/postgis/postgis:16}', 'postgis'],
    ['mysql@sha256:abc', 'mysql'],
  ])('%s is %s', (image, name) => {
    expect(imageName(filesOf(`services:\n  a:\n    image: ${image}\n`), 'a')).toBe(name);
  });

  test('is unknown for a service that builds its own', () => {
    expect(imageName(filesOf('services:\n  a:\n    image: postgres\n    build: .\n'), 'a')).toBeNull();
  });
});

describe('an edge', () => {
  test.each<readonly [string, string, readonly (string | number)[]]>([
    ['the only one of a list', 'depends_on: [db]', ['depends_on']],
    ['one of a list', 'depends_on: [x, db]', ['depends_on', 1]],
    ['one of a mapping', 'depends_on: {x: {condition: a}, db: {condition: b}}', ['depends_on', 'db']],
  ])('%s', (_, written, key) => {
    expect(edgeKey(filesOf(`services:\n  a:\n    ${written}\n`), 'a', 'db')).toEqual(key);
  });
});
