import { expect, test } from 'vitest';
import { clockNotes } from '../../src/cli/schedule/clock-notes.ts';
import { clockChanges } from '../../src/cli/schedule/clock-changes.ts';
import { cronTimes, dailyAt } from '../../src/cli/schedule/local-times.ts';
import { localTimes } from '../../src/cli/schedule/times.ts';

const NOW = Date.parse('2026-11-28T12:34:56.789Z');
const YEAR_MS = 366 * 86_400_000;

function changesOf(timeZone: string, fromMs = NOW, spanMs = YEAR_MS) {
  return clockChanges(timeZone, fromMs, fromMs + spanMs).map(({ kind, fromLocalMs, untilLocalMs }) => [
    kind,
    ...[fromLocalMs, untilLocalMs].map((ms) => new Date(ms).toISOString().slice(0, 16)),
  ]);
}

test.each([
  [
    'Europe/Berlin',
    [
      ['skipped', '2027-03-28T02:00', '2027-03-28T03:00'],
      ['doubled', '2027-10-31T02:00', '2027-10-31T03:00'],
    ],
  ],
  [
    'Europe/London',
    [
      ['skipped', '2027-03-28T01:00', '2027-03-28T02:00'],
      ['doubled', '2027-10-31T01:00', '2027-10-31T02:00'],
    ],
  ],
  [
    'America/New_York',
    [
      ['skipped', '2027-03-14T02:00', '2027-03-14T03:00'],
      ['doubled', '2027-11-07T01:00', '2027-11-07T02:00'],
    ],
  ],
  [
    'Australia/Lord_Howe',
    [
      ['doubled', '2027-04-04T01:30', '2027-04-04T02:00'],
      ['skipped', '2027-10-03T02:00', '2027-10-03T02:30'],
    ],
  ],
  [
    'Pacific/Auckland',
    [
      ['doubled', '2027-04-04T02:00', '2027-04-04T03:00'],
      ['skipped', '2027-09-26T02:00', '2027-09-26T03:00'],
    ],
  ],
  // Clocks go back at midnight to the day before.
  [
    'America/Santiago',
    [
      ['doubled', '2027-04-03T23:00', '2027-04-04T00:00'],
      ['skipped', '2027-09-05T00:00', '2027-09-05T01:00'],
    ],
  ],
  [
    'America/St_Johns',
    [
      ['skipped', '2027-03-14T02:00', '2027-03-14T03:00'],
      ['doubled', '2027-11-07T01:00', '2027-11-07T02:00'],
    ],
  ],
  // Two hours.
  [
    'Antarctica/Troll',
    [
      ['skipped', '2027-03-28T01:00', '2027-03-28T03:00'],
      ['doubled', '2027-10-31T01:00', '2027-10-31T03:00'],
    ],
  ],
  ['UTC', []],
  ['Asia/Kolkata', []],
  ['Asia/Kathmandu', []],
  // Changed in the past alone.
  ['America/Sao_Paulo', []],
  ['Asia/Tokyo', []],
])('in %s clocks change in the next year at %j', (timeZone, changes) => {
  expect(changesOf(timeZone)).toEqual(changes);
});

test('changes of the past are found in the past', () => {
  expect(changesOf('America/Sao_Paulo', Date.parse('2018-06-01T00:00:00Z'))).toEqual([
    ['skipped', '2018-11-04T00:00', '2018-11-04T01:00'],
    ['doubled', '2019-02-16T23:00', '2019-02-17T00:00'],
  ]);
  // Samoa had no 30 December.
  expect(changesOf('Pacific/Apia', Date.parse('2011-12-01T00:00:00Z'), 60 * 86_400_000)).toEqual([
    ['skipped', '2011-12-30T00:00', '2011-12-31T00:00'],
  ]);
});

