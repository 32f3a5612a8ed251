/** Serving until somebody says stop. */
import type { Session } from '../temporal/session.ts';
import type { Io } from './io.ts';
import { aborted, type Stop } from './signals.ts';

/** Waits for a signal, or for the worker to end by itself, and closes the session. @returns the exit code */
export async function servesUntilStopped(session: Session, stop: Stop, io: Io): Promise<number> {
  try {
    const why = await Promise.race([aborted(stop.signal).then(() => 'stopped' as const), session.workerEnded]);
    if (why === 'stopped') io.err('\nStopping; what runs now goes on when a worker serves again.\n');
  } finally {
    await session.close();
    stop.release();
  }
  return 0;
}
