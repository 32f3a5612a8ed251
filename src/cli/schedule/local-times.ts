/** The local times of a schedule: from `--at`, or from a cron expression with five fields, read as Temporal's server reads it. */

export interface LocalTimes {
  /** @param localMs a whole minute of local time, represented as if the zone were UTC */
  readonly isDue: (localMs: number) => boolean;
  /** True if a run is due every hour of its days: a skipped hour does not matter then. */
  readonly everyHour: boolean;
}

const FIELDS = [
  { name: 'minute', least: 0, most: 59, of: (date: Date) => date.getUTCMinutes() },
  { name: 'hour', least: 0, most: 23, of: (date: Date) => date.getUTCHours() },
  { name: 'dayOfMonth', least: 1, most: 31, of: (date: Date) => date.getUTCDate() },
  { name: 'month', least: 1, most: 12, of: (date: Date) => date.getUTCMonth() + 1 },
  { name: 'dayOfWeek', least: 0, most: 7, of: (date: Date) => date.getUTCDay() },
] as const;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const SHORT: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Every day at one time. */
export function dailyAt({ hour, minute }: { readonly hour: number; readonly minute: number }): LocalTimes {
  return cronTimes(`${minute} ${hour} * * *`)!;
}

/**
 * Unlike in Unix cron, a day must match both day fields.
 * @returns null for expressions without local times (`@every 1h`), and for those that only the server can read
 */
export function cronTimes(line: string): LocalTimes | null {
  const trimmed = line.trim().toLowerCase();
  const parts = (SHORT[trimmed] ?? trimmed).split(/\s+/);
  if (parts.length !== FIELDS.length) return null;
  const sets = FIELDS.map(({ name, least, most }, index) => valuesOf(parts[index]!, name, least, most));
  if (sets.some((set) => set === null)) return null;
  const days = sets[4]!;
  if (days.has(7)) days.add(0);
  return {
    isDue: (localMs) => FIELDS.every(({ of }, index) => sets[index]!.has(of(new Date(localMs)))),
    everyHour: sets[1]!.size === 24,
  };
}

function valuesOf(text: string, name: string, least: number, most: number): Set<number> | null {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to] = boundsOf(range, name, { least, most, open: part.includes('/') });
    if (!(from >= least && to <= most && from <= to && Number(step) > 0)) return null;
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return values;
}

/** @returns NaN if the text is not a range. A start with a step and without an end continues to the maximum. */
function boundsOf(
  range: string,
  name: string,
  { least, most, open }: { readonly least: number; readonly most: number; readonly open: boolean },
): [number, number] {
  if (range === '*' || range === '?') return [least, most];
  const [first, last] = range.split('-');
  const from = numberOf(first!, name);
  return [from, last === undefined ? (open ? most : from) : numberOf(last, name)];
}

function numberOf(text: string, field: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const [names, first] = field === 'month' ? [MONTHS, 1] : field === 'dayOfWeek' ? [DAYS, 0] : [[], 0];
  const index = names.indexOf(text.slice(0, 3));
  return index < 0 ? Number.NaN : index + first;
}
