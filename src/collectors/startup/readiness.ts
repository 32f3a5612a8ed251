/**
 * When each service of a compose project can be used. `up --wait` does not show it: it answers 0 with a service that
 * crashed, and 1 with a one-shot service that did its work. So every container is checked here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerFacts, Engine, ListedContainer } from '../../docker/engine/engine.ts';
import { COMPOSE_LABELS } from '../../docker/engine/labels.ts';
import { tailText } from '../../docker/engine/log-words.ts';
import { wrongFormat } from '../../docker/project/platforms.ts';
import { PacelineError } from '../../model/failure.ts';
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import type { ServiceStartup } from '../../model/run.ts';
import { type CrashLoops, createCrashLoops } from './crash-loops.ts';
import { isAwaitedToEnd, SETTLED_SECONDS, type SeenService, startupTimelines } from './startup-timeline.ts';
import type { StartupWatch } from './startup-watch.ts';

export interface ReadinessRequest {
  readonly engine: Engine;
  /** The compose project's name. */
  readonly project: string;
  readonly services: readonly string[];
  /** Has `depends_on`. */
  readonly model: Pick<ComposeModel, 'services'>;
  /** Seconds since the first `up`, by a monotonic clock. */
  readonly elapsedSeconds: () => number;
  /** Begun before the first `up`. */
  readonly watch: StartupWatch;
  readonly deadlineSeconds: number;
  readonly signal: AbortSignal;
}

/** Finer than the healthcheck intervals that it waits for, and a few ms of the engine's CPU a second. */
const LOOK_MS = 100;
const LOG_LINES = 15;

/**
 * Waits until every service is healthy, has ended with 0, or is ready if it has no healthcheck. Ready means: its first port
 * answers. If no port can be tried: its log reports it, or it listens on a port. Otherwise: it keeps running. A service that
 * ends again and again ends the wait. A service whose end others wait for is not ready before that.
 * @throws PacelineError ServiceUnhealthy with the service's last log lines; the signal's reason
 */
