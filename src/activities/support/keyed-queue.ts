/**
 * One piece of work per key at a time. Temporal may start the next attempt while an earlier one, found timed out, has not
 * yet noticed; in one process the later one waits until the earlier one has let go.
 */
export interface KeyedQueue {
  /** @throws the signal's reason when aborted while waiting */
  run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createKeyedQueue(): KeyedQueue {
  const last = new Map<string, Promise<unknown>>();
  return {
    run: async (key, signal, work) => {
      const before = last.get(key);
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const mine = Promise.all([before, ended]);
      last.set(key, mine);
      try {
        if (before !== undefined) await orAborted(before, signal);
        return await work();
      } finally {
        end();
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
