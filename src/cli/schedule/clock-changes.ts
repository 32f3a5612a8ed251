/** Clock changes of a time zone: local times that are missing on a day, or occur twice. */

/** Local times are represented as if the zone were UTC. */
export interface ClockChange {
  /** `skipped`: these local times do not exist. `doubled`: each of them occurs twice. */
  readonly kind: 'skipped' | 'doubled';
  readonly fromLocalMs: number;
  readonly untilLocalMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The clock changes in a time span, in order of time. @param timeZone an IANA name */
export function clockChanges(timeZone: string, fromMs: number, untilMs: number): ClockChange[] {
  const offsetAt = offsets(timeZone);
  const changes: ClockChange[] = [];
  // Clocks never change twice within a day.
  for (let at = fromMs; at < untilMs; at += DAY_MS) {
    const [before, after] = [offsetAt(at), offsetAt(at + DAY_MS)];
    if (before === after) continue;
    const change = firstWith(at, at + DAY_MS, (ms) => offsetAt(ms) !== before);
    changes.push({
      kind: after > before ? 'skipped' : 'doubled',
      fromLocalMs: change + Math.min(before, after),
      untilLocalMs: change + Math.max(before, after),
    });
  }
  return changes;
}

/** Bisection, exact to the minute. */
function firstWith(fromMs: number, untilMs: number, holds: (ms: number) => boolean): number {
  let [no, yes] = [Math.floor(fromMs / MINUTE_MS), Math.ceil(untilMs / MINUTE_MS)];
  while (yes - no > 1) {
    const middle = (no + yes) >> 1;
    if (holds(middle * MINUTE_MS)) yes = middle;
    else no = middle;
  }
  return yes * MINUTE_MS;
}

/** @returns how many ms the zone's clocks are ahead of UTC at a moment */
function offsets(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (ms) => {
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')!.value;
    const [, sign, hours, minutes = '0'] = /GMT([+-])(\d\d?)(?::(\d\d))?/.exec(name) ?? [];
    if (sign === undefined) return 0;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  };
}