export async function untilReady(request: ReadinessRequest): Promise<readonly ServiceStartup[]> {
  const { services, signal, elapsedSeconds, deadlineSeconds, watch, model } = request;
  const ready = new Map<string, Omit<SeenService, 'containers'> & { readonly own: readonly ContainerFacts[] }>();
  const loops = createCrashLoops();
  const inspect = inspectChanged(request.engine);
  for (;;) {
    signal.throwIfAborted();
    const containers = await containersOf(request, inspect);
    for (const service of services) {
      const own = containers.get(service) ?? [];
      own.forEach(watch.seen);
      const state = await look(request, service, own);
      if (state === null) ready.delete(service);
      else if (!ready.has(service)) {
        const seconds = state === 'completed' ? null : elapsedSeconds();
        ready.set(service, { service, state, seconds, own });
      }
    }
    if (ready.size === services.length)
      return startupTimelines(
        services.map((service) => {
          const { own, ...seen } = ready.get(service)!;
          return { ...seen, containers: own.map((facts) => ({ facts, times: watch.timesOf(facts.id) })) };
        }),
        model,
      );
    const looping = loops.found(containers, [...ready.keys()]);
    if (looping !== null) throw await crashed(request, looping);
    if (elapsedSeconds() > deadlineSeconds)
      throw await tooLate(
        request,
        services.filter((name) => !ready.has(name)),
        containers,
      );
    await sleep(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** What is wrong with a project that `up` refused: the service that died or is unhealthy; null when no service is to blame. */
export async function blame(
  request: Pick<ReadinessRequest, 'engine' | 'project' | 'services'>,
): Promise<PacelineError | null> {
  for (const [service, containers] of await containersOf(request)) {
    const broken = containers.find(({ state }) => died(state) || isUnhealthy(state));
    if (broken !== undefined) return unhealthy(request.engine, service, broken);
  }
  return null;
}

type Ready = ServiceStartup['state'];

/** @returns null while it is not ready yet */
async function look(
  request: ReadinessRequest,
  service: string,
  containers: readonly ContainerFacts[],
): Promise<Ready | null> {
  if (containers.length === 0) return null;
  const states = await Promise.all(containers.map((container) => lookAt(request, service, container)));
  return states.includes(null) ? null : (states[0] ?? null);
}

async function lookAt(
  { engine, elapsedSeconds, watch, model }: ReadinessRequest,
  service: string,
  container: ContainerFacts,
): Promise<Ready | null> {
  const { state } = container;
  if (died(state) || isUnhealthy(state)) throw await unhealthy(engine, service, container);
  if (state.status === 'exited') return 'completed';
  if (state.status !== 'running' || isAwaitedToEnd(service, model)) return null;
  if (state.health !== null) return state.health.status === 'healthy' ? 'healthy' : null;
  const { readySeconds, startedSeconds, awaitsSeconds } = watch.timesOf(container.id);
  const running = elapsedSeconds() - (startedSeconds ?? elapsedSeconds());
  if (running < awaitsSeconds) return null;
  if (readySeconds !== null) return 'ready';
  return running >= SETTLED_SECONDS ? 'running' : null;
}

type Inspect = (listed: ListedContainer) => Promise<ContainerFacts | null>;

/**
 * Inspects a container again only if its line in the list has changed: its state, its health, or the seconds since its
 * start.
 */
function inspectChanged(engine: Engine): Inspect {
  const known = new Map<string, { readonly status: string; readonly facts: ContainerFacts | null }>();
  return async ({ id, status }) => {
    const before = known.get(id);
    if (before?.status === status) return before.facts;
    const facts = await engine.inspectContainer(id);
    known.set(id, { status, facts });
    return facts;
  };
}

async function containersOf(
  { engine, project, services }: Pick<ReadinessRequest, 'engine' | 'project' | 'services'>,
  inspect: Inspect = ({ id }) => engine.inspectContainer(id),
) {
  const listed = await engine.listContainers({ [COMPOSE_LABELS.project]: project });
  const wanted = listed.filter(({ labels }) => services.includes(labels[COMPOSE_LABELS.service] ?? ''));
  const facts = await Promise.all(wanted.map(inspect));
  return Map.groupBy(
    facts.filter((container) => container !== null),
    ({ labels }) => labels[COMPOSE_LABELS.service] ?? '',
  );
}

function died({ status, exitCode }: ContainerFacts['state']): boolean {
  return status === 'dead' || (status === 'exited' && exitCode !== 0);
}

/** The engine calls every ended container unhealthy, also one that it is about to restart. */
function isUnhealthy({ status, health }: ContainerFacts['state']): boolean {
  return status === 'running' && health?.status === 'unhealthy';
}

async function unhealthy(engine: Engine, service: string, { id, state }: ContainerFacts): Promise<PacelineError> {
  const probe = state.health?.log.at(-1)?.output.trim();
  const log = tailText(await engine.logTail(id, LOG_LINES));
  const how = state.oomKilled
    ? 'was killed for memory'
    : died(state)
      ? `ended with exit code ${state.exitCode}`
      : 'did not become healthy: its healthcheck keeps failing';
  const format = wrongFormat(`${state.error ?? ''}\n${log}`);
  return new PacelineError({
    type: 'ServiceUnhealthy',
    what: `The service \`${service}\` ${how}${format === null ? '' : `: ${format}`}.`,
    next: 'Read its log below. Paceline ran `docker compose up` on a copy of the project.',
    detail: [state.error ?? '', log.trim(), probe ? `healthcheck: ${probe}` : ''].filter(Boolean).join('\n'),
  });
}

/** Waiting longer would only start it again some more times. */
async function crashed(
  { engine, watch }: ReadinessRequest,
  { service, container, restarts: times }: NonNullable<ReturnType<CrashLoops['found']>>,
): Promise<PacelineError> {
  const code = container.state.exitCode ?? watch.timesOf(container.id).lastExitCode;
  const log = tailText(await engine.logTail(container.id, LOG_LINES));
  return new PacelineError({
    type: 'ServiceUnhealthy',
    what: `The service \`${service}\` keeps ending and being restarted: ${times} restarts, the last end with ${code === null || Number.isNaN(code) ? 'an unknown exit code' : `exit code ${code}`}.`,
    next: 'Read its log below. Paceline ran `docker compose up` on a copy of the project.',
    detail: log.trim() || 'No output.',
  });
}

async function tooLate(
  { engine, deadlineSeconds }: ReadinessRequest,
  late: readonly string[],
  containers: ReadonlyMap<string, readonly ContainerFacts[]>,
): Promise<PacelineError> {
  const [first = ''] = late;
  const container = containers.get(first)?.[0];
  const log = container === undefined ? '' : tailText(await engine.logTail(container.id, LOG_LINES));
  return new PacelineError({
    type: 'ServiceUnhealthy',
    what: `Not ready after ${Math.round(deadlineSeconds)} s: ${late.map((name) => `\`${name}\`${restarts(containers.get(name))}`).join(', ')}.`,
    next: 'Read the log below and check the healthcheck: its command, and whether `start_period` and `retries` give it enough time.',
    detail: log.trim() || 'No output.',
  });
}

/** A restart policy hides that a service ends again and again. */
function restarts(containers: readonly ContainerFacts[] = []): string {
  const most = Math.max(0, ...containers.map(({ restartCount }) => restartCount));
  return most === 0 ? '' : ` (ended and was restarted ${most} ${most === 1 ? 'time' : 'times'})`;
}
