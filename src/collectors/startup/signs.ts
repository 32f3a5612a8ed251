/** The sources of signs that a container can be used: its declared port, its sockets, its log. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerFacts, Engine } from '../../docker/engine/engine.ts';
import { whyNoLogs } from '../../docker/engine/log-words.ts';
import { followListening, type Untold } from './listening-sockets.ts';
import type { Opening, Sign } from './readiness-evidence.ts';
import { followReadyLine } from './ready-line.ts';

/** The valid signs of one container. */
export interface Signs {
  readonly openings: () => readonly Opening[];
  readonly opened: (sign: Sign, seconds: number) => void;
  /** An earlier sign is no longer valid. */
  readonly closed: (sign: SignName) => void;
  readonly clear: () => void;
}

type SignName = { readonly kind: 'log' } | { readonly kind: 'port' | 'socket'; readonly port: number };

/** @param onOpened for each new one */
export function createSigns(onOpened: () => void): Signs {
  let openings: readonly Opening[] = [];
  return {
    openings: () => openings,
    opened: (sign, seconds) => {
      if (openings.some((known) => isSame(known.sign, sign))) return;
      openings = [...openings, { sign, seconds }].toSorted((a, b) => a.seconds - b.seconds);
      onOpened();
    },
    closed: (sign) => {
      openings = openings.filter((known) => !isSame(known.sign, sign));
    },
    clear: () => {
      openings = [];
    },
  };
}

function isSame(a: SignName, b: SignName): boolean {
  return a.kind === b.kind && (a.kind === 'log' || b.kind === 'log' || a.port === b.port);
}

export interface SignSource {
  readonly container: ContainerFacts;
  readonly signs: Signs;
  readonly elapsedSeconds: () => number;
  readonly signal: AbortSignal;
}

/** A try is one TCP connect, about 0.1 ms of CPU. */
const TRY_MS = 50;
const TRY_TIMEOUT_MS = 1_000;
const LOOK_AGAIN_MS = 500;

/** The first TCP port that the container declares. */
export function tcpPort({ exposedPorts }: Pick<ContainerFacts, 'exposedPorts'>): number | null {
  const port = exposedPorts.find((exposed) => exposed.endsWith('/tcp'));
  return port === undefined ? null : Number.parseInt(port, 10);
}

/** Its address on the first of its networks; null if it has no address. */
export function addressOf({ networks }: Pick<ContainerFacts, 'networks'>): string | null {
  return networks.find(({ ipAddress }) => ipAddress !== null)?.ipAddress ?? null;
}

/** Until it answers. Never rejects. */
export async function tryPort(
  { signs, elapsedSeconds, signal }: SignSource,
  host: string,
  port: number,
): Promise<void> {
  while (!signal.aborted) {
    if (await answers(host, port)) {
      signs.opened({ kind: 'port', port }, elapsedSeconds());
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

/**
 * A line of its log may report it, and a later one may revoke it. Never rejects.
 * @param onNoLogs called with the reason if the engine keeps no log to read
 */
export async function readLog(
  { container: { id, image }, signs, elapsedSeconds, signal }: SignSource,
  engine: Pick<Engine, 'followLogs'>,
  onNoLogs: (reason: string) => void,
): Promise<void> {
  const onLine = (line: string | null) => {
    if (line === null) signs.closed({ kind: 'log' });
    else signs.opened({ kind: 'log', line }, elapsedSeconds());
  };
  // It ends with the container; one that is started again continues in the same log.
  while (!signal.aborted) {
    const read = await followReadyLine({ engine, container: id, image, onLine, signal }).catch(() => null);
    if (read?.kind === 'noLogs') return onNoLogs(whyNoLogs(read));
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * The ports on which it listens, as long as it does.
 * @param joined containers whose network others have joined @param isDone whether the watch can stop
 */
export async function watchSockets(
  { container, signs, elapsedSeconds, signal }: SignSource,
  joined: ReadonlySet<string>,
  isDone: () => boolean,
): Promise<Untold> {
  const { id, networkMode, state } = container;
  if (state.pid === null) return null;
  const declared = tcpPort(container);
  const nameOf = (port: number) => ({ kind: port === declared ? 'port' : 'socket', port }) as const;
  return await followListening({
    containerId: id,
    pid: state.pid,
    shared: () => networkMode === 'host' || networkMode.startsWith('container:') || joined.has(id),
    elapsedSeconds,
    onOpen: (port, seconds) => signs.opened(nameOf(port), seconds),
    onClose: (port) => signs.closed(nameOf(port)),
    isDone,
    signal,
  });
}
