/** Handles Ctrl-C, SIGTERM and SIGHUP: the first signal asks for a clean stop, the second one ends the process immediately. */

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The terminal, npm and the `paceline` bin each pass on one Ctrl-C. Signals that come this close together count as one. */
const SAME_MS = 700;

export interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Restores the default: signals end the process. */
  release(): void;
}

/** Handles signals until released. `onSecond` is called for the second signal. */
export function stopOnSignals(onSecond: (signal: StopSignal) => void): Stop {
  const controller = new AbortController();
  let lastMs = Number.NEGATIVE_INFINITY;
  const listener = (signal: StopSignal) => {
    const sinceMs = performance.now() - lastMs;
    lastMs = performance.now();
    if (!controller.signal.aborted) controller.abort(signal);
    else if (sinceMs > SAME_MS) onSecond(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
