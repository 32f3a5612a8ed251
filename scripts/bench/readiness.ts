/**
 * How well readiness is measured: services that listen after a known time, under healthcheck intervals of 1, 5 and 30 s.
 * The truth is the clock in the container at the moment it listens, which on one machine is the clock of `up`.
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
import { untilReady } from '../../src/collectors/readiness.ts';
import { watchStartup } from '../../src/collectors/startup-watch.ts';
import type { ComposeModel } from '../../src/docker/compose-model.ts';
import { createEngine } from '../../src/docker/dockerode-engine.ts';
import { resolveEndpoint } from '../../src/docker/endpoint.ts';

const IMAGE = 'paceline/stand-in-python:3.11';
const INTERVALS = [1, 5, 30];
/** Different in every round, so that no phase of the intervals is favoured. */
const delayOf = (round: number) => 0.5 + ((round * 0.77) % 3);

const SERVER = `import sys,time,socket
time.sleep(float(sys.argv[1]))
s=socket.create_server(('',5000))
print(time.time(),flush=True)
while True:
  c,_=s.accept();c.close()`;

interface Errors {
  readonly interval: number;
  readonly ours: number;
  readonly healthcheck: number;
}

const rounds = Number(process.argv[2] ?? 5);
const endpoint = await resolveEndpoint({ env: process.env });
const engine = createEngine(endpoint);
const docker = async (...args: readonly string[]) =>
  await execa(endpoint.cli, args, { env: endpoint.env, extendEnv: false });

const all: Errors[] = [];
for (let round = 0; round < rounds; round += 1) all.push(...(await measure(round)));
for (const interval of INTERVALS) {
  const own = all.filter((one) => one.interval === interval);
  console.log(
    `interval ${interval} s: ours ${words(own.map(({ ours }) => ours))}; healthcheck ${words(own.map(({ healthcheck }) => healthcheck))}`,
  );
}
console.log(`readiness: error of ours ${words(all.map(({ ours }) => ours))}, aim ±0.3 s`);

/** One `up` of a service for each interval. */
async function measure(round: number): Promise<readonly Errors[]> {
  const project = `paceline-bench-readiness-${process.pid}-${round}`;
  const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-'));
  const model = modelFor(delayOf(round));
  const file = join(folder, 'compose.json');
  await writeFile(file, JSON.stringify(model));
  let startedMs = performance.now();
  const elapsedSeconds = () => (performance.now() - startedMs) / 1000;
  const watch = await watchStartup({ engine, project, elapsedSeconds, local: endpoint.local });
  startedMs = performance.now();
  const zero = Date.now() / 1000;
  try {
    const signal = AbortSignal.timeout(180_000);
    const services = Object.keys(model.services);
    const request = { engine, project, services, model, elapsedSeconds, watch, signal, local: endpoint.local };
    const ready = untilReady({ ...request, deadlineSeconds: 120 });
    await Promise.all([ready, docker('compose', '-p', project, '-f', file, 'up', '-d')]);
    return await Promise.all(
      (await ready).map(async ({ service, timeline }) => {
        const listened = Number((await docker('logs', `${project}-${service}-1`)).stdout) - zero;
        if (timeline?.readySeconds == null || timeline.healthySeconds === null)
          throw new Error(`${service} was not seen: ${timeline?.ready}`);
        const interval = timeline.healthcheck?.intervalSeconds ?? Number.NaN;
        return { interval, ours: timeline.readySeconds - listened, healthcheck: timeline.healthySeconds - listened };
      }),
    );
  } finally {
    await watch.stop();
    await docker('compose', '-p', project, '-f', file, 'down', '-v', '-t', '0');
    await rm(folder, { recursive: true });
  }
}

function modelFor(delaySeconds: number): ComposeModel {
  const test = ['CMD', 'python3', '-c', "import socket;socket.create_connection(('127.0.0.1',5000),1)"];
  const services = INTERVALS.map((interval) => [
    `every${interval}s`,
    {
      image: IMAGE,
      command: ['python3', '-c', SERVER, String(delaySeconds)],
      expose: ['5000'],
      healthcheck: { test, interval: `${interval}s` },
    },
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
