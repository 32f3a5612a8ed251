/**
 * Stops the services of a compose project as `docker compose down` does, and measures what that takes: each service with its own
 * signal and grace period, after those that depend on it. Times are by the engine's events.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import type { Engine, EngineEvent } from '../../docker/engine/engine.ts';
import { COMPOSE_LABELS } from '../../docker/engine/labels.ts';
import type { TearDownFacts } from '../../model/stage-times.ts';
import { inReverseOrder } from './reverse-order.ts';
import { type StoppedContainer, tearDownFacts } from './tear-down-facts.ts';

export type TearDown =
  | { readonly kind: 'measured'; readonly facts: TearDownFacts }
  /** No service was running any more. */
  | { readonly kind: 'nothingRan' }
  | { readonly kind: 'notMeasured'; readonly reason: string };

export interface TearDownRequest {
  readonly engine: Pick<Engine, 'events' | 'listContainers' | 'inspectContainer' | 'stopContainer'>;
  /** The compose project's name. */
  readonly project: string;
  readonly services: readonly string[];
  /** Has `depends_on`. */
  readonly model: Pick<ComposeModel, 'services'>;
  readonly signal: AbortSignal;
  /** @default 120 */
  readonly patienceSeconds?: number;
}

/** People do not wait longer than this in CI; what still runs then is removed by force. */
const PATIENCE_SECONDS = 120;
/** How long the event of an end may be late. */
const EVENT_SECONDS = 2;
const LOOK_MS = 20;

/** @throws the signal's reason */
export async function stopAndMeasure(request: TearDownRequest): Promise<TearDown> {
  const watching = new AbortController();
  const patience = AbortSignal.timeout((request.patienceSeconds ?? PATIENCE_SECONDS) * 1_000);
  const signal = AbortSignal.any([request.signal, patience]);
  try {
    return await until(signal, measure(request, AbortSignal.any([watching.signal, request.signal])));
  } catch (error) {
    request.signal.throwIfAborted();
    if (!patience.aborted) return notMeasured(error instanceof Error ? error.message : String(error));
    return notMeasured(`The services had not stopped after ${request.patienceSeconds ?? PATIENCE_SECONDS} s.`);
  } finally {
    watching.abort(new Error('no longer watched'));
  }
}

/** The engine cannot be told to stop waiting for a container. */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

async function measure(request: TearDownRequest, watching: AbortSignal): Promise<TearDown> {
  const { engine, project, services, model } = request;
  const running = await runningContainers(request);
  if (running.length === 0) return { kind: 'nothingRan' };
  const seen = new Map<string, Ends>();
  const labels = { [COMPOSE_LABELS.project]: project };
  const events = await engine.events({ types: ['container'], actions: ['kill', 'die'], labels }, watching);
  const following = follow(events, seen);
  await inReverseOrder(services, model, async (service) => {
    const own = running.filter((each) => each.service === service);
    await Promise.all(own.map(({ id, graceSeconds }) => engine.stopContainer(id, graceSeconds)));
  });
  await untilSeen(running, seen);
  following.catch(() => {});
  const stopped = running.map((container) => ({ ...container, ...(seen.get(container.id) ?? NOT_SEEN) }));
  const unseen = stopped.find(({ signalledAtMs, diedAtMs }) => signalledAtMs === null || diedAtMs === null);
  if (unseen !== undefined) return notMeasured(`The engine sent no event of the end of ${unseen.service}.`);
  return { kind: 'measured', facts: tearDownFacts(stopped as readonly StoppedContainer[]) };
}

type Ends = Pick<StoppedContainer, 'exitCode' | 'killed'> & {
  readonly signalledAtMs: number | null;
  readonly diedAtMs: number | null;
};

const NOT_SEEN: Ends = { signalledAtMs: null, diedAtMs: null, exitCode: null, killed: false };

async function runningContainers({ engine, project, services }: TearDownRequest) {
  const listed = await engine.listContainers({ [COMPOSE_LABELS.project]: project });
  const found = await Promise.all(listed.map(({ id }) => engine.inspectContainer(id)));
  return found.flatMap((container) => {
    const service = container?.labels[COMPOSE_LABELS.service] ?? '';
    if (container?.state.status !== 'running' || !services.includes(service)) return [];
    return [{ id: container.id, service, signal: container.stopSignal, graceSeconds: container.stopGraceSeconds }];
  });
}

/** Ends with the stream. */
async function follow(events: AsyncIterable<EngineEvent>, seen: Map<string, Ends>): Promise<void> {
  try {
    for await (const event of events) seen.set(event.id, withEvent(seen.get(event.id) ?? NOT_SEEN, event));
  } catch {
    // It was stopped, or the engine is gone, which the next request reports.
  }
}

/** A second signal is the engine's SIGKILL: the grace period is over. */
function withEvent(ends: Ends, { action, atMs, attributes }: EngineEvent): Ends {
  if (action === 'kill')
    return ends.signalledAtMs === null ? { ...ends, signalledAtMs: atMs } : { ...ends, killed: true };
  const exitCode = Number.parseInt(attributes['exitCode'] ?? '', 10);
  return { ...ends, diedAtMs: atMs, exitCode: Number.isNaN(exitCode) ? null : exitCode };
}

async function untilSeen(running: readonly { readonly id: string }[], seen: ReadonlyMap<string, Ends>): Promise<void> {
  const untilMs = performance.now() + EVENT_SECONDS * 1_000;
  const isSeen = ({ id }: { readonly id: string }) => seen.get(id)?.diedAtMs != null;
  while (!running.every(isSeen) && performance.now() < untilMs) await sleep(LOOK_MS);
}

function notMeasured(reason: string): TearDown {
  return { kind: 'notMeasured', reason };
}
