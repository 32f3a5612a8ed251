/** The times of a schedule. */
import type { ScheduleSpec } from '@temporalio/client';
import { wrongUsage } from '../../model/failure.ts';
import { cronTimes, dailyAt, type LocalTimes } from './local-times.ts';

/** The machine's time zone, e.g. Europe/Berlin. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @throws PacelineError WrongUsage for no time, two times, an invalid time or an unknown zone */
export function scheduleSpec(when: {
  readonly at?: string | undefined;
  readonly cron?: string | undefined;
  readonly timeZone: string;
}): ScheduleSpec {
  const { at, cron } = when;
  const timezone = checkedZone(when.timeZone);
  if ((at === undefined) === (cron === undefined)) {
    throw wrongUsage(
      'A schedule needs either --at or --cron.',
      "Use for instance --at 04:00, or --cron '0 4 * * 1-5'.",
    );
  }
  if (at !== undefined) return { calendars: [{ ...clockTime(at), comment: `every day at ${at}` }], timezone };
  if (cron!.trim().split(/\s+/).length !== 5 && !cron!.startsWith('@')) {
    throw wrongUsage(
      `\`${cron}\` is not a valid cron expression.`,
      "Use five fields, for instance --cron '0 4 * * 1-5'.",
    );
  }
  return { cronExpressions: [cron!], timezone };
}

/** The local times of the runs. @returns null if they cannot be read from the expression */
export function localTimes({
  at,
  cron,
}: {
  readonly at?: string | undefined;
  readonly cron?: string | undefined;
}): LocalTimes | null {
  return at === undefined ? cronTimes(cron!) : dailyAt(clockTime(at));
}

function clockTime(at: string): { hour: number; minute: number } {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at) ?? [];
  if (hour === undefined)
    throw wrongUsage(`\`${at}\` is not a valid time of day.`, 'Write it as HH:MM, for instance --at 04:00.');
  return { hour: Number(hour), minute: Number(minute) };
}

function checkedZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone && timeZone;
  } catch {
    throw wrongUsage(
      `\`${timeZone}\` is not a known time zone.`,
      'Use an IANA name, for instance --time-zone Europe/Berlin.',
    );
  }
}
