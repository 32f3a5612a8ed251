import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../../../src/collectors/startup/readiness.ts';
import { watchStartup } from '../../../src/collectors/startup/startup-watch.ts';
import type { ComposeModel, ComposeService } from '../../../src/docker/compose/compose-model.ts';
import type { ServiceStartup } from '../../../src/model/run.ts';
import { localEngine, PYTHON_IMAGE } from '../../support/local-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let local: Awaited<ReturnType<typeof localEngine>>;
let projects = 0;
beforeAll(async () => {
  local = await localEngine('readiness');
});
afterAll(async () => await local.cleanUp());

const server = (seconds: number) =>
  `import time,socket;time.sleep(${seconds});s=socket.create_server(('',5000))\nwhile True:\n c,_=s.accept();c.close()`;

const service = (seconds: number, more: Partial<ComposeService>): ComposeService => ({
  image: PYTHON_IMAGE,
  command: ['python3', '-c', server(seconds)],
  labels: local.labels,
  ...more,
});

const healthcheck = {
  test: ['CMD', 'python3', '-c', "import socket;socket.create_connection(('127.0.0.1',5000),1)"],
  interval: '3s',
};

/** @returns each service when it could be used, by name @throws what `untilReady` throws */
async function bringUp(
  { services }: Pick<ComposeModel, 'services'>,
  { deadlineSeconds = 100, isLocal = true } = {},
): Promise<Record<string, ServiceStartup>> {
  const project = `paceline-test-readiness-${process.pid}-${(projects += 1)}`;
  const model = { services, networks: { default: { labels: local.labels } } };
  const file = join(temporaryFolder(), 'compose.json');
  writeFileSync(file, JSON.stringify(model));
  const { engine, endpoint } = local;
  let startedMs = performance.now();
  const elapsedSeconds = () => (performance.now() - startedMs) / 1000;
  const watch = await watchStartup({
    engine,
    project,
    elapsedSeconds,
    local: isLocal,
    runsHealthchecks: true,
    listenSeconds: () => 10,
  });
  startedMs = performance.now();
  const ready = untilReady({
    engine,
    project,
    services: Object.keys(services),
    model,
    elapsedSeconds,
    watch,
    signal: AbortSignal.timeout(120_000),
    deadlineSeconds,
  });
  ready.catch(() => {});
  try {
    await execa(endpoint.cli, ['compose', '-p', project, '-f', file, 'up', '-d'], {
      env: endpoint.env,
      extendEnv: false,
    });
    return Object.fromEntries((await ready).map((one) => [one.service, one]));
  } finally {
    await watch.stop();
  }
}

describe('a service that the engine starts again', () => {
  const ends = 'exit 3';
  const endsOnce = `if [ -e /seen ]; then exec python3 -c "${server(0)}"; fi; touch /seen; ${ends}`;
  const restarted = (script: string) =>
    service(0, { command: ['sh', '-c', script], restart: 'on-failure', healthcheck });

  test('is waited for', async () => {
    expect(await bringUp({ services: { db: restarted(endsOnce) } })).toMatchObject({ db: { state: 'healthy' } });
  });

  test('and ends each time ends the start-up, long before its deadline', async () => {
    const script = `echo 'FATAL: no configuration' >&2; ${ends}`;
    await expect(bringUp({ services: { db: restarted(script) } })).rejects.toMatchObject({
      problem: {
        type: 'ServiceUnhealthy',
        what: expect.stringMatching(
          /^The service `db` keeps ending and being restarted: \d+ restarts, the last end with exit code 3\.$/,
        ),
        detail: expect.stringContaining('FATAL: no configuration'),
      },
    });
  });

  test('without a log still ends the start-up, and says why there is none', async () => {
    const db = service(0, { command: ['sh', '-c', ends], restart: 'no', logging: { driver: 'none' } });
    await expect(bringUp({ services: { db } })).rejects.toMatchObject({
      problem: {
        type: 'ServiceUnhealthy',
        what: 'The service `db` ended with exit code 3.',
        detail: 'There is no log: its logging driver `none` does not keep a log that the engine can read.',
      },
    });
  });

  test('until another is there is waited for, however often', async () => {
    const impatient = `python3 -c "import socket;socket.create_connection(('slow',5000),1)" && exec sleep 300`;
    const services = await bringUp({
      services: {
        app: service(0, {
          command: ['sh', '-c', impatient],
          restart: 'on-failure',
          healthcheck: { test: ['CMD', 'true'], interval: '1s' },
        }),
        slow: service(5, { expose: ['5000'] }),
      },
    });
    expect(services).toMatchObject({ app: { state: 'healthy' }, slow: { state: 'ready' } });
  });
});

