/** Ctrl-C, SIGTERM and SIGHUP, handled by Paceline itself: the first asks to stop in order, the second leaves at once. */

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A terminal, npm and the `paceline` bin each pass one Ctrl-C on: what comes so close together is one. */
const SAME_MS = 700;

export interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Signals end the process as usual again. */
  release(): void;
}

/** From now on until released. `onSecond` is called for a signal that comes later than the first. */
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
