import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { formatBytes, formatRatio, formatSeconds } from '../../src/format/format-quantity.ts';
import { readDuration } from '../../src/plan/quantities.ts';

test.each([
  [0, '0 s'],
  [0.0000004, '0.4 µs'],
  [0.000053, '53 µs'],
  [0.00096, '1 ms'],
  [0.0042, '4.2 ms'],
  [0.85, '850 ms'],
  [0.9996, '1 s'],
  [7, '7 s'],
  [41.63, '41.6 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min'],
  [118, '1 min 58 s'],
  [300, '5 min'],
  [7385, '2 h 3 min 5 s'],
])('%d seconds read "%s"', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999_949, '999.9 kB'],
  [999_950, '1 MB'],
  [1_400_000_000, '1.4 GB'],
  [2e9, '2 GB'],
  [3e15, '3000 TB'],
])('%d bytes read "%s"', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.0421, '4.2 %'],
  [0.0996, '10 %'],
  [0.634, '63 %'],
  [1.5, '150 %'],
])('a ratio of %d reads "%s"', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});

it('a duration that is shown can be written into a plan, and is the same but for its rounding', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 500_000, noNaN: true }), (seconds) => {
      const rounding = seconds < 59.95 ? 0.051 : 0.51;
      const reading = readDuration(formatSeconds(seconds));
      expect(reading.kind === 'value' && Math.abs(reading.value - seconds) <= rounding).toBe(true);
    }),
  );
});
