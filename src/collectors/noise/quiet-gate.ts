/** Waits before something is timed until the machine is quiet, within a budget that a whole run shares. */
import { setTimeout as delay } from 'node:timers/promises';
import { look as lookNow, unquiet } from './quiet.ts';

/**
 * Of a run's own time, all that its first looks find noisy: the pauses and the looks after them. Enough for an update's or a
 * build's end; a machine that is busy for longer is not made quiet by waiting, and its trials are labelled.
 */
export const QUIET_BUDGET_SECONDS = 30;
/** Doubling: most noise is short, and each look costs a second. */
const PAUSES = { firstSeconds: 1, mostSeconds: 16 };

export interface Gate {
  readonly runId: string;
  readonly cpus: readonly number[];
  /** Nothing else of Paceline is running. */
  readonly alone: () => boolean;
  readonly signal: AbortSignal;
  /** Called before each pause, with what is not quiet and how much longer it is waited for at most. */
  readonly onWait?: (why: string, leftSeconds: number) => void;
}

export type Passed =
  | { readonly kind: 'quiet'; readonly waitedSeconds: number }
  /** The budget is spent. @property first whether the run hears of it for the first time */
  | { readonly kind: 'noisy'; readonly waitedSeconds: number; readonly reason: string; readonly first: boolean };

export interface QuietGate {
  /** @throws the signal's reason */
  readonly pass: (gate: Gate) => Promise<Passed>;
}

/**
 * @param budgetSeconds 0 looks and never waits
 * @param look another way to look, and `pause` and `now` other clocks, for tests
 */
export function createQuietGate(
  budgetSeconds: number,
  look = lookNow,
  pause = delay,
  now = () => performance.now() / 1_000,
): QuietGate {
  // A worker that is restarted gives its runs a new budget, which harms nothing.
  const left = new Map<string, number>();
  const spent = new Map<string, string>();
  return {
    pass: async ({ runId, cpus, alone, signal, onWait }) => {
      // Another look would cost a second and change nothing: what disturbs a trial is noticed while it runs.
      const known = spent.get(runId);
      if (known !== undefined) return { kind: 'noisy', waitedSeconds: 0, reason: known, first: false };
      let reason = unquiet(await look(cpus, alone(), signal));
      const since = now();
      const budget = left.get(runId) ?? budgetSeconds;
      const waited = () => now() - since;
      for (let seconds = PAUSES.firstSeconds; reason !== null; seconds = Math.min(2 * seconds, PAUSES.mostSeconds)) {
        const rest = budget - waited();
        if (rest <= 0) {
          spent.set(runId, reason);
          return { kind: 'noisy', waitedSeconds: waited(), reason, first: true };
        }
        onWait?.(reason, rest);
        await pause(Math.min(seconds, rest) * 1_000, undefined, { signal });
        reason = unquiet(await look(cpus, alone(), signal));
      }
      left.set(runId, budget - waited());
      return { kind: 'quiet', waitedSeconds: waited() };
    },
  };
}
