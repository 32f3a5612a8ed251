import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { savedSeconds } from '../../src/analysis/audits/healthcheck-interval/audit.ts';
import type { ServiceStartup, StartupTimeline } from '../../src/model/run.ts';
import { readComposeKeys } from '../../src/docker/project-files/compose-keys.ts';
import { factsOf } from './facts.ts';

function service(
  name: string,
  [started, ready, healthy]: readonly [number, number | null, number | null],
  waitedFor: StartupTimeline['waitedFor'] = null,
): ServiceStartup {
  return {
    service: name,
    state: healthy === null ? 'ready' : 'healthy',
    seconds: healthy ?? ready,
    timeline: {
      createdSeconds: 0.4,
      startedSeconds: started,
      readySeconds: ready,
      ready: 'TCP port 5432',
      healthySeconds: healthy,
      healthcheck: healthy === null ? null : { intervalSeconds: 5, startPeriodSeconds: 0, startIntervalSeconds: 5 },
      waitedFor,
    },
  };
}

function advice(...services: readonly ServiceStartup[]) {
  const seconds = Math.max(...services.map((one) => one.seconds ?? 0));
  const all = analyze(factsOf({ startup: { seconds, services } })).advice;
  return all.filter(({ id }) => id === 'healthcheck-interval');
}

const afterDb = { service: 'db', condition: 'service_healthy', seconds: 0.5 };

describe('healthcheck-interval', () => {
  test('tells when a service was ready, when it was healthy, and by which interval it was lost', () => {
    const [found] = advice(service('db', [0.8, 1.1, 5.2]));
    expect(found?.message).toContain(
      "db was ready after 1.1 s and healthy after 5.2 s: 4.1 s lost to its healthcheck's 5 s interval.",
    );
    expect(found?.saves?.predicted?.value).toBeCloseTo(4.1 - 0.25);
  });

  test('names the start_interval where that is what the first check waits for', () => {
    const db = service('db', [0.8, 1.1, 5.9]);
    const healthcheck = { intervalSeconds: 1, startPeriodSeconds: 30, startIntervalSeconds: 5 };
    const [found] = advice({ ...db, timeline: { ...db.timeline!, healthcheck } });
    expect(found?.message).toContain(
      "4.8 s lost to its healthcheck's start_interval of 5 s. Add `start_interval: 500ms` to it",
    );
  });

  test('names the interval where the engine did not wait for its start_interval', () => {
    const db = service('db', [0.8, 1.1, 3.2]);
    const healthcheck = { intervalSeconds: 2, startPeriodSeconds: 30, startIntervalSeconds: 5 };
    const [found] = advice({ ...db, timeline: { ...db.timeline!, healthcheck } });
    expect(found?.message).toContain("2.1 s lost to its healthcheck's 2 s interval.");
  });

  test('says nothing of an interval of a second: what is lost to it is chance', () => {
    // As on the sample shop: predicted 0.8 s, rejected in pairs.
    const db = service('db', [0.8, 1.8, 2.9]);
    const healthcheck = { intervalSeconds: 1, startPeriodSeconds: 5, startIntervalSeconds: 1 };
    expect(advice({ ...db, timeline: { ...db.timeline!, healthcheck } })).toEqual([]);
  });

  test.each<readonly [string, number, { readonly low: number; readonly high: number }]>([
    ['a whole advised interval, or none, still lost', 5.2, { low: 4.1 - 0.5, high: 4.1 }],
    ['ready just after a check, which may pass the next time', 6.3, { low: 0, high: 5.2 }],
  ])('predicts between two ends: %s', (_, healthySeconds, { low, high }) => {
    const [found] = advice(service('db', [0.8, 1.1, healthySeconds]));
    expect(found?.saves?.predicted?.low).toBeCloseTo(low);
    expect(found?.saves?.predicted?.high).toBeCloseTo(high);
  });

  test('a service that depends on it starts earlier by as much', () => {
    const found = advice(service('db', [0.8, 1.1, 5.2]), service('api', [5.7, 6, 6.4], afterDb));
    expect(found).toHaveLength(1);
    expect(found[0]?.saves?.predicted?.value).toBeCloseTo(4.1 - 0.25);
  });

  test('what starts after a migration of it starts earlier by as much', () => {
    const migrate: ServiceStartup = { ...service('migrate', [5.7, null, null], afterDb), state: 'completed' };
    const ended = { ...migrate, timeline: { ...migrate.timeline!, endedSeconds: 8 } };
    const afterIt = { service: 'migrate', condition: 'service_completed_successfully', seconds: 0.4 };
    const services = [service('db', [0.8, 1.1, 5.2]), ended, service('api', [8.4, 9, 9.4], afterIt)];
    expect(savedSeconds(['db'], services, null)?.value).toBeCloseTo(4.1 - 0.25);
    // The migration is the last to end where only the tests wait for it.
    expect(savedSeconds(['db'], services.slice(0, 2), null)?.value).toBeCloseTo(4.1 - 0.25);
  });

  test('each service of a chain is reported with its own saving', () => {
    const found = advice(service('db', [0.8, 1.1, 5.2]), service('api', [5.7, 6, 10.7], afterDb));
    expect(found.map(({ saves }) => saves?.predicted?.value)).toEqual([expect.closeTo(3.85), expect.closeTo(4.45)]);
  });

  test('in a chain with long intervals, the reported savings add up to the saving of fixing both', () => {
    const chain = [
      service('store', [0.6, 1.5, 15.4]),
      service('api', [16, 17.2, 31.3], { ...afterDb, service: 'store' }),
    ];
    const found = advice(...chain);
    expect(found.map(({ message }) => message.split(' ')[0])).toEqual(['store', 'api']);
    const sum = found.reduce((seconds, one) => seconds + (one.saves?.predicted?.value ?? 0), 0);
    expect(savedSeconds(['store', 'api'], chain, null)?.value).toBeCloseTo(sum);
  });

  test('two that are late at the same time are reported together, with the saving of fixing both', () => {
    const [found, ...others] = advice(service('cache', [0.5, 0.6, 5.3]), service('db', [0.8, 1.1, 5.2]));
    expect(others).toEqual([]);
    expect(found?.message).toBe(
      'Add `start_period: 30s` and `start_interval: 500ms` to cache and db (Docker 25 or later): only together do they save anything.',
    );
    expect(found?.evidence).toHaveLength(2);
    expect(found?.saves?.predicted?.value).toBeCloseTo(5.3 - 1.35);
  });

  test('has nothing to say where another service is ready later all the same', () => {
    expect(advice(service('cache', [0.5, 0.6, 2.6]), service('db', [0.8, 9, 9.1]))).toEqual([]);
  });

  test.each([
    ['less than a second is lost', service('db', [0.8, 1.1, 2])],
    ['it has no healthcheck', service('db', [0.8, 9, null])],
    ['it is not known when it was ready', service('db', [0.8, null, 9])],
    ['nothing was seen', { service: 'db', state: 'healthy', seconds: 9, timeline: null } satisfies ServiceStartup],
  ])('has nothing to say where %s', (_, one) => {
    expect(advice(one)).toEqual([]);
  });
});

