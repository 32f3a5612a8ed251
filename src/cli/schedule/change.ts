/** Triggers, pauses and deletes schedules. */
import { type Client, type ScheduleHandle, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { wrongUsage } from '../../model/failure.ts';

interface Change {
  readonly apply: (schedule: ScheduleHandle, note: string | undefined) => Promise<void>;
  readonly done: string;
}

export const CHANGES = {
  trigger: {
    apply: (schedule) => schedule.trigger(ScheduleOverlapPolicy.SKIP),
    done: 'A run was requested. It is skipped if another one is running.',
  },
  pause: {
    apply: async (schedule, note) => schedule.pause(pausedNote((await noteOf(schedule)) ?? '', note)),
    done: 'Paused.',
  },
  unpause: {
    apply: async (schedule, note) => schedule.unpause(note ?? unpausedNote((await noteOf(schedule)) ?? '')),
    done: 'Unpaused.',
  },
  delete: { apply: (schedule) => schedule.delete(), done: 'Deleted.' },
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof CHANGES;

/** @returns one sentence about what was done @throws PacelineError WrongUsage if there is no such schedule */
export async function changeSchedule(client: Client, name: ChangeName, id: string, note?: string): Promise<string> {
  const { apply, done }: Change = CHANGES[name];
  await existing(id, apply(client.schedule.getHandle(id), note));
  return done;
}

/** Without a note, the SDK would replace the user's note by its own. */
async function noteOf(schedule: ScheduleHandle): Promise<string | undefined> {
  return (await schedule.describe()).state.note;
}

/** A schedule has one note. Why it is paused stands behind it, so that it can go away again. */
export function pausedNote(note: string, why: string | undefined): string {
  if (why === undefined) return note === '' ? 'paused by `paceline schedule`' : note;
  return note === '' ? `paused: ${why}` : `${unpausedNote(note)} (paused: ${why})`;
}

/** The server takes no empty note. */
export function unpausedNote(note: string): string {
  return (
    note.replace(/(?:^paused: .*|^paused by `paceline schedule`| \(paused: .*\))$/s, '') ||
    'unpaused by `paceline schedule`'
  );
}

/** Turns the server's "not found" into a PacelineError. */
export async function existing<T>(id: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw wrongUsage(`There is no schedule \`${id}\`.`, '`paceline schedule list` lists all schedules.');
  }
}