describe('services under a healthcheck every 3 s', () => {
  test('are ready before they are healthy, and who depends on health waits for it', async () => {
    const services = await bringUp({
      services: {
        db: service(0.3, { expose: ['5000'], healthcheck }),
        api: service(0, { expose: ['5000'], healthcheck, depends_on: { db: { condition: 'service_healthy' } } }),
        plain: service(0.3, { expose: ['5000'] }),
      },
    });

    for (const name of ['db', 'api']) {
      const timeline = services[name]!.timeline!;
      const { createdSeconds, startedSeconds, readySeconds, healthySeconds } = timeline;
      const inOrder = [createdSeconds, startedSeconds, readySeconds, healthySeconds] as number[];
      expect(inOrder.toSorted((a, b) => a - b)).toEqual(inOrder);
      expect(services[name]).toMatchObject({ state: 'healthy', seconds: healthySeconds });
      expect(timeline.ready).toBe('TCP port 5000, and its healthcheck passes');
      expect(timeline.healthcheck).toEqual({ intervalSeconds: 3, startPeriodSeconds: 0, startIntervalSeconds: 3 });
    }
    const { db, api, plain } = services;
    expect(api!.timeline!.waitedFor).toMatchObject({ service: 'db', condition: 'service_healthy' });
    expect(api!.timeline!.startedSeconds).toBeGreaterThan(db!.timeline!.healthySeconds!);
    expect(plain).toMatchObject({ state: 'ready', seconds: plain!.timeline!.readySeconds });
    expect(plain!.timeline).toMatchObject({ healthySeconds: null, healthcheck: null });
    expect(plain!.timeline!.ready).toBe('TCP port 5000');
  });
});

describe('services that declare no port', () => {
  const shellCheck = { test: ['CMD-SHELL', 'test -e /ready'], interval: '4s' };
  const readyFile = ['sh', '-c', 'sleep 1; touch /ready; exec sleep 60'];

  test('are ready before they are healthy, by their own healthcheck, by where they listen, or by both', async () => {
    const services = await bringUp({
      services: {
        listens: service(1, { healthcheck: { ...healthcheck, interval: '4s' } }),
        file: service(0, { command: readyFile, healthcheck: shellCheck }),
        plain: service(1, {}),
        // The port that it declares is its image's, and it does not listen on a port: a worker in the image of a web service.
        inherits: service(0, { command: readyFile, expose: ['8000'], healthcheck: shellCheck }),
        joins: service(0, { command: ['sleep', '60'], network_mode: 'service:plain' }),
        says: service(0, { command: ['sh', '-c', "sleep 2; echo 'Listening on :8080'; exec sleep 60"] }),
        worker: service(0, { command: ['sleep', '60'] }),
      },
    });
    for (const name of ['listens', 'file', 'inherits']) {
      const { createdSeconds, startedSeconds, readySeconds, healthySeconds } = services[name]!.timeline!;
      const inOrder = [createdSeconds, startedSeconds, readySeconds, healthySeconds] as number[];
      expect(inOrder, name).not.toContain(null);
      expect(inOrder.toSorted((a, b) => a - b)).toEqual(inOrder);
      expect(services[name]!.state).toBe('healthy');
    }
    const how = Object.fromEntries(Object.values(services).map((one) => [one.service, one.timeline!.ready]));
    expect(how).toEqual({
      // A run that began before it listened may pass before its socket is seen.
      listens: expect.stringMatching(
        /^it listens on TCP port 5000, and its healthcheck passes$|^its healthcheck, run by Paceline$/,
      ),
      file: 'its healthcheck, run by Paceline',
      plain: 'it listens on TCP port 5000',
      inherits: 'its healthcheck, run by Paceline',
      joins: 'it exposes no TCP port, it does not listen on a port and no line of its log shows it',
      says: 'its log: "Listening on :8080"',
      worker: 'it exposes no TCP port, it does not listen on a port and no line of its log shows it',
    });
    expect(services).toMatchObject({
      plain: { state: 'ready' },
      says: { state: 'ready' },
      worker: { state: 'running' },
      joins: { state: 'running' },
    });
    expect(services['worker']!.seconds).toBe(services['worker']!.timeline!.startedSeconds! + 1);
  });

  test('on a remote engine are ready by their own healthcheck, and where they have none, that is why it is not known', async () => {
    const services = await bringUp(
      { services: { file: service(0, { command: readyFile, healthcheck: shellCheck }), plain: service(0, {}) } },
      { isLocal: false },
    );
    const { file, plain } = services;
    expect(file!.timeline).toMatchObject({ ready: 'its healthcheck, run by Paceline' });
    expect(file!.timeline!.readySeconds).toBeLessThan(file!.timeline!.healthySeconds!);
    expect(plain!.timeline).toMatchObject({
      readySeconds: null,
      ready: 'its port cannot be reached on a remote engine and no line of its log shows it',
    });
  });
});

test('a service whose image is known to say in its log when it can be used is waited for', async () => {
  const image = `paceline-test-readiness-${process.pid}/redis:1`;
  await local.docker('tag', PYTHON_IMAGE, image);
  try {
    const command = ['sh', '-c', "sleep 2; echo '* Ready to accept connections tcp'; exec sleep 60"];
    const logging = { driver: 'none' };
    const { cache, mute } = await bringUp({
      services: {
        cache: service(0, { image, command }),
        mute: service(0, { image, command: ['sleep', '60'], logging }),
      },
    });
    // A service whose log cannot be read is treated like one with a silent log: Paceline does not wait for its line.
    expect(mute).toMatchObject({
      state: 'running',
      timeline: {
        ready:
          'it exposes no TCP port, it does not listen on a port and its log cannot be read: its logging driver `none` does not keep a log that the engine can read',
      },
    });
    expect(cache).toMatchObject({ state: 'ready', seconds: cache!.timeline!.readySeconds });
    expect(cache!.timeline!.readySeconds).toBeGreaterThan(cache!.timeline!.startedSeconds! + 1.5);
    expect(cache!.timeline!.ready).toBe('its log: "* Ready to accept connections tcp"');
  } finally {
    await local.docker('rmi', image);
  }
});
