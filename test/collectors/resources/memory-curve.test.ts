import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryCurve } from '../../../src/collectors/resources/memory-curve.ts';
import type { SampleRecord } from '../../../src/collectors/resources/resource-samples.ts';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000).toISOString();

function sample(seconds: number, bytes: number, id = 'tests'): SampleRecord {
  return {
    kind: 'sample',
    id,
    readAt: at(seconds),
    cpuTotalNs: 0,
    workingSetBytes: bytes,
    throttledNs: 0,
    networkReceivedBytes: 0,
    networkSentBytes: 0,
    pids: 1,
  };
}

describe("the curve of a trial's memory", () => {
  test('is that of the container of the tests, each point at the end of its stretch', () => {
    const records = [sample(0, 10), sample(5, 99, 'db'), sample(5, 30), sample(10, 20)];
    expect(memoryCurve(records, 'tests')).toEqual({
      of: 'tests',
      atSeconds: [3.333, 6.667, 10],
      workingSetBytes: [10, 30, 20],
    });
  });

  test('is not there with fewer than two samples, or without time between them', () => {
    expect(memoryCurve([], 'tests')).toBeNull();
    expect(memoryCurve([sample(1, 5)], 'tests')).toBeNull();
    expect(memoryCurve([sample(1, 5), sample(1, 6)], 'tests')).toBeNull();
  });

  test('has at most 60 points, keeps the largest value, and goes forward in time', () => {
    const bytes = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 2, maxLength: 400 });
    fc.assert(
      fc.property(bytes, (values) => {
        const curve = memoryCurve(
          values.map((value, index) => sample(index, value)),
          'tests',
        );
        expect(curve?.atSeconds.length).toBeLessThanOrEqual(60);
        expect(Math.max(...(curve?.workingSetBytes ?? []))).toBe(Math.max(...values));
        expect(curve?.atSeconds).toEqual(curve?.atSeconds.toSorted((a, b) => a - b));
        expect(curve?.atSeconds.at(-1)).toBeCloseTo(values.length - 1, 3);
      }),
    );
  });
});
