/**
 * Watches services while they start: when each container was made, started, usable and healthy. All times are seconds
 * since the first `up` by one monotonic clock, which also stamps the engine's events as they arrive.
 */
import type { ContainerTimes, WatchRequest } from './container-times.ts';
import type { ContainerFacts, Engine, EngineEvent } from '../../docker/engine/engine.ts';
import { COMPOSE_LABELS } from '../../docker/engine/labels.ts';
import { type ContainerWatch, watchContainer } from './container-watch.ts';

export interface StartupWatch {
  /** The result of an inspection of the container: starts to watch it, and adds what no event reported. */
  readonly seen: (container: ContainerFacts) => void;
  readonly timesOf: (containerId: string) => ContainerTimes;
  /** Ends all watching; never rejects. */
  readonly stop: () => Promise<void>;
}

interface Known {
  createdSeconds: number | null;
  startedSeconds: number | null;
  healthySeconds: number | null;
  endedSeconds: number | null;
  lastExitCode: number | null;
  /** null until it was seen running. */
  watch: ContainerWatch | null;
}

/** Once this resolves, no later start is missed. Without events, only looks give the times. */
export async function watchStartup(request: WatchRequest): Promise<StartupWatch> {
  const stopping = new AbortController();
  const containers = new Map<string, Known>();
  const work: Promise<unknown>[] = [];
  const knownOf = (id: string): Known => {
    const known = containers.get(id) ?? unknown();
    containers.set(id, known);
    return known;
  };
  const joined = new Set<string>();
  const asked = new Set<string>();
  const cpus = request.runsHealthchecks ? await cpusOf(request.engine) : 1;
  const events = await openEvents(request, stopping.signal);
  if (events !== null) work.push(follow(events, request.elapsedSeconds, knownOf));
  return {
    seen: (container) => {
      const known = knownOf(container.id);
      fillIn(known, container, request);
      const other = /^container:(.+)$/.exec(container.networkMode)?.[1];
      if (other !== undefined) joined.add(other);
      if (container.state.status !== 'running' || known.watch?.isWatching() === true) return;
      known.watch = watchContainer({
        ...request,
        container,
        joined,
        asked,
        cpus,
        isHealthy: () => known.healthySeconds !== null,
        signal: stopping.signal,
      });
      work.push(known.watch.done);
    },
    timesOf: (id) => timesOf(knownOf(id)),
    stop: async () => {
      stopping.abort(new Error('no longer watched'));
      await Promise.all(work);
    },
  };
}

function unknown(): Known {
  return {
    createdSeconds: null,
    startedSeconds: null,
    healthySeconds: null,
    endedSeconds: null,
    lastExitCode: null,
    watch: null,
  };
}

function timesOf({ watch, ...known }: Known): ContainerTimes {
  const found = watch?.found(known.healthySeconds) ?? { readySeconds: null, ready: 'it did not run', awaitsSeconds: 0 };
  return { ...known, ...found };
}

/** If the engine does not answer, the next caller reports it. */
async function cpusOf(engine: Engine): Promise<number> {
  return await engine.info().then(
    ({ cpus }) => cpus,
    () => 1,
  );
}

async function openEvents({ engine, project }: WatchRequest, signal: AbortSignal) {
  const labels = { [COMPOSE_LABELS.project]: project };
  const actions = ['create', 'start', 'die', 'health_status'];
  return await engine.events({ types: ['container'], actions, labels }, signal).catch(() => null);
}

/** The first event of each kind counts: a service that restarts has the time of its first start. */
async function follow(
  events: AsyncIterable<EngineEvent>,
  elapsedSeconds: () => number,
  knownOf: (id: string) => Known,
): Promise<void> {
  try {
    for await (const { id, action, attributes } of events) {
      const known = knownOf(id);
      if (action === 'create') known.createdSeconds ??= elapsedSeconds();
      if (action === 'start') known.startedSeconds ??= elapsedSeconds();
      if (action === 'die') {
        known.endedSeconds = elapsedSeconds();
        known.lastExitCode = Number(attributes['exitCode'] ?? Number.NaN);
        // A service that was ready and ended must become ready again.
        known.watch?.ended();
      }
      if (action === 'health_status: healthy') known.healthySeconds ??= elapsedSeconds();
    }
  } catch {
    // The stream ended: it was stopped, or the engine is gone. The next request to the engine reports that.
  }
}

/** If no event reported it: the engine's timestamp if its clock is also ours, else the time when it was first seen. */
function fillIn(known: Known, { createdAt, state }: ContainerFacts, { elapsedSeconds, local }: WatchRequest): void {
  const now = elapsedSeconds();
  const at = (stamp: string) => (local ? Math.max(0, now - Math.max(0, Date.now() - Date.parse(stamp)) / 1000) : now);
  known.createdSeconds ??= at(createdAt);
  if (state.startedAt !== null) known.startedSeconds ??= at(state.startedAt);
  if (state.health?.status === 'healthy') known.healthySeconds ??= now;
  if (state.status === 'exited') known.endedSeconds ??= state.finishedAt === null ? now : at(state.finishedAt);
}
