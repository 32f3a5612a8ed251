import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../../src/collectors/readiness.ts';
import { watchStartup } from '../../src/collectors/startup-watch.ts';
import type { ComposeModel, ComposeService } from '../../src/docker/compose-model.ts';
import type { ServiceStartup } from '../../src/model/run.ts';
import { localEngine, PYTHON_IMAGE } from '../support/local-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
  deadlineSeconds = 100,
): Promise<Record<string, ServiceStartup>> {
  const project = `paceline-test-readiness-${process.pid}-${(projects += 1)}`;
  const model = { services, networks: { default: { labels: local.labels } } };
  const file = join(temporaryFolder(), 'compose.json');
  writeFileSync(file, JSON.stringify(model));
  const { engine, endpoint } = local;
  let startedMs = performance.now();
  const elapsedSeconds = () => (performance.now() - startedMs) / 1000;
  const watch = await watchStartup({ engine, project, elapsedSeconds, local: true });
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
    local: true,
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
    await expect(bringUp({ services: { db: restarted(script) } }, 100)).rejects.toMatchObject({
      problem: {
        type: 'ServiceUnhealthy',
        what: expect.stringMatching(
          /^The service `db` ends as often as it is started: \d+ times again, the last time with exit code 3\.$/,
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
        detail: 'There is no log: its logging driver `none` keeps none that the engine can read.',
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
        silent: service(0, { healthcheck }),
      },
    });

    for (const name of ['db', 'api']) {
      const timeline = services[name]!.timeline!;
      const { createdSeconds, startedSeconds, readySeconds, healthySeconds } = timeline;
      const inOrder = [createdSeconds, startedSeconds, readySeconds, healthySeconds] as number[];
      expect(inOrder.toSorted((a, b) => a - b)).toEqual(inOrder);
      expect(services[name]).toMatchObject({ state: 'healthy', seconds: healthySeconds });
      expect(timeline.ready).toBe('TCP port 5000');
      expect(timeline.healthcheck).toEqual({ intervalSeconds: 3, startPeriodSeconds: 0, startIntervalSeconds: 5 });
    }
    const { db, api, plain, silent } = services;
    expect(api!.timeline!.waitedFor).toMatchObject({ service: 'db', condition: 'service_healthy' });
    expect(api!.timeline!.startedSeconds).toBeGreaterThan(db!.timeline!.healthySeconds!);
    expect(plain).toMatchObject({ state: 'ready', seconds: plain!.timeline!.readySeconds });
    expect(plain!.timeline).toMatchObject({ healthySeconds: null, healthcheck: null });
    expect(silent!.timeline).toMatchObject({
      readySeconds: null,
      ready: 'it exposes no TCP port, and no line of its log tells',
    });
  });
});

test('where no port can be tried, the line of its log that says it is told', async () => {
  const says = (line: string) => ['sh', '-c', `sleep 2; echo '${line}'; exec sleep 60`];
  const services = await bringUp({
    services: {
      quiet: service(0, { command: ['sleep', '60'] }),
      web: service(0, { command: says('Listening on :8080') }),
    },
  });
  // It is no image whose log is known, so a second of running is all that is waited for.
  expect(services['quiet']).toMatchObject({
    state: 'running',
    timeline: { ready: 'it exposes no TCP port, and no line of its log tells' },
  });
  expect(services['web']!.state).toBe('running');
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
    // One whose log cannot be read is taken as one that tells nothing: nobody waits for its line.
    expect(mute).toMatchObject({
      state: 'running',
      timeline: {
        ready:
          'it exposes no TCP port, and its log cannot be read: its logging driver `none` keeps none that the engine can read',
      },
    });
    expect(cache).toMatchObject({ state: 'ready', seconds: cache!.timeline!.readySeconds });
    expect(cache!.timeline!.readySeconds).toBeGreaterThan(cache!.timeline!.startedSeconds! + 1.5);
    expect(cache!.timeline!.ready).toBe('its log: "* Ready to accept connections tcp" (it exposes no TCP port)');
  } finally {
    await local.docker('rmi', image);
  }
});
