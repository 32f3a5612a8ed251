import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../../src/collectors/readiness.ts';
import { watchStartup } from '../../src/collectors/startup-watch.ts';
import { localEngine, PYTHON_IMAGE } from '../support/local-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let local: Awaited<ReturnType<typeof localEngine>>;
const PROJECT = `paceline-test-readiness-${process.pid}`;
beforeAll(async () => {
  local = await localEngine('readiness');
});
afterAll(async () => await local.cleanUp());

const server = (seconds: number) =>
  `import time,socket;time.sleep(${seconds});s=socket.create_server(('',5000))\nwhile True:\n c,_=s.accept();c.close()`;

const service = (seconds: number, more: object) => ({
  image: PYTHON_IMAGE,
  command: ['python3', '-c', server(seconds)],
  labels: local.labels,
  ...more,
});

const healthcheck = {
  test: ['CMD', 'python3', '-c', "import socket;socket.create_connection(('127.0.0.1',5000),1)"],
  interval: '3s',
};

describe('services under a healthcheck every 3 s', () => {
  test('are ready before they are healthy, and who depends on health waits for it', async () => {
    const model = {
      services: {
        db: service(0.3, { expose: ['5000'], healthcheck }),
        api: service(0, { expose: ['5000'], healthcheck, depends_on: { db: { condition: 'service_healthy' } } }),
        plain: service(0.3, { expose: ['5000'] }),
        silent: service(0, { healthcheck }),
      },
      networks: { default: { labels: local.labels } },
    };
    const file = join(temporaryFolder(), 'compose.json');
    writeFileSync(file, JSON.stringify(model));
    const { engine, endpoint } = local;
    let startedMs = performance.now();
    const elapsedSeconds = () => (performance.now() - startedMs) / 1000;
    const watch = await watchStartup({ engine, project: PROJECT, elapsedSeconds, local: true });
    startedMs = performance.now();
    const signal = AbortSignal.timeout(120_000);
    const names = Object.keys(model.services);
    const ready = untilReady({
      engine,
      project: PROJECT,
      services: names,
      model,
      elapsedSeconds,
      watch,
      signal,
      deadlineSeconds: 100,
      local: true,
    });
    await execa(endpoint.cli, ['compose', '-p', PROJECT, '-f', file, 'up', '-d'], {
      env: endpoint.env,
      extendEnv: false,
    });
    const services = Object.fromEntries((await ready).map((one) => [one.service, one]));
    await watch.stop();

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
    expect(silent!.timeline).toMatchObject({ readySeconds: null, ready: 'it exposes no TCP port' });
  });
});
