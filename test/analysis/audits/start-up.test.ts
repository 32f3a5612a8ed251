/** The start-up as a schedule, against start-ups whose end is known. */
import { describe, expect, test } from 'vitest';
import { serialDependency } from '../../../src/analysis/audits/serial-dependency/audit.ts';
import { startupSaving } from '../../../src/analysis/audits/support/start-up.ts';
import { unusedService } from '../../../src/analysis/audits/unused-service/audit.ts';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';
import type { RunFacts, ServiceStartup } from '../../../src/model/run.ts';
import { factsOf, planOf } from '../facts.ts';

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

describe('serial-dependency', () => {
  const found = (extra: string, state: ServiceStartup['state'] = 'healthy') => {
    const projectFiles = filesOf(
      `services:\n  cache: {image: redis}\n  db:\n    image: postgres:16\n    depends_on: [cache]\n${extra}`,
    );
    const db = { ...service('db', 7, 2, { for: 'cache', gap: 0.5 }), state };
    const startup = { seconds: 9, services: [service('cache', 0.5, 6), db] };
    return serialDependency.audit({ facts: factsOf({ projectFiles, startup }), plan: planOf(), scenarios: [] });
  };

  test.each([
    ['', 'no command'],
    ['    command: postgres -c fsync=off\n', 'its server'],
    ['    command: ["-c", "fsync=off"]\n', 'options of its server'],
  ])('finds an edge of a server with %j', (extra) => {
    expect(found(extra)).toMatchObject([{ kind: 'opportunity', where: { file: 'docker-compose.yml', line: 5 } }]);
  });

  test.each([
    ['    command: pg_dump -h cache\n', 'healthy'],
    ['    entrypoint: ["sh", "-c", "psql -h cache"]\n', 'healthy'],
    ['', 'completed'],
  ] as const)('leaves a client in the image of a server alone: %j, %s', (extra, state) => {
    expect(found(extra, state)).toEqual([]);
  });
});

describe('unused-service', () => {
  const mail = (change: object) => ({ service: 'mail', receivedBytes: 84, sentBytes: 0, ...change });
  const found = (trials: readonly { readonly traffic: unknown; readonly connections?: unknown }[]) => {
    const [trial] = factsOf().trials;
    const passed = trials.map(({ traffic, connections = [] }) => ({
      ...trial!,
      outcome: 'passed' as const,
      profile: {
        notes: [],
        traffic: [traffic],
        pytest: { connections },
      } as unknown as RunFacts['trials'][0]['profile'],
    }));
    const projectFiles = filesOf('services:\n  mail: {image: mailpit}\n');
    const startup = { seconds: 3, services: [service('mail', 0.5, 2.5)] };
    const facts = factsOf({ projectFiles, startup, trials: passed });
    return unusedService.audit({ facts, plan: planOf(), scenarios: [] });
  };

  test('finds a service that only heard what the bridge sends to all', () => {
    expect(found([{ traffic: mail({}) }])).toMatchObject([{ kind: 'opportunity' }]);
  });

  test.each([
    ['it answered a single query', [{ traffic: mail({ receivedBytes: 1350, sentBytes: 1389 }) }]],
    ['it was sent messages that need no answer', [{ traffic: mail({ receivedBytes: 2000 }) }]],
    ['another scenario talked to it', [{ traffic: mail({}) }, { traffic: mail({ sentBytes: 9000 }) }]],
    ['a test connected to it', [{ traffic: mail({}), connections: [{ host: 'mail' }] }]],
  ])('finds nothing where %s', (_, trials) => {
    expect(found(trials)).toEqual([]);
  });
});
