/** Waits before something is timed until the machine is quiet, within a budget that a whole run shares. */
import { setTimeout as delay } from 'node:timers/promises';
import { look as lookNow, unquiet } from './quiet.ts';

/** Of waiting in a run, its looks not counted: what people put up with, and enough for an update or an indexer to end. */
export const QUIET_BUDGET_SECONDS = 60;
/** Doubling: most noise is short, and each look costs a second. */
const PAUSES = { firstSeconds: 1, mostSeconds: 16 };

export interface Gate {
  readonly runId: string;
  readonly cpus: readonly number[];
  /** Nothing else of Paceline's is at work. */
  readonly alone: () => boolean;
  readonly signal: AbortSignal;
  /** Called before each pause, with what is not quiet. */
  readonly onWait?: (why: string) => void;
}

export type Passed =
  | { readonly kind: 'quiet'; readonly waitedSeconds: number }
  /** The budget is spent. @property first whether the run hears of it for the first time */
  | { readonly kind: 'noisy'; readonly waitedSeconds: number; readonly reason: string; readonly first: boolean };

export interface QuietGate {
  /** @throws the signal's reason */
  readonly pass: (gate: Gate) => Promise<Passed>;
}

/** @param budgetSeconds 0 looks and never waits @param look another way to look, for tests */
export function createQuietGate(budgetSeconds: number, look = lookNow, pause = delay): QuietGate {
  // A worker that is restarted gives its runs a new budget, which harms nothing.
  const left = new Map<string, number>();
  const told = new Set<string>();
  return {
    pass: async ({ runId, cpus, alone, signal, onWait }) => {
      let waitedSeconds = 0;
      for (let seconds = PAUSES.firstSeconds; ; seconds = Math.min(2 * seconds, PAUSES.mostSeconds)) {
        const reason = unquiet(await look(cpus, alone(), signal));
        if (reason === null) return { kind: 'quiet', waitedSeconds };
        const budget = left.get(runId) ?? budgetSeconds;
        if (budget <= 0) {
          const first = !told.has(runId);
          told.add(runId);
          return { kind: 'noisy', waitedSeconds, reason, first };
        }
        const next = Math.min(seconds, budget);
        left.set(runId, budget - next);
        onWait?.(reason);
        await pause(next * 1_000, undefined, { signal });
        waitedSeconds += next;
      }
    },
  };
}
