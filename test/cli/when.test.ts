import { expect, test } from 'vitest';
import { whenText } from '../../src/cli/schedule/when.ts';

const all = (start: number, end: number) => [{ start, end, step: 1 }];
const only = (value: number) => all(value, value);
const DAILY = {
  second: only(0),
  minute: only(30),
  hour: only(2),
  dayOfMonth: all(1, 31),
  month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
  year: [],
  dayOfWeek: [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }],
} as const;

test.each([
  [{ calendars: [{ ...DAILY, comment: 'every day at 02:30' }] }, 'every day at 02:30 (Europe/Berlin)'],
  [{ calendars: [DAILY] }, '30 2 * * * (Europe/Berlin)'],
  [
    { calendars: [{ ...DAILY, dayOfWeek: [{ start: 'MONDAY', end: 'FRIDAY', step: 1 }] }] },
    '30 2 * * MON-FRI (Europe/Berlin)',
  ],
  [
    { calendars: [{ ...DAILY, minute: [{ start: 0, end: 59, step: 15 }], hour: all(0, 23) }] },
    '0-59/15 * * * * (Europe/Berlin)',
  ],
  [{ calendars: [{ ...DAILY, hour: [...only(2), ...only(14)] }] }, '30 2,14 * * * (Europe/Berlin)'],
  [{ intervals: [{ every: 7_200_000, offset: 0 }] }, 'every 2 h'],
  [{ intervals: [{ every: 90_000, offset: 60_000 }] }, 'every 90 s, 1 min later'],
  [{}, 'only when triggered'],
] as const)('%j reads as %s', (spec, text) => {
  expect(whenText({ timezone: 'Europe/Berlin', ...structuredClone(spec) } as Parameters<typeof whenText>[0])).toBe(
    text,
  );
});
