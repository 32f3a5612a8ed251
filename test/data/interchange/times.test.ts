import { expect, test } from 'vitest';
import { readTime } from '../../../src/data/interchange/times.ts';

const NOON = '2026-03-01T12:00:00.000Z';

test.each([
  ['2026-03-01T12:00:00Z', NOON],
  ['2026-03-01t12:00:00z', NOON],
  ['2026-03-01 12:00:00 UTC', NOON],
  ['2026-03-01 13:00:00 +0100', NOON],
  ['2026-03-01T13:00+01', NOON],
  ['2026-03-01T13:00:00+01:00[Europe/Berlin]', NOON],
  ['2026-03-01T06:30:00-05:30', NOON],
  ['20260301T120000Z', NOON],
  ['2026-03-01T12:00:00,123456Z', '2026-03-01T12:00:00.123Z'],
  ['2026-03-01T24:00:00Z', '2026-03-02T00:00:00.000Z'],
  // A leap second, which computers do not have.
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  // The hour that Berlin has twice: the offsets tell them apart.
  ['2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z'],
  [1_772_366_400, NOON],
  ['1772366400', NOON],
  ['1772366400.5', '2026-03-01T12:00:00.500Z'],
  [1_772_366_400_000, NOON],
  ['1772366400000000', NOON],
  ['1772366400000000000', NOON],
  ['2000-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
  [946_684_800_000, '2000-01-01T00:00:00.000Z'],
])('%j is a moment that names its zone', (written, at) => {
  expect(readTime(written)).toEqual({ kind: 'time', at, zone: 'said' });
});

test.each([
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T12:00', NOON],
  ['2026-03-01 12:00:00.000', NOON],
])('reads %j without a zone as UTC and reports it', (written, at) => {
  expect(readTime(written)).toEqual({ kind: 'time', at, zone: 'assumed' });
});

test.each([
  // Durations, in every unit.
  1.5,
  '1.5',
  0,
  '250',
  '-3',
  '1500000',
  '20260301',
  '0.9e9',
  '5e12',
  1e21,
  // A clock that was never set, and a slip of the keys.
  '1970-01-01T00:00:00Z',
  '2206-03-01T00:00:00Z',
  // No day of the calendar, no time of the clock, no zone on earth.
  '2026-02-30T00:00:00Z',
  '2026-13-01',
  '2026-03-01T25:00:00Z',
  '2026-03-01T12:61:00Z',
  '2026-03-01T12:30:60Z',
  '2026-03-01T12:00:00+15:00',
  // Dates as people of one country write them.
  '01/02/2026',
  '1.3.2026',
  'Mar 1 2026',
  'Sun, 01 Mar 2026 12:00:00 GMT',
  '12:00:00',
  '1.5s',
  'NaN',
  '',
  'yesterday',
])('%j is refused', (written) => {
  expect(readTime(written)).toMatchObject({ kind: 'refused', why: expect.stringContaining('is not') });
});
