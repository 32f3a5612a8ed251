/**
 * Measures how exact readiness is, with services whose real moment of readiness is known. Most listen after a known time, under
 * healthcheck intervals of 1 to 30 s, with and without a declared port. One writes a file; one listens at once and does its
 * migrations first; one has no healthcheck. The truth is the clock in the container at that moment, which on one machine is
 * the same clock as that of `up`.
 *
 *     npm run bench:readiness [-- ROUNDS]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { medianInterval } from '../../src/analysis/statistics/median-interval.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { untilReady } from '../../src/collectors/startup/readiness.ts';
import { watchStartup } from '../../src/collectors/startup/startup-watch.ts';
import type { ComposeModel, ComposeService } from '../../src/docker/compose/compose-model.ts';
import { createEngine } from '../../src/docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from '../../src/docker/command/endpoint.ts';

const IMAGE = 'paceline/stand-in-python:3.11';
/** Different in every round, so that no phase of the intervals has an advantage. */
const delayOf = (round: number) => 0.5 + ((round * 0.77) % 3);

const LISTENS = `import sys,time,socket
time.sleep(float(sys.argv[1]))
s=socket.create_server(('',5000))
print(time.time(),flush=True)
while True:
  c,_=s.accept();c.close()`;

/** The port answers at once. The healthcheck tests something later. */
const MIGRATES = `import sys,time,socket
s=socket.create_server(('',5000))
time.sleep(float(sys.argv[1]))
open('/tmp/migrated','w').close()
print(time.time(),flush=True)
while True:
  c,_=s.accept();c.close()`;

/** Listens on no port. */
const WORKS = `import sys,time
time.sleep(float(sys.argv[1]))
open('/tmp/migrated','w').close()
print(time.time(),flush=True)
time.sleep(600)`;

const CONNECTS = ['CMD', 'python3', '-c', "import socket;socket.create_connection(('127.0.0.1',5000),1)"];
const MIGRATED = ['CMD-SHELL', 'test -e /tmp/migrated'];

interface Kind {
  readonly what: string;
  readonly script: string;
  readonly service: Partial<ComposeService>;
}

const every = (interval: number, test: readonly string[]) => ({ healthcheck: { test, interval: `${interval}s` } });
const expose = ['5000'];

const KINDS: Readonly<Record<string, Kind>> = {
  every1s: { what: 'port, 1 s', script: LISTENS, service: { expose, ...every(1, CONNECTS) } },
  every5s: { what: 'port, 5 s', script: LISTENS, service: { expose, ...every(5, CONNECTS) } },
  every30s: { what: 'port, 30 s', script: LISTENS, service: { expose, ...every(30, CONNECTS) } },
  undeclared: { what: 'no declared port, 15 s', script: LISTENS, service: every(15, CONNECTS) },
  works: { what: 'no port at all, CMD-SHELL, 15 s', script: WORKS, service: every(15, MIGRATED) },
  migrates: {
    what: 'port at once, migrations first, CMD-SHELL, 15 s',
    script: MIGRATES,
    service: { expose, ...every(15, MIGRATED) },
  },
  plain: { what: 'no declared port, no healthcheck', script: LISTENS, service: {} },
};

interface Errors {
  readonly service: string;
  readonly how: string;
  readonly ours: number;
  /** null if it has none. */
  readonly healthcheck: number | null;
}

const rounds = Number(process.argv[2] ?? 5);
const endpoint = await resolveEndpoint({ env: process.env });
const engine = createEngine(endpoint);
const docker = async (...args: readonly string[]) =>
  await execa(endpoint.cli, args, { env: endpoint.env, extendEnv: false });

const all: Errors[] = [];
for (let round = 0; round < rounds; round += 1) all.push(...(await measure(round)));
for (const [service, { what }] of Object.entries(KINDS)) {
  const own = all.filter((one) => one.service === service);
  const late = own.flatMap(({ healthcheck }) => (healthcheck === null ? [] : [healthcheck]));
  const how = [...new Set(own.map((one) => one.how))].join(' | ');
  console.log(`${what}: ours ${words(own.map(({ ours }) => ours))}; healthcheck ${words(late)}; ${how}`);
}
console.log(`readiness: Paceline's error ${words(all.map(({ ours }) => ours))}, aim ±0.3 s`);

/** One `up` with one service of each kind. */
async function measure(round: number): Promise<readonly Errors[]> {
  const project = `paceline-bench-readiness-${process.pid}-${round}`;
  const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-'));
  const model = modelFor(delayOf(round));
  const file = join(folder, 'compose.json');
  await writeFile(file, JSON.stringify(model));
  let startedMs = performance.now();
  const elapsedSeconds = () => (performance.now() - startedMs) / 1000;
  const { local } = endpoint;
  const listenSeconds = () => 10;
  const watch = await watchStartup({ engine, project, elapsedSeconds, local, runsHealthchecks: true, listenSeconds });
  startedMs = performance.now();
  const zero = Date.now() / 1000;
  try {
    const signal = AbortSignal.timeout(180_000);
    const services = Object.keys(model.services);
    const ready = untilReady({ engine, project, services, model, elapsedSeconds, watch, signal, deadlineSeconds: 120 });
    await Promise.all([ready, docker('compose', '-p', project, '-f', file, 'up', '-d')]);
    return await Promise.all(
      (await ready).map(async ({ service, timeline }) => {
        const truth = Number((await docker('logs', `${project}-${service}-1`)).stdout) - zero;
        if (timeline?.readySeconds == null) throw new Error(`${service} was not seen: ${timeline?.ready}`);
        const healthcheck = timeline.healthySeconds === null ? null : timeline.healthySeconds - truth;
        return { service, how: timeline.ready, ours: timeline.readySeconds - truth, healthcheck };
      }),
    );
  } finally {
    await watch.stop();
    await docker('compose', '-p', project, '-f', file, 'down', '-v', '-t', '0');
    await rm(folder, { recursive: true });
  }
}

function modelFor(delaySeconds: number): ComposeModel {
  const services = Object.entries(KINDS).map(([name, { script, service }]) => [
    name,
    { image: IMAGE, command: ['python3', '-c', script, String(delaySeconds)], ...service },
  ]);
  return { services: Object.fromEntries(services) };
}

/** "+0.03 s (95 % interval 0.01 to 0.05 s, n = 15)" */
function words(errors: readonly number[]): string {
  const samples = samplesOf(errors);
  if (samples === null) return 'not measured';
  const interval = medianInterval(samples);
  const range =
    interval === null
      ? ''
      : `${Math.round(interval.coverage * 100)} % interval ${signed(interval.low)} to ${signed(interval.high)} s, `;
  const worst = errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return `${signed(median(samples))} s (${range}worst ${signed(worst)} s, n = ${errors.length})`;
}

function signed(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(2)}`;
}
