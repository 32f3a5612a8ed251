/** Watches one running container until it can be used: by its port, its sockets, its log and its own healthcheck. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listOf } from '../../format/list-of.ts';
import { type ContainerFacts, type Engine, EngineRefusal, type HealthTest } from '../../docker/engine/engine.ts';
import { COMPOSE_LABELS } from '../../docker/engine/labels.ts';
import { cpuCounterOf } from '../cgroup/cgroup-cpu.ts';
import { type RunEnd, runUntilPassed, startCheckSeconds } from './healthcheck-runs.ts';
import type { Untold } from './listening-sockets.ts';
import { type CheckRun, type Evidence, expectedOpening, howSeen, isTold, readyAt } from './readiness-evidence.ts';
import { tellsInItsLog } from './ready-line.ts';
import { addressOf, createSigns, readLog, type SignSource, tcpPort, tryPort, watchSockets } from './signs.ts';
import type { ContainerTimes, WatchRequest } from './container-times.ts';

export interface ContainerWatch {
  readonly found: (healthySeconds: number | null) => Pick<ContainerTimes, 'readySeconds' | 'ready' | 'awaitsSeconds'>;
  readonly isWatching: () => boolean;
  /** The container ended. What was seen no longer counts, and another watch starts when it runs again. */
  readonly ended: () => void;
  /** Never rejects. */
  readonly done: Promise<unknown>;
}

