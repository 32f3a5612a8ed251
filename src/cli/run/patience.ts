/** Patience with a slow server: on a busy machine it answers late, while the run goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PacelineError } from '../../model/failure.ts';
import { answeredTooLate } from '../../temporal-client/connect.ts';

const ASK_AGAIN_MS = 1_000;
/** After this long without an answer, a person wants to know. */
const PATIENCE_MS = 300_000;

export interface PatienceOptions {
  readonly address: string;
  /** Whether the worker runs in this process, so that the run waits for the next one. */
  readonly worksHere: boolean;
  /** Stops asking: the error is then thrown as it is. */
  readonly over: AbortSignal;
  /** A monotonic clock in milliseconds. */
  readonly nowMs?: () => number;
  readonly pause?: (milliseconds: number, over: AbortSignal) => Promise<void>;
}

/**
 * Asks until the server answers in time.
 * @throws PacelineError after five minutes without an answer; other errors of `ask` at once
 */
export async function untilAnswered<T>(ask: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { over, nowMs = () => performance.now(), pause = pauseUnless } = options;
  const startMs = nowMs();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (over.aborted || !answeredTooLate(error)) throw error;
      if (nowMs() - startMs >= PATIENCE_MS) throw silent(options, error);
      await pause(ASK_AGAIN_MS, over);
    }
  }
}

function silent({ address, worksHere }: PatienceOptions, cause: unknown): PacelineError {
  return new PacelineError(
    {
      type: 'WrongUsage',
      what: `The Temporal server at ${address} did not answer for ${PATIENCE_MS / 60_000} minutes.`,
      next: worksHere
        ? 'The run is kept. Run the same command again: it continues the run.'
        : 'The run goes on. Run the same command again: it attaches to the run.',
    },
    { cause },
  );
}

async function pauseUnless(milliseconds: number, over: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal: over }).catch(() => {});
}
