import { expect, test } from 'vitest';
import { betterByUnit, betterOf } from '../../../src/data/interchange/direction.ts';

test.each([
  'ops/s',
  'ops/ms',
  'op/s',
  'req/sec',
  'requests per second',
  'Requests / second',
  'MB/s',
  'MiB/s',
  'GB/sec',
  'iter/sec',
  'rows/min',
  'tokens/hour',
  '1/s',
  's^-1',
  'rps',
  'QPS',
  'Mbps',
  'IOPS',
  'GFLOPS',
  'gflop/s',
  'MHz',
  'operations / second (ops/s)',
])('more %s is better', (unit) => {
  expect(betterByUnit(unit)).toBe('higher');
});

test.each([
  's',
  'ms',
  'ns/iter',
  'µs/op',
  'ns/op',
  's/op',
  'seconds',
  'nanoseconds (ns)',
  'errors/s',
  'page_faults/s',
  'allocs/op',
])('less %s is better', (unit) => {
  expect(betterByUnit(unit)).toBe('lower');
});

test.each(['', 'Percent', 'bytes', 'KiB', 'B/op', 'Megabytes', 'ratio'])('%j alone does not tell', (unit) => {
  expect(betterByUnit(unit)).toBeNull();
  expect(betterOf({ unit, measure: 'memory' })).toBe('lower');
});

test.each([
  ['throughput', '', 'higher'],
  ['Throughput', 'Percent', 'higher'],
  ['requests_per_second', '', 'higher'],
  ['throughput', 's', 'lower'],
  ['dropped per second', '', 'lower'],
  ['latency', '', 'lower'],
] as const)('%s in %j: %s is better', (measure, unit, better) => {
  expect(betterOf({ unit, measure })).toBe(better);
});
