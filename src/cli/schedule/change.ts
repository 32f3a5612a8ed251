/** Triggering, pausing and deleting a schedule. */
import { type Client, type ScheduleHandle, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { wrongUsage } from '../../model/failure.ts';

interface Change {
  readonly apply: (schedule: ScheduleHandle, note: string | undefined) => Promise<void>;
  readonly done: string;
}

export const CHANGES = {
  trigger: {
    apply: (schedule) => schedule.trigger(ScheduleOverlapPolicy.SKIP),
    done: 'A run was asked for; it is left out if one is at work.',
  },
  pause: { apply: async (schedule, note) => schedule.pause(note ?? (await noteOf(schedule))), done: 'Paused.' },
  unpause: { apply: async (schedule, note) => schedule.unpause(note ?? (await noteOf(schedule))), done: 'Unpaused.' },
  delete: { apply: (schedule) => schedule.delete(), done: 'Deleted.' },
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof CHANGES;

/** @returns what was done, in a sentence. @throws PacelineError WrongUsage when there is no such schedule */
export async function changeSchedule(client: Client, name: ChangeName, id: string, note?: string): Promise<string> {
  const { apply, done }: Change = CHANGES[name];
  await existing(id, apply(client.schedule.getHandle(id), note));
  return done;
}

/** Without a note the SDK would put its own in the place of the user's. */
async function noteOf(schedule: ScheduleHandle): Promise<string> {
  return (await schedule.describe()).state.note ?? 'by `paceline schedule`';
}

/** Puts the server's "not found" in words. */
export async function existing<T>(id: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw wrongUsage(`There is no schedule \`${id}\`.`, '`paceline schedule list` shows those that there are.');
  }
}
