import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopAndMeasure } from '../../../src/collectors/startup/tear-down.ts';
import type { ComposeService } from '../../../src/docker/compose/compose-model.ts';
import { localEngine, PYTHON_IMAGE } from '../../support/local-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let local: Awaited<ReturnType<typeof localEngine>>;
let projects = 0;
beforeAll(async () => {
  local = await localEngine('tear-down');
});
afterAll(async () => await local.cleanUp());

/** Says that it is there, so that no signal comes before its handler. */
const python = (before: string) => [
  'python3',
  '-uc',
  `import signal,sys,time\n${before}\nprint('here')\ntime.sleep(600)`,
];
const HEEDS = python('signal.signal(signal.SIGTERM,lambda *_:sys.exit(0))');
const IGNORES = python('signal.signal(signal.SIGTERM,signal.SIG_IGN)');
const ON_INTERRUPT = python('signal.signal(signal.SIGINT,lambda *_:sys.exit(3))');
/** Ends 0.4 s after it was asked to. */
const LATE = python('signal.signal(signal.SIGTERM,lambda *_:(time.sleep(0.4),sys.exit(0)))');

async function stopped(services: Readonly<Record<string, Partial<ComposeService>>>, patienceSeconds?: number) {
  const project = `paceline-test-tear-down-${process.pid}-${(projects += 1)}`;
  const model = {
    services: Object.fromEntries(
      Object.entries(services).map(([name, own]) => [name, { image: PYTHON_IMAGE, labels: local.labels, ...own }]),
    ),
    networks: { default: { labels: local.labels } },
  };
  const file = join(temporaryFolder(), 'compose.json');
  writeFileSync(file, JSON.stringify(model));
  const { engine, endpoint } = local;
  const compose = ['compose', '-p', project, '-f', file];
  await execa(endpoint.cli, [...compose, 'up', '-d'], { env: endpoint.env, extendEnv: false });
  const here = async () => {
    const { stdout } = await execa(endpoint.cli, [...compose, 'logs'], { env: endpoint.env, extendEnv: false });
    return stdout.match(/here/g)?.length ?? 0;
  };
  await expect
    .poll(here, { timeout: 20_000 })
    .toBe(Object.values(services).filter(({ command }) => command?.[0] === 'python3').length);
  return await stopAndMeasure({
    engine,
    project,
    services: Object.keys(services),
    model,
    signal: new AbortController().signal,
    ...(patienceSeconds === undefined ? {} : { patienceSeconds }),
  });
}

describe('the tear-down', () => {
  test('kills a service that ignores its signal when its grace period is over, and no other', async () => {
    const found = await stopped({
      deaf: { command: IGNORES, stop_grace_period: '2s' },
      polite: { command: HEEDS },
      other: { command: ON_INTERRUPT, stop_signal: 'SIGINT' },
    });
    if (found.kind !== 'measured') throw new Error(JSON.stringify(found));
    const { seconds, services } = found.facts;
    const of = (name: string) => services.find(({ service }) => service === name);
    expect(of('deaf')).toMatchObject({ killed: true, exitCode: 137, signal: 'SIGTERM', graceSeconds: 2 });
    expect(of('deaf')!.seconds).toBeGreaterThanOrEqual(2);
    expect(of('polite')).toMatchObject({ killed: false, exitCode: 0, signal: 'SIGTERM', graceSeconds: 10 });
    expect(of('other')).toMatchObject({ killed: false, exitCode: 3, signal: 'SIGINT' });
    expect(seconds).toBeGreaterThanOrEqual(of('deaf')!.seconds);
  });

  test('stops a dependency after those that need it, so their times add up', async () => {
    const found = await stopped({
      db: { command: LATE },
      api: { command: LATE, depends_on: { db: { condition: 'service_started' } } },
    });
    if (found.kind !== 'measured') throw new Error(JSON.stringify(found));
    const { seconds, services } = found.facts;
    expect(services.map(({ service }) => service)).toEqual(['api', 'db']);
    const [api, db] = services;
    expect(seconds).toBeGreaterThanOrEqual(api!.seconds + db!.seconds);
  });

  test('leaves out what has ended already, and is not measured where nothing runs', async () => {
    expect(await stopped({ once: { command: ['true'] } })).toEqual({ kind: 'nothingRan' });
  });

  test('is given up after a time', async () => {
    expect(await stopped({ deaf: { command: IGNORES, stop_grace_period: '5m' } }, 1)).toEqual({
      kind: 'notMeasured',
      reason: 'The services had not stopped after 1 s.',
    });
  });
});
