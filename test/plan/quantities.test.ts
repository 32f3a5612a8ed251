import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readDuration, readRatio, readSize, shown } from '../../src/plan/quantities.ts';

describe('a duration', () => {
  test.each([
    ['< 180 seconds', 180],
    ['<180s', 180],
    ['3m', 180],
    ['2 min', 120],
    ['2 Minutes', 120],
    ['1 min 30 s', 90],
    ['1m30s', 90],
    ['1h2m3s4ms', 3723.004],
    ['1.5 h', 5400],
    ['2 hrs', 7200],
    ['10 ms', 0.01],
    ['10 milliseconds', 0.01],
    ['90', 90],
    [' 90 ', 90],
    [90, 90],
    [0.25, 0.25],
    [1e-7, 1e-7],
    ['168 h', 604_800],
  ])('%j is %d seconds', (input, seconds) => {
    expect(readDuration(input)).toEqual({ kind: 'value', value: expect.closeTo(seconds, 9) });
  });

  test.each([
    ['soon', 'is "soon", which is not a duration'],
    ['', 'is "", which is not a duration'],
    ['<', 'is "<", which is not a duration'],
    ['-3 s', 'is "-3 s", which is not a duration'],
    [-3, 'is -3, which is not a duration'],
    ['1,5 s', 'is "1,5 s", which is not a duration'],
    ['1:30', 'is "1:30", which is not a duration'],
    ['> 3 s', 'is "> 3 s", which is not a duration'],
    ['<= 3 s', 'is "<= 3 s", which is not a duration'],
    ['3 GB', 'is "3 GB", which is not a duration'],
    ['30 s 1 min', 'is "30 s 1 min", which is not a duration'],
    ['1 min 30', 'is "1 min 30", which is not a duration'],
    [Number.NaN, 'is NaN, which is not a duration'],
    [Number.POSITIVE_INFINITY, 'is Infinity, which is not a duration'],
    [1e300, 'is 1e+300, which is not a duration'],
    ['0 s', 'is "0 s"; it must be more than 0'],
    [0, 'is 0; it must be more than 0'],
    ['169 h', 'is "169 h", which is more than a week'],
  ])('%j is refused', (input, what) => {
    expect(readDuration(input)).toMatchObject({ kind: 'wrong', what });
  });

  it('may be 0 where that is asked for', () => {
    expect(readDuration('0 s', { zero: true })).toEqual({ kind: 'value', value: 0 });
  });
});

describe('a size', () => {
  test.each([
    ['2GB', 2e9],
    ['< 2 GB', 2e9],
    ['2gb', 2e9],
    ['2GiB', 2 * 2 ** 30],
    ['512 MiB', 512 * 2 ** 20],
    ['1.5 TB', 1.5e12],
    ['8000 kB', 8e6],
    ['9000000 B', 9e6],
    ['9000000', 9e6],
    [2e9, 2e9],
  ])('%j is %d bytes', (input, bytes) => {
    expect(readSize(input)).toEqual({ kind: 'value', value: bytes });
  });

  test.each([
    // Docker means 2³⁰ by "g", Kubernetes 10⁹ by "G": only what cannot be misread is taken.
    ['2g', 'is "2g", which is not a size'],
    ['2G', 'is "2G", which is not a size'],
    ['512m', 'is "512m", which is not a size'],
    ['much', 'is "much", which is not a size'],
    [-1, 'is -1, which is not a size'],
    [2, 'is 2, which is less than 6 MiB'],
    ['2 PB', 'is "2 PB", which is not a size'],
    ['1001 TB', 'is "1001 TB", which is more than 1000 TB'],
  ])('%j is refused', (input, what) => {
    expect(readSize(input)).toMatchObject({ kind: 'wrong', what });
  });
});

describe('a share', () => {
  test.each([
    ['80 %', 0.8],
    ['< 80%', 0.8],
    ['0.5 %', 0.005],
    [0.8, 0.8],
    ['0.8', 0.8],
    [1, 1],
  ])('%j is %d', (input, ratio) => {
    expect(readRatio(input)).toEqual({ kind: 'value', value: ratio });
  });

  test.each([
    [80, 'is 80, which could be per cent or a factor', 'Write "80 %" if you mean per cent.'],
    ['1.5', 'is "1.5", which could be per cent or a factor', 'Write "1.5 %" if you mean per cent.'],
    ['101 %', 'is "101 %", which is more than 100 %', 'Write it like "80 %" or 0.8.'],
    [0, 'is 0; it must be more than 0', 'Write it like "80 %" or 0.8.'],
    ['half', 'is "half", which is not a share', 'Write it like "80 %" or 0.8.'],
  ])('%j is refused', (input, what, next) => {
    expect(readRatio(input)).toEqual({ kind: 'wrong', what, next });
  });

  it('may exceed the whole where that is asked for', () => {
    expect(readRatio('150 %', { most: 10 })).toEqual({ kind: 'value', value: 1.5 });
  });
});

describe.each([
  ['readDuration', readDuration],
  ['readSize', readSize],
  ['readRatio', readRatio],
])('%s', (_, read) => {
  it('gives a finite number above 0, or says why not, for whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^[<0-9. smhGBi%]{0,20}$/)), (input) => {
        const reading = read(input);
        expect(reading.kind === 'wrong' || (Number.isFinite(reading.value) && reading.value > 0)).toBe(true);
      }),
    );
  });

  it('does not stall on long inputs', () => {
    for (const text of [' '.repeat(1e6), `${'1'.repeat(1e6)}x`, `1 s${' '.repeat(1e6)}x`]) {
      expect(read(text).kind).toBe('wrong');
    }
  });
});

it('a value is shown in one line of at most 40 characters', () => {
  expect(shown('a\nb')).toBe(String.raw`"a\nb"`);
  expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(38)}…`);
});
