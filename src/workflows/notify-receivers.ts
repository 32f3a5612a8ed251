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
    return [noteOf(null, error)];
  }
}

function noteOf(receiver: string | null, error: unknown): string {
  const { what } = problemOf(error);
  if (receiver === null) return `No receiver was notified: ${what}`;
  return what.includes(`Receiver ${receiver} `) ? what : `Receiver ${receiver} was not notified: ${what}`;
}
