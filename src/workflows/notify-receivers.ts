/** Tells receivers what a run found. One that cannot be told is a note, because the run itself has ended well. */
import type { RunRef } from '../model/run.ts';
import type { Host } from './host.ts';
import { problemOf } from './problems.ts';

/** @returns notes on who was not told, and why */
export async function notifyReceivers({ notify }: Host, run: RunRef): Promise<readonly string[]> {
  try {
    const names = await notify.receivers.executeWithOptions({ summary: 'who is to be notified?' }, [{ run }]);
    const notes = await Promise.all(
      names.map((receiver) =>
        notify.notify
          .executeWithOptions({ summary: `notify ${receiver}` }, [{ run, receiver }])
          .then(() => [])
          .catch((error: unknown) => [noteOf(receiver, error)]),
      ),
    );
    return notes.flat();
  } catch (error) {
    return [noteOf('all receivers', error)];
  }
}

function noteOf(receiver: string, error: unknown): string {
  const { type, what } = problemOf(error);
  const isKnown = type === 'NotDelivered' || type === 'WrongUsage';
  return isKnown ? what : `Notifying ${receiver} failed: ${what}`;
}
