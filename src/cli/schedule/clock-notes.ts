/** Describes how clock changes affect a schedule. */
import { type ClockChange, clockChanges } from './clock-changes.ts';
import { dailyAt, type LocalTimes } from './local-times.ts';

/** Zones with clock changes have one within a year. The dates of Morocco vary. */
const LOOK_AHEAD_MS = 2 * 366 * 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The next day that lacks one of the times, the next day that has one of them twice, and a time of day that every day has once.
 * Empty if no clock change of the next two years affects the schedule.
 */
export function clockNotes(times: LocalTimes, timeZone: string, nowMs: number): string[] {
  const changes = clockChanges(timeZone, nowMs, nowMs + LOOK_AHEAD_MS);
  const next = (kind: ClockChange['kind']) =>
    changes
      .filter((change) => change.kind === kind)
      .map((change) => ({ change, due: dueWithin(times, change) }))
      .find(({ due }) => due !== null);
  const [skipped, doubled] = [next('skipped'), next('doubled')];
  const notes = [
    ...(skipped === undefined || missesNothing(times, skipped.change)
      ? []
      : [skippedText(skipped.due!, skipped.change, timeZone)]),
    ...(doubled === undefined ? [] : [doubledText(doubled.due!, doubled.change, timeZone)]),
  ];
  if (notes.length === 0 || times.everyHour) return notes;
  return [...notes, `${safeTime(changes)} occurs once every day in ${timeZone}.`];
}

function skippedText(dueMs: number, change: ClockChange, timeZone: string): string {
  // The server moves a time by half an hour, or skips it if its hour does not exist.
  const isWholeHours = lengthOf(change) % HOUR_MS === 0;
  return (
    `${clock(dueMs)} does not exist on ${day(dueMs)}, when clocks in ${timeZone} go forward from ` +
    `${clock(change.fromLocalMs)} to ${clock(change.untilLocalMs)}: that run ${isWholeHours ? 'is skipped' : 'starts later or is skipped'}.`
  );
}

// Whether the server starts one or two runs depends on the zone.
function doubledText(dueMs: number, change: ClockChange, timeZone: string): string {
  return (
    `${clock(dueMs)} occurs twice on ${day(dueMs)}, when clocks in ${timeZone} go back from ` +
    `${clock(change.untilLocalMs)} to ${clock(change.fromLocalMs)}: the schedule starts one run or two.`
  );
}

/** The first minute within the change at which a run is due. */
function dueWithin({ isDue }: LocalTimes, { fromLocalMs, untilLocalMs }: ClockChange): number | null {
  for (let at = fromLocalMs; at < untilLocalMs; at += MINUTE_MS) if (isDue(at)) return at;
  return null;
}

/** Hourly runs are one hour apart even when clocks skip an hour. */
function missesNothing({ everyHour }: LocalTimes, change: ClockChange): boolean {
  return everyHour && lengthOf(change) % HOUR_MS === 0;
}

/** A time at night that is safe in as many zones as possible. */
function safeTime(changes: readonly ClockChange[]): string {
  const hours = [4, 5, 6, 3, 1, 12];
  const safe = hours.find((hour) =>
    changes.every((change) => dueWithin(dailyAt({ hour, minute: 0 }), change) === null),
  );
  return `${String(safe ?? 4).padStart(2, '0')}:00`;
}

function lengthOf({ fromLocalMs, untilLocalMs }: ClockChange): number {
  return untilLocalMs - fromLocalMs;
}

function day(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 10);
}

function clock(localMs: number): string {
  return new Date(localMs).toISOString().slice(11, 16);
}
