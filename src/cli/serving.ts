/** Serves until a signal comes. */
import { ServerDisplaced } from '../temporal/server-displaced.ts';
import type { Session } from '../temporal/session.ts';
import type { Io } from './io.ts';
import type { RunningPages } from './pages/start.ts';
import { aborted } from './signals.ts';

/**
 * Waits for a signal or for the worker to end, then closes the session.
 * @param lastWord what else to say when a signal has come
 * @param pages closed first
 * @returns `displaced`: the embedded server lost its port while it was down, and must be restarted on another port
 */
export async function servesUntilStopped(
  session: Session,
  signal: AbortSignal,
  io: Io,
  lastWord: (session: Session) => Promise<string> = async () => '',
  pages: RunningPages | null = null,
): Promise<'ended' | 'displaced'> {
  try {
    const why = await Promise.race([aborted(signal).then(() => 'stopped' as const), session.workerEnded]);
    if (why === 'stopped')
      io.err(`\nStopping. Running trials resume with the next worker.\n${await lastWord(session)}`);
    return 'ended';
  } catch (error) {
    if (!(error instanceof ServerDisplaced)) throw error;
    io.err(`${error.problem.what} It is restarted on another port. No data is lost.\n`);
    return 'displaced';
  } finally {
    await pages?.close();
    await session.close();
  }
}
