/**
 * Watches services while they start: when each container was made, started, usable and healthy, all in seconds since the
 * first `up` by one monotonic clock, on which the engine's events are stamped as they arrive.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerFacts, Engine, EngineEvent } from '../docker/engine.ts';
import { whyNoLogs } from '../docker/log-words.ts';
import { followReadyLine } from './ready-line.ts';

export interface ContainerTimes {
  readonly createdSeconds: number | null;
  readonly startedSeconds: number | null;
  readonly readySeconds: number | null;
  /** How `readySeconds` was or would have been seen. */
  readonly ready: string;
  /** Why its log cannot be read; null where it can, or was not asked for. */
  readonly noLogs: string | null;
  readonly healthySeconds: number | null;
  /** How it ended last, of one that is started again and again; null where it did not end. */
  readonly lastExitCode: number | null;
}

export interface StartupWatch {
  /** What a look at the container showed: begins to try its port, and fills in what no event told. */
  readonly seen: (container: ContainerFacts) => void;
  readonly timesOf: (containerId: string) => ContainerTimes;
  /** Ends all watching; never rejects. */
  readonly stop: () => Promise<void>;
}

interface WatchRequest {
  readonly engine: Engine;
  /** The compose project's name. */
  readonly project: string;
  readonly elapsedSeconds: () => number;
  /** Container addresses can be reached from here, and the engine's clock is this machine's. */
  readonly local: boolean;
}

type Times = { -readonly [K in keyof ContainerTimes]: ContainerTimes[K] };

/** A try is one TCP connect, about 0.1 ms of CPU. */
const TRY_MS = 50;
const TRY_TIMEOUT_MS = 1_000;
const LOOK_AGAIN_MS = 500;

/** Once this resolves, nothing that starts afterwards is missed. Without events, looks alone give the times. */
export async function watchStartup(request: WatchRequest): Promise<StartupWatch> {
  const stopping = new AbortController();
  const times = new Map<string, Times>();
  const work: Promise<void>[] = [];
  const timesFor = (id: string): Times => {
    const known = times.get(id) ?? unknown();
    times.set(id, known);
    return known;
  };
  const events = await openEvents(request, stopping.signal);
  if (events !== null) work.push(follow(events, request.elapsedSeconds, timesFor));
  const tried = new Set<string>();
  return {
    seen: (container) => {
      const known = timesFor(container.id);
      fillIn(known, container, request);
      if (container.state.status !== 'running' || tried.has(container.id)) return;
      const address = container.networks.find(({ ipAddress }) => ipAddress !== null)?.ipAddress;
      const port = tcpPort(container);
      known.ready = howReady(request.local, port, address);
      tried.add(container.id);
      if (request.local && port !== null && address)
        work.push(tryPort(address, port, known, request.elapsedSeconds, stopping.signal));
      else work.push(readLog(request, container, known, stopping.signal));
    },
    timesOf: timesFor,
    stop: async () => {
      stopping.abort(new Error('no longer watched'));
      await Promise.all(work);
    },
  };
}

function unknown(): Times {
  return {
    createdSeconds: null,
    startedSeconds: null,
    readySeconds: null,
    ready: 'it did not run',
    noLogs: null,
    healthySeconds: null,
    lastExitCode: null,
  };
}

async function openEvents({ engine, project }: WatchRequest, signal: AbortSignal) {
  const labels = { 'com.docker.compose.project': project };
  const actions = ['create', 'start', 'die', 'health_status'];
  return await engine.events({ types: ['container'], actions, labels }, signal).catch(() => null);
}

/** The first of each counts: a service that restarts started when it started first. */
async function follow(
  events: AsyncIterable<EngineEvent>,
  elapsedSeconds: () => number,
  timesFor: (id: string) => Times,
): Promise<void> {
  try {
    for await (const { id, action, attributes } of events) {
      const known = timesFor(id);
      if (action === 'create') known.createdSeconds ??= elapsedSeconds();
      if (action === 'start') known.startedSeconds ??= elapsedSeconds();
      if (action === 'die') known.lastExitCode = Number(attributes['exitCode'] ?? Number.NaN);
      if (action === 'health_status: healthy') known.healthySeconds ??= elapsedSeconds();
    }
  } catch {
    // The stream ended: stopped, or the engine went away, which whoever asks it next will tell.
  }
}

/** Where no event told it: by the engine's own stamps if its clock is ours, else when it was first seen. */
function fillIn(known: Times, { createdAt, state }: ContainerFacts, { elapsedSeconds, local }: WatchRequest): void {
  const now = elapsedSeconds();
  const at = (stamp: string) => (local ? Math.max(0, now - Math.max(0, Date.now() - Date.parse(stamp)) / 1000) : now);
  known.createdSeconds ??= at(createdAt);
  if (state.startedAt !== null) known.startedSeconds ??= at(state.startedAt);
  if (state.health?.status === 'healthy') known.healthySeconds ??= now;
}

/** The first port that the container tells of. */
export function tcpPort({ exposedPorts }: Pick<ContainerFacts, 'exposedPorts'>): number | null {
  const port = exposedPorts.find((exposed) => exposed.endsWith('/tcp'));
  return port === undefined ? null : Number.parseInt(port, 10);
}

function howReady(local: boolean, port: number | null, address: string | null | undefined): string {
  if (!local) return 'its port cannot be tried on a remote engine';
  if (port === null) return 'it exposes no TCP port';
  return address ? `TCP port ${port}` : 'it has no address of its own';
}

/** Where no port can be tried, a line of its log may tell; a later one that it stops takes that back. */
async function readLog(
  { engine, elapsedSeconds }: WatchRequest,
  { id, image }: ContainerFacts,
  known: Times,
  signal: AbortSignal,
): Promise<void> {
  const whyNoPort = known.ready;
  const onLine = (line: string | null) => {
    known.readySeconds = line === null ? null : elapsedSeconds();
    known.ready = line === null ? whyNoPort : `its log: "${line}" (${whyNoPort})`;
  };
  // It ends with the container; one that is started again goes on in the same log.
  while (!signal.aborted) {
    const read = await followReadyLine({ engine, container: id, image, onLine, signal }).catch(() => null);
    if (read?.kind === 'noLogs') {
      known.noLogs = whyNoLogs(read);
      return;
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

async function tryPort(
  host: string,
  port: number,
  known: Times,
  elapsedSeconds: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (await answers(host, port)) {
      known.readySeconds = elapsedSeconds();
      return;
    }
    await sleep(TRY_MS, undefined, { signal }).catch(() => {});
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TRY_TIMEOUT_MS });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
