/** Describes when a schedule starts runs. Also for schedules made with Temporal's own command line. */
import type { CalendarSpecDescription, IntervalSpecDescription, ScheduleSpecDescription } from '@temporalio/client';

/** A cron expression may use names of months and days, or their numbers. */
type Range = { readonly start: number | string; readonly end: number | string; readonly step: number };

/** The whole range of each field. Cron writes it as a star. */
const WHOLE = {
  minute: '0-59',
  hour: '0-23',
  dayOfMonth: '1-31',
  month: 'JAN-DEC',
  dayOfWeek: 'SUN-SAT',
} as const;

/** @returns e.g. "every day at 02:30 (Europe/Berlin)", "30 2 * * MON-FRI (UTC)", "every 2 h" */
export function whenText({ calendars = [], intervals = [], timezone }: Partial<ScheduleSpecDescription>): string {
  const times = calendars.map((calendar) => calendar.comment || cronText(calendar));
  const parts = [
    ...(times.length === 0 ? [] : [`${times.join(', ')} (${timezone ?? 'UTC'})`]),
    ...intervals.map(every),
  ];
  return parts.join(', ') || 'only when triggered';
}

function cronText(calendar: CalendarSpecDescription): string {
  return (Object.keys(WHOLE) as (keyof typeof WHOLE)[])
    .map((field) => {
      const text = calendar[field].map(rangeText).join(',');
      return text === WHOLE[field] ? '*' : text;
    })
    .join(' ');
}

function rangeText({ start, end, step }: Range): string {
  const [from, to] = [short(start), short(end)];
  return `${from === to ? from : `${from}-${to}`}${step > 1 ? `/${step}` : ''}`;
}

function short(value: number | string): string {
  return String(value).slice(0, 3);
}

function every({ every, offset }: IntervalSpecDescription): string {
  return `every ${duration(every)}${offset > 0 ? `, ${duration(offset)} later` : ''}`;
}

function duration(milliseconds: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const;
  const [size, unit] = units.find(([size]) => milliseconds % size === 0) ?? [1_000, 's'];
  return `${milliseconds / size} ${unit}`;
}