describe('the patch of healthcheck-interval', () => {
  const compose = (...healthcheck: readonly string[]) => [
    'services:',
    '  db:',
    '    image: postgres:16',
    ...healthcheck,
    '    tmpfs: /data',
  ];
  const keysOf = (lines: readonly string[]) => {
    const read = readComposeKeys(`${lines.join('\n')}\n`);
    if (read.kind !== 'keys') throw new Error('not readable');
    return read.keys;
  };
  const adviceOf = (lines: readonly string[], change: Partial<ReturnType<typeof factsOf>> = {}) => {
    const file = 'docker-compose.test.yml';
    const projectFiles = {
      dockerfiles: [],
      dockerignores: [],
      composeFiles: [{ file, keys: keysOf(lines), leftOut: 0 }],
      pytest: null,
      unread: [],
      texts: [{ file, lines, endsWithNewline: true, crlf: false }],
    };
    const startup = { seconds: 5.2, services: [service('db', [0.8, 1.1, 5.2])] };
    return analyze(factsOf({ startup, projectFiles, ...change })).advice.find(
      ({ id }) => id === 'healthcheck-interval',
    );
  };

  test('adds the keys to the healthcheck, and names the line of the interval', () => {
    const found = adviceOf(compose('    healthcheck:', '      test: pg_isready', '      interval: 5s'));
    expect(found?.where).toEqual({ file: 'docker-compose.test.yml', line: 6 });
    expect(found?.remedy).toMatchObject({
      kind: 'patch',
      patch: expect.stringContaining('+      start_interval: 500ms'),
    });
    expect(found?.remedy).toMatchObject({ patch: expect.stringContaining('+      start_period: 30s') });
  });

  test('adds a healthcheck where only the image has one', () => {
    const found = adviceOf(compose());
    expect(found?.where).toEqual({ file: 'docker-compose.test.yml', line: 2 });
    expect(found?.remedy).toMatchObject({
      patch: expect.stringContaining('+    healthcheck: { start_period: 30s, start_interval: 500ms }'),
    });
  });

  test('is steps where the file cannot be edited by lines, and for an engine before 25', () => {
    const flow = compose('    healthcheck: { test: pg_isready, interval: 5s }');
    expect(adviceOf(flow)?.remedy?.kind).toBe('steps');
    const [host] = factsOf().hosts;
    const key = { ...host!.fingerprint.key, engineMajor: '24' };
    const hosts = [{ ...host!, fingerprint: { ...host!.fingerprint, key } }];
    const block = compose('    healthcheck:', '      test: pg_isready', '      interval: 5s');
    expect(adviceOf(block, { hosts })?.remedy?.kind).toBe('steps');
  });
});
