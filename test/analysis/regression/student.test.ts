import { describe, expect, test } from 'vitest';
import { studentQuantile } from '../../../src/analysis/regression/student.ts';
import { normalTail } from '../../../src/analysis/statistics/normal.ts';

describe("Student's t", () => {
  test.each([
    [0.95, 1, 12.7062],
    [0.95, 2, 4.3027],
    [0.95, 4, 2.7764],
    [0.95, 7, 2.3646],
    [0.98, 4, 3.7469],
    [0.99, 4, 4.6041],
    [0.995, 4, 5.5976],
    [0.99, 29, 2.7564],
    [0.95, 200, 1.9719],
  ])('stays within the tabled quantile of %d with %i degrees of freedom', (coverage, degrees, tabled) => {
    expect(studentQuantile(coverage, degrees)).toBeCloseTo(tabled, 3);
  });

  test.each([
    [0, 0.5],
    [1.6449, 0.05],
    [3.0902, 0.001],
    [-1.6449, 0.95],
  ])('a standard normal exceeds %d as often as is tabled', (z, tabled) => {
    expect(normalTail(z)).toBeCloseTo(tabled, 5);
  });
});
