/** Keeps the embedded server running for as long as its holder serves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process.ts';
import type { EmbeddedServer } from './server.ts';

/** Activities miss their server for 15 s before they count as lost: it is back long before. */
const LOOK_MS = 1_000;

export interface KeptServer {
  /** The one that runs now. */
  readonly current: () => EmbeddedServer;
  /** Rejects when it ended and could not be started anew; else pending. */
  readonly lost: Promise<never>;
  /** Ends the keeping, not the server; waits for a start that is under way. */
  stop(): Promise<void>;
}

/**
 * A server that ended, whatever ended it, is started anew.
 * @param restart at the address of the one that ended: worker and clients come back to it by themselves
 */
export function keepServer(
  server: EmbeddedServer,
  restart: (ended: EmbeddedServer) => Promise<EmbeddedServer>,
): KeptServer {
  let current = server;
  const stopped = new AbortController();
  const { promise: lost, reject } = Promise.withResolvers<never>();
  // Nobody may be listening yet, or any more.
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
