/** Serving until somebody says stop. */
import { ServerDisplaced } from '../temporal/server-displaced.ts';
import type { Session } from '../temporal/session.ts';
import type { Io } from './io.ts';
import { aborted } from './signals.ts';

/**
 * Waits for the signal, or for the worker to end by itself, and closes the session.
 * @returns `displaced`: the embedded server lost its port while it was down, and is to be served anew at another
 */
export async function servesUntilStopped(
  session: Session,
  signal: AbortSignal,
  io: Io,
): Promise<'ended' | 'displaced'> {
  try {
    const why = await Promise.race([aborted(signal).then(() => 'stopped' as const), session.workerEnded]);
    if (why === 'stopped') io.err('\nStopping; what runs now goes on when a worker serves again.\n');
    return 'ended';
  } catch (error) {
    if (!(error instanceof ServerDisplaced)) throw error;
    io.err(`${error.problem.what} It starts anew at another one; nothing is lost.\n`);
    return 'displaced';
  } finally {
    await session.close();
  }
}
