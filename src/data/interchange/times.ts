/** The time of a measurement, as tools write it: ISO 8601, or a number of seconds, ms, µs or ns since 1970. */

export type ReadTime =
  | {
      readonly kind: 'time';
      /** ISO 8601, in UTC. */
      readonly at: string;
      /** `assumed`: the text has no zone, so it was read as UTC. */
      readonly zone: 'said' | 'assumed';
    }
  | { readonly kind: 'refused'; readonly why: string };

/** Outside of these years, a number is a duration or a size, and a date comes from a clock that was never set. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;
const FIRST_MS = Date.UTC(FIRST_YEAR, 0);
const END_MS = Date.UTC(LAST_YEAR + 1, 0);

/** Within those years, a number in one of these units cannot be valid in another unit. */
const UNITS_PER_MS = [1e-3, 1, 1e3, 1e6];

const EXTENDED =
  /^(\d{4})-(\d\d)-(\d\d)(?:(?:T| +)(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: *(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?:\[[\w/+-]+\])?)?)?$/i;
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?:\d\d)?)?$/i;

const FORMS = 'write ISO 8601 with a zone, like 2026-03-01T04:00:00Z, or a number of seconds, ms, µs or ns since 1970';

/** Reads a time. A number, also as text, counts from 1970. */
export function readTime(value: string | number): ReadTime {
  const text = String(value).trim();
  const refused = (why: string): ReadTime => ({ kind: 'refused', why: `${shown(value)} ${why}` });
  if (/^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(text)) {
    const ms = epochMs(Number(text));
    if (ms === null)
      return refused(`is not a date: as a count since 1970 it is not in a year from 2000 to 2100; ${FORMS}`);
    return { kind: 'time', at: new Date(ms).toISOString(), zone: 'said' };
  }
  const fields = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (fields === null) return refused(`is not a date: ${FORMS}`);
  const ms = momentOf(fields);
  if (ms === null) return refused('is not a date of the calendar');
  if (!isPlausible(ms)) return refused(`is not in a year from ${FIRST_YEAR} to ${LAST_YEAR}`);
  return { kind: 'time', at: new Date(ms).toISOString(), zone: fields[8] === undefined ? 'assumed' : 'said' };
}

function shown(value: string | number): string {
  return JSON.stringify(typeof value === 'string' && value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

function epochMs(count: number): number | null {
  return UNITS_PER_MS.map((units) => count / units).find(isPlausible) ?? null;
}

function isPlausible(ms: number): boolean {
  return ms >= FIRST_MS && ms < END_MS;
}

/** @returns null if the calendar or the clock has no such time */
function momentOf([, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone]: RegExpExecArray) {
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // `Date` would turn a day that the month does not have into a day of the next month.
  const isDay = new Date(date).getUTCDate() === Number(day) && new Date(date).getUTCMonth() === Number(month) - 1;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  // 24:00 is the end of a day. A leap second is the last second of its minute; computers count it as the first of the next.
  const isEndOfDay = h === 24 && m === 0 && s === 0 && Number(fraction) === 0;
  const isLeapSecond = s === 60 && m === 59;
  const offset = offsetMs(zone);
  if (!isDay || offset === null || (h > 23 && !isEndOfDay) || m > 59 || (s > 59 && !isLeapSecond)) return null;
  return date + ((h * 60 + m) * 60 + s) * 1_000 + Math.trunc(Number(`0.${fraction || 0}`) * 1_000) - offset;
}

/** Zones are at most 14 h away from UTC. */
function offsetMs(zone: string | undefined): number | null {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  const total = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || total > 14 * 60) return null;
  return (sign === '-' ? -1 : 1) * total * 60_000;
}
