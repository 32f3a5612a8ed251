/** What a schedule's times come to in the nights in which clocks change, in words. */
import { type ClockChange, clockChanges } from './clock-changes.ts';
import { dailyAt, type LocalTimes } from './local-times.ts';

/** Zones that change at all do so within a year; Morocco's dates wander. */
const LOOK_AHEAD_MS = 2 * 366 * 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The next day that lacks one of the times, the next that has one twice, and a time of day that every day has once.
 * Nothing where no change of the next two years meets the schedule.
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
  return [...notes, `${safeTime(changes)} comes once every day in ${timeZone}.`];
}

function skippedText(dueMs: number, change: ClockChange, timeZone: string): string {
  // The server moves a time by half an hour, and leaves one out whose hour does not exist.
  const isWholeHours = lengthOf(change) % HOUR_MS === 0;
  return (
    `${clock(dueMs)} does not exist on ${day(dueMs)}, when clocks in ${timeZone} go forward from ` +
    `${clock(change.fromLocalMs)} to ${clock(change.untilLocalMs)}: that run ${isWholeHours ? 'is left out' : 'starts later or is left out'}.`
  );
}

// Whether the server starts a run at both depends on the zone.
function doubledText(dueMs: number, change: ClockChange, timeZone: string): string {
  return (
    `${clock(dueMs)} comes twice on ${day(dueMs)}, when clocks in ${timeZone} go back from ` +
    `${clock(change.untilLocalMs)} to ${clock(change.fromLocalMs)}: one run starts, or two.`
  );
}

/** The first minute of the change at which the schedule is due. */
function dueWithin({ isDue }: LocalTimes, { fromLocalMs, untilLocalMs }: ClockChange): number | null {
  for (let at = fromLocalMs; at < untilLocalMs; at += MINUTE_MS) if (isDue(at)) return at;
  return null;
}

/** Runs of every hour follow each other by an hour also over hours that the clock skips. */
function missesNothing({ everyHour }: LocalTimes, change: ClockChange): boolean {
  return everyHour && lengthOf(change) % HOUR_MS === 0;
}

/** At night, and the same for as many zones as can be. */
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