export interface ContainerWatchRequest extends WatchRequest {
  readonly container: ContainerFacts;
  /** Containers whose network others have joined. */
  readonly joined: ReadonlySet<string>;
  /** Containers whose healthcheck's command is run at this time. */
  readonly asked: Set<string>;
  /** Of the engine's host. */
  readonly cpus: number;
  readonly isHealthy: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * After this time without a sign from port or log, a service without a healthcheck is accepted as it is: it may not
 * listen on any port.
 */
const SIGN_SECONDS = 30;
/** If the engine runs a healthcheck this often, almost no time is lost, and Paceline does not run it as well. */
const OFTEN_SECONDS = 1;

export function watchContainer(request: ContainerWatchRequest): ContainerWatch {
  const { container, local, engine, elapsedSeconds, joined } = request;
  const stopping = new AbortController();
  const signal = AbortSignal.any([request.signal, stopping.signal]);
  const [port, address, asking] = [tcpPort(container), addressOf(container), askingOf(request)];
  const tries = local && port !== null && address !== null ? { port, address } : null;
  const expectsSign = tries !== null || (container.logDriver !== 'none' && tellsInItsLog(container.image));
  // If only the engine's health status is waited for, nothing else is needed.
  const isJudged = container.healthcheck === null || asking.by !== 'unasked';
  let wake = new AbortController();
  const signs = createSigns(() => wake.abort());
  let runs: readonly CheckRun[] = [];
  let refused: string | null = null;
  let untold: Untold = null;
  let noLogs: string | null = null;

  const evidence = (): Evidence => ({ expectsSign, asking, openings: signs.openings(), runs });
  const source: SignSource = { container, signs, elapsedSeconds, signal };
  const hasExpected = () => expectsSign && expectedOpening(evidence()) !== undefined;
  const isDone = () => request.isHealthy() || isTold(evidence());
  const lookAtSockets = async () => {
    untold = await watchSockets(source, joined, () => isDone() || hasExpected());
  };
  const runHealthcheck = async (test: HealthTest, intervalSeconds: number) => {
    request.asked.add(container.id);
    const { pid } = container.state;
    const counter = local && pid !== null ? await cpuCounterOf(pid) : null;
    await runUntilPassed({
      run: async () => await runOnce(engine, container.id, test, signal),
      cpuSeconds: async () => secondsOf((await counter?.()) ?? null),
      timeoutSeconds: test.timeoutSeconds,
      intervalSeconds,
      elapsedSeconds,
      evidence,
      isDone,
      onRun: (run) => (runs = [...runs, run]),
      onRefused: (reason) => (refused = reason),
      pause: async (seconds) => {
        wake = new AbortController();
        await sleep(seconds * 1000, undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(() => {});
      },
      sharing: () => Math.max(1, request.asked.size / request.cpus),
      signal,
    });
    request.asked.delete(container.id);
  };
  const done = Promise.all([
    local && isJudged ? lookAtSockets() : null,
    tries === null
      ? readLog(source, engine, (reason) => (noLogs = reason))
      : tryPort(source, tries.address, tries.port),
    asking.by === 'paceline' ? runHealthcheck(asking.test, asking.intervalSeconds) : null,
  ]);
  const awaitsSeconds = () => {
    if (expectedOpening(evidence()) !== undefined) return 0;
    if (expectsSign) return SIGN_SECONDS;
    return local && untold === null ? request.listenSeconds(serviceOf(container)) : 0;
  };
  return {
    found: (healthySeconds) => {
      const ready = readyAt(evidence(), healthySeconds);
      const why = whyNotSeen({ tries, local, port, untold, noLogs, refused });
      return {
        readySeconds: ready?.seconds ?? null,
        ready: ready === null ? why : howSeen(ready),
        awaitsSeconds: awaitsSeconds(),
      };
    },
    isWatching: () => !stopping.signal.aborted,
    ended: () => {
      stopping.abort(new Error('the container ended'));
      signs.clear();
      runs = [];
    },
    done,
  };
}

type AskedBy =
  | { readonly by: 'paceline'; readonly test: HealthTest; readonly intervalSeconds: number }
  | { readonly by: 'engine'; readonly intervalSeconds: number }
  | { readonly by: 'unasked' };

function askingOf({ container: { healthcheck, healthTest }, runsHealthchecks }: ContainerWatchRequest): AskedBy {
  if (healthcheck === null || !runsHealthchecks) return { by: 'unasked' };
  const atStart = startCheckSeconds(healthcheck);
  if (atStart <= OFTEN_SECONDS) return { by: 'engine', intervalSeconds: atStart };
  return healthTest === null ? { by: 'unasked' } : { by: 'paceline', test: healthTest, intervalSeconds: atStart };
}

async function runOnce(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  { command }: HealthTest,
  signal: AbortSignal,
): Promise<RunEnd> {
  try {
    const exitCode = await engine.exec(containerId, command, signal);
    if (exitCode === null) return { kind: 'refused', reason: 'the container is gone' };
    return { kind: exitCode === 0 ? 'passed' : 'failed' };
  } catch (error) {
    return { kind: 'refused', reason: error instanceof EngineRefusal ? error.message : 'the engine did not answer' };
  }
}

interface Untried {
  readonly tries: { readonly port: number } | null;
  readonly local: boolean;
  readonly port: number | null;
  readonly untold: Untold;
  /** Why its log cannot be read. */
  readonly noLogs: string | null;
  readonly refused: string | null;
}

function whyNotSeen({ tries, local, port, untold, noLogs, refused }: Untried): string {
  const whyNoPort = !local
    ? 'its port cannot be reached on a remote engine'
    : port === null
      ? 'it exposes no TCP port'
      : 'it has no IP address';
  const listens = local ? [untold ?? 'it does not listen on a port'] : [];
  const unseen =
    tries === null
      ? [whyNoPort, ...listens, noLogs === null ? 'no line of its log shows it' : `its log cannot be read: ${noLogs}`]
      : [`TCP port ${tries.port} did not answer`];
  return listOf([...unseen, ...(refused === null ? [] : [`its healthcheck could not be run (${refused})`])]);
}

function secondsOf(ns: number | null): number | null {
  return ns === null ? null : ns / 1e9;
}

function serviceOf({ labels }: ContainerFacts): string {
  return labels[COMPOSE_LABELS.service] ?? '';
}
