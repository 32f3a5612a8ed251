/** Waits until the machine is quiet before something is timed, within a budget for the whole run. */
import { setTimeout as delay } from 'node:timers/promises';
import { look as lookNow, unquiet } from './quiet.ts';

/**
 * The budget of a run: all pauses after a look that found noise, and the looks after them. It is enough for the end of
 * an update or a build. A machine that is busy for longer does not become quiet by waiting, and its trials are
 * labelled.
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
  /** The budget is used up. @property first whether it is the first time in this run */
  | { readonly kind: 'noisy'; readonly waitedSeconds: number; readonly reason: string; readonly first: boolean };

/**
 * A trial that ended quietly replaces a look at its CPUs for this time: until its leftovers are removed, and a little
 * more.
 */
const SEEN_SECONDS = 10;

export interface QuietGate {
  /** @throws the signal's reason */
  readonly pass: (gate: Gate) => Promise<Passed>;
  /** These CPUs were watched until now, and were quiet. The next one to pass need not look again. */
  readonly seenQuiet: (cpus: readonly number[]) => void;
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
  /** Of each CPU, when it was last seen quiet. */
  const seen = new Map<number, number>();
  const isSeen = (cpus: readonly number[]) =>
    cpus.length > 0 && cpus.every((cpu) => now() - (seen.get(cpu) ?? -Infinity) <= SEEN_SECONDS);
  return {
    seenQuiet: (cpus) => {
      for (const cpu of cpus) seen.set(cpu, now());
    },
    pass: async ({ runId, cpus, alone, signal, onWait }) => {
      // Another look would cost a second and change nothing: what disturbs a trial is noticed while it runs.
      const known = spent.get(runId);
      if (known !== undefined) return { kind: 'noisy', waitedSeconds: 0, reason: known, first: false };
      if (isSeen(cpus)) return { kind: 'quiet', waitedSeconds: 0 };
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
