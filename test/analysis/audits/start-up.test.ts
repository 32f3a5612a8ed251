/** The start-up as a schedule, against start-ups whose end is known. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serialDependency } from '../../../src/analysis/audits/serial-dependency/audit.ts';
import { startupSaving } from '../../../src/analysis/audits/support/start-up.ts';
import { unusedService } from '../../../src/analysis/audits/unused-service/audit.ts';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';
import type { StartupChange } from '../../../src/model/result.ts';
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
    ['an edge in the middle', [{ kind: 'withoutEdge', from: 'cache', to: 'db' }], 3.5],
    // app starts after db alone, at 4 s, and ends at 5 s; but cache still ends at 6 s.
    ['the last edge', [{ kind: 'withoutEdge', from: 'app', to: 'cache' }], 1.5],
    ['a service at the end', [{ kind: 'withoutService', service: 'app' }], 1.5],
    ['a service that is ready earlier', [{ kind: 'earlier', service: 'db', seconds: 2 }], 2],
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
    expect(
      startupSaving([service('db', 0.5, 3), ended], FILES, [{ kind: 'withoutService', service: 'migrate' }]),
    ).toBeCloseTo(5.5, 6);
  });

  test('is nothing where another service decides when it ends', () => {
    const services = [...chain, service('slow', 0.5, 20)];
    expect(startupSaving(services, FILES, [{ kind: 'withoutEdge', from: 'cache', to: 'db' }])).toBe(0);
  });

  test('never exceeds the whole start-up', () => {
    expect(startupSaving(chain, FILES, [{ kind: 'earlier', service: 'app', seconds: 100 }])).toBeLessThanOrEqual(7.5);
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

describe('several changes of a start-up', () => {
  const random = fc
    .array(
      fc.record({
        takes: fc.double({ min: 0.1, max: 20, noNaN: true }),
        gap: fc.double({ min: 0, max: 1, noNaN: true }),
        waits: fc.array(fc.nat(6), { maxLength: 3 }),
        earlier: fc.double({ min: 0, max: 25, noNaN: true }),
      }),
      { minLength: 1, maxLength: 7 },
    )
    .map((drawn) =>
      drawn.map((one, index) => ({
        ...one,
        name: `s${index}`,
        waits: [...new Set(one.waits)].filter((other) => other < index),
      })),
    );
  type Drawn = typeof random extends fc.Arbitrary<infer T> ? T : never;

  /** The longest of all ways through the services that lead to one, without its gap where it waits for none. */
  function longest(drawn: Drawn, index: number, earlier: readonly number[]): number {
    const { takes, gap, waits } = drawn[index]!;
    const own = Math.max(0, takes - earlier[index]!);
    return own + (waits.length === 0 ? 0 : gap + Math.max(...waits.map((other) => longest(drawn, other, earlier))));
  }

  function ended(drawn: Drawn, earlier: readonly number[]): number {
    return Math.max(...drawn.map((_, index) => longest(drawn, index, earlier)));
  }

  function built(drawn: Drawn) {
    const none = drawn.map(() => 0);
    const services = drawn.map(({ name, takes, gap, waits }, index) => {
      const start = longest(drawn, index, none) - takes;
      const [last] = waits.toSorted((a, b) => longest(drawn, b, none) - longest(drawn, a, none));
      return service(name, start, takes, last === undefined ? null : { for: `s${last}`, gap });
    });
    const lines = drawn.flatMap(({ name, waits }) => [
      `  ${name}:`,
      '    image: a',
      ...(waits.length === 0 ? [] : ['    depends_on:']),
      ...waits.map((other) => `      s${other}: {condition: service_healthy}`),
    ]);
    return { services, files: filesOf(`services:\n${lines.join('\n')}\n`) };
  }

  test('save what the longest way becomes shorter by, at least what one of them saves, at most the whole', () => {
    fc.assert(
      fc.property(random, (drawn) => {
        const { services, files } = built(drawn);
        const changes = drawn.map(({ name, earlier }) => ({
          kind: 'earlier' as const,
          service: name,
          seconds: earlier,
        }));
        const saved = startupSaving(services, files, changes);
        const whole = ended(
          drawn,
          drawn.map(() => 0),
        );
        expect(saved).toBeCloseTo(
          whole -
            ended(
              drawn,
              drawn.map(({ earlier }) => earlier),
            ),
          6,
        );
        expect(saved).toBeLessThanOrEqual(whole + 1e-9);
        for (const change of changes) {
          expect(startupSaving(services, files, [change])).toBeLessThanOrEqual(saved + 1e-9);
        }
        expect(startupSaving(services, files, [])).toBe(0);
      }),
    );
  });

  test('of any kind never end later than one of them, and save at most the whole', () => {
    const change = (drawn: Drawn): fc.Arbitrary<StartupChange> => {
      const name = fc.nat(drawn.length - 1).map((index) => `s${index}`);
      return fc.oneof(
        fc.record({ kind: fc.constant('earlier' as const), service: name, seconds: fc.nat(20) }),
        fc.record({ kind: fc.constant('withoutEdge' as const), from: name, to: name }),
        fc.record({ kind: fc.constant('withoutService' as const), service: name }),
      );
    };
    const both = random.chain((drawn) => fc.tuple(fc.constant(drawn), fc.array(change(drawn), { maxLength: 4 })));
    fc.assert(
      fc.property(both, ([drawn, changes]) => {
        const { services, files } = built(drawn);
        const saved = startupSaving(services, files, changes);
        expect(saved).toBeLessThanOrEqual(
          ended(
            drawn,
            drawn.map(() => 0),
          ) + 1e-9,
        );
        for (const one of changes) expect(startupSaving(services, files, [one])).toBeLessThanOrEqual(saved + 1e-9);
      }),
    );
  });

  test('of two that are nearly as late, one alone saves only what it was later by', () => {
    const services = [
      service('db', 0.5, 15),
      service('cache', 0.5, 14),
      service('api', 16, 1, { for: 'db', gap: 0.5 }),
    ];
    const edges = 'db: {condition: service_healthy}, cache: {condition: service_healthy}';
    const files = filesOf(
      `services:\n  db: {image: a}\n  cache: {image: b}\n  api: {image: c, depends_on: {${edges}}}\n`,
    );
    const earlier = (name: string) => ({ kind: 'earlier' as const, service: name, seconds: 10 });
    expect(startupSaving(services, files, [earlier('db')])).toBeCloseTo(1);
    expect(startupSaving(services, files, [earlier('cache')])).toBe(0);
    expect(startupSaving(services, files, [earlier('db'), earlier('cache')])).toBeCloseTo(10);
  });
});