test.each<[string, string, string[]]>([
  [
    '02:30',
    'Europe/Berlin',
    [
      '02:30 does not exist on 2027-03-28, when clocks in Europe/Berlin go forward from 02:00 to 03:00: that run is skipped.',
      '02:30 occurs twice on 2027-10-31, when clocks in Europe/Berlin go back from 03:00 to 02:00: the schedule starts one run or two.',
      '04:00 occurs once every day in Europe/Berlin.',
    ],
  ],
  ['04:00', 'Europe/Berlin', []],
  ['03:00', 'Europe/Berlin', []],
  ['01:59', 'Europe/Berlin', []],
  ['02:30', 'UTC', []],
  ['02:30', 'Asia/Kolkata', []],
  ['00:30', 'America/Sao_Paulo', []],
  [
    '01:30',
    'America/New_York',
    [
      '01:30 occurs twice on 2027-11-07, when clocks in America/New_York go back from 02:00 to 01:00: the schedule starts one run or two.',
      '04:00 occurs once every day in America/New_York.',
    ],
  ],
  [
    '02:15',
    'Australia/Lord_Howe',
    [
      '02:15 does not exist on 2027-10-03, when clocks in Australia/Lord_Howe go forward from 02:00 to 02:30: that run starts later or is skipped.',
      '04:00 occurs once every day in Australia/Lord_Howe.',
    ],
  ],
  [
    '23:30',
    'America/Santiago',
    [
      '23:30 occurs twice on 2027-04-03, when clocks in America/Santiago go back from 00:00 to 23:00: the schedule starts one run or two.',
      '04:00 occurs once every day in America/Santiago.',
    ],
  ],
  ['00:15', 'Pacific/Apia', []],
])('explains --at %s in %s', (at, timeZone, notes) => {
  expect(clockNotes(localTimes({ at })!, timeZone, NOW)).toEqual(notes);
});

test.each<[string, string[]]>([
  // A Sunday, when clocks always change there.
  ['30 2 * * 1-5', []],
  ['30 2 * * SUN', ['02:30 does not exist on 2027-03-28', '02:30 occurs twice on 2027-10-31', '04:00 occurs once']],
  ['30 2 * * 7', ['02:30 does not exist on 2027-03-28', '02:30 occurs twice on 2027-10-31', '04:00 occurs once']],
  ['*/20 1-3 * MAR *', ['02:00 does not exist on 2027-03-28', '04:00 occurs once']],
  ['15,45 2/4 28 3 *', ['02:15 does not exist on 2027-03-28', '04:00 occurs once']],
  // Both fields of the day must match: no 28 March that is a Monday within two years.
  ['30 2 28 3 1', []],
  ['30 2 29-31 * *', ['02:30 occurs twice on 2027-10-31', '04:00 occurs once']],
  // Every hour: no run is missed where an hour is skipped, and the hour that occurs twice has one run.
  ['0 * * * *', ['02:00 occurs twice on 2027-10-31']],
  ['@hourly', ['02:00 occurs twice on 2027-10-31']],
  ['@daily', []],
  ['0 4 * * *', []],
])('explains the cron expression %s in Europe/Berlin', (cron, notes) => {
  const said = clockNotes(localTimes({ cron })!, 'Europe/Berlin', NOW);
  expect(said).toEqual(notes.map((note) => expect.stringContaining(note)));
});

test('shows the next clock change, not a past one', () => {
  const times = dailyAt({ hour: 2, minute: 30 });
  expect(clockNotes(times, 'Europe/Berlin', Date.parse('2027-03-28T01:00:00Z'))[0]).toContain('on 2028-03-26');
  expect(clockNotes(times, 'Europe/Berlin', Date.parse('2027-03-28T00:59:00Z'))[0]).toContain('on 2027-03-28');
});

test.each(['@every 1h', '99 2 * * *', '1 2 3', 'x 2 * * *', '5-1 2 * * *', '*/0 2 * * *'])(
  'only the server can read %s',
  (line) => {
    expect(cronTimes(line)).toBeNull();
  },
);
