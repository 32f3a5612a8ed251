/** Keeps the embedded server running while its holder serves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process.ts';
import type { EmbeddedServer } from './server.ts';

/** Much shorter than the 15 s after which activities without a server count as lost. */
const LOOK_MS = 1_000;

export interface KeptServer {
  /** The server that runs now. */
  readonly current: () => EmbeddedServer;
  /** Rejects if the server ended and could not be restarted. Otherwise pending. */
  readonly lost: Promise<never>;
  /** Stops keeping it; the server keeps running. Waits for a restart in progress. */
  stop(): Promise<void>;
}

/**
 * Restarts the server whenever it ends, for any reason.
 * @param restart at the same address: worker and clients reconnect to it without help
 */
export function keepServer(
  server: EmbeddedServer,
  restart: (ended: EmbeddedServer) => Promise<EmbeddedServer>,
): KeptServer {
  let current = server;
  const stopped = new AbortController();
  const { promise: lost, reject } = Promise.withResolvers<never>();
  // `lost` may have no listener at this moment.
  lost.catch(() => {});
  const keeping = (async () => {
    while (!stopped.signal.aborted) {
      if (!isAlive(current)) current = await restart(current);
      await sleep(LOOK_MS, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })().catch(reject);
  return {
    current: () => current,
    lost,
    stop: async () => {
      stopped.abort();
      await keeping;
    },
  };
}
