import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findingIn, HINTS } from '../../../src/collectors/logs/patterns.ts';
import { createLogScan } from '../../../src/collectors/logs/scan.ts';

const TROUBLE: readonly (readonly [string, string, number | null])[] = [
  [
    '2026-11-24 10:00:01 UTC [77] LOG:  duration: 412.250 ms  execute <unnamed>: SELECT * FROM orders',
    'slowQuery',
    0.41225,
  ],
  ['# Query_time: 2.500000  Lock_time: 0.000000 Rows_sent: 1', 'slowQuery', 2.5],
  ['{"t":{},"c":"COMMAND","msg":"Slow query","attr":{"type":"command","durationMillis":130}}', 'slowQuery', 0.13],
  [
    'E   psycopg.OperationalError: connection to server at "db", port 5432 failed: Connection refused',
    'connectionFailed',
    null,
  ],
  ['Error: connect ECONNREFUSED 172.18.0.2:6379', 'connectionFailed', null],
  ['FATAL:  the database system is starting up', 'connectionFailed', null],
  ['FATAL:  sorry, too many clients already', 'connectionLimit', null],
  ['WARNING Retrying (Retry(total=2, connect=None)) after connection broken', 'retry', null],
  ['waiting for db: attempt 3 of 10', 'retry', null],
  ['ERROR:  canceling statement due to statement timeout', 'timeout', null],
  ['requests.exceptions.ReadTimeout: Read timed out. (read timeout=5)', 'timeout', null],
  ['ERROR:  deadlock detected', 'lock', null],
  ['sqlite3.OperationalError: database is locked', 'lock', null],
  ['MemoryError', 'outOfMemory', null],
  ['could not resize shared memory segment: No space left on device', 'diskFull', null],
  ['/app/x.py:8: DeprecationWarning: datetime.utcnow() is deprecated', 'deprecation', null],
];

test.each(TROUBLE)('%s', (line, kind, seconds) => {
  expect(findingIn(line, 'tests')).toEqual({ kind, seconds });
  expect(HINTS.test(line)).toBe(true);
});

test.each([
  'LOG:  duration: 12.250 ms  statement: SELECT 1',
  'tests/test_retry.py::test_is_retrying_when_connection_refused PASSED [ 50%]',
  '[gw0] PASSED tests/test_http.py::test_timed_out',
  '0.50s call     tests/test_queue.py::test_deadlock detected',
  'tests/test_timed out.py ....',
  'timeout: 60.0s',
  'timeout method: signal',
  '1:M WARNING Memory overcommit must be enabled!',
  '1:C oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
  'database system is ready to accept connections',
  '======== 312 passed, 4 skipped in 38.20s ========',
])('no trouble: %s', (line) => {
  expect(findingIn(line, 'tests')).toBeNull();
});

it("a server that says it is starting up answers its healthcheck: that is trouble in the tests' output alone", () => {
  const line = 'FATAL:  the database system is starting up';
  expect(findingIn(line, 'tests')?.kind).toBe('connectionFailed');
  expect(findingIn(line, 'service')).toBeNull();
});

describe('a log', () => {
  const log = [
    'LOG:  duration: 150.0 ms  statement: SELECT 1',
    'all is well',
    'LOG:  duration: 900.5 ms  statement: SELECT pg_sleep(0.9)',
    'retrying in 1 s',
    'is deprecated',
    'is deprecated',
    'is deprecated',
    'Connection refused',
  ].join('\n');

  const EXPECTED = [
    {
      kind: 'slowQuery',
      count: 2,
      example: 'LOG:  duration: 900.5 ms  statement: SELECT pg_sleep(0.9)',
      longestSeconds: 0.9005,
    },
    { kind: 'retry', count: 1, example: 'retrying in 1 s', longestSeconds: null },
    { kind: 'connectionFailed', count: 1, example: 'Connection refused', longestSeconds: null },
    { kind: 'deprecation', count: 3, example: 'is deprecated', longestSeconds: null },
  ].map((finding) => ({ service: 'db', ...finding }));

  it('gives the same however it is cut, and its last line needs no end', () => {
    const bytes = Buffer.from(log);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const scan = createLogScan('tests');
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (const [index, end] of at.slice(1).entries()) scan.add(bytes.subarray(at[index], end));
        expect(scan.findings('db')).toEqual(EXPECTED);
      }),
    );
  });

  it('may be of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const scan = createLogScan('tests');
        scan.add(Buffer.from(bytes));
        scan.add(Buffer.from('\nConnection refused \xff\xfe\n', 'latin1'));
        expect(scan.findings('db').map(({ kind }) => kind)).toContain('connectionFailed');
      }),
    );
  });

  it('of 200 MB, in lines or in none, is looked through with little memory', () => {
    const before = process.memoryUsage().rss;
    for (const line of [`${'x'.repeat(120)} INFO request served in 3 ms\n`, 'y'.repeat(150)]) {
      const scan = createLogScan('tests');
      const chunk = Buffer.from(line.repeat(Math.floor(65_536 / line.length)));
      for (let bytes = 0; bytes < 200e6; bytes += chunk.length) scan.add(chunk);
      scan.add(Buffer.from('\nConnection refused\n'));
      expect(scan.findings('db')).toMatchObject([{ kind: 'connectionFailed', count: 1 }]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('has examples of bounded length', () => {
    const scan = createLogScan('tests');
    scan.add(Buffer.from(`Connection refused ${'z'.repeat(50_000)}`));
    expect(scan.findings('db')[0]?.example.length).toBeLessThanOrEqual(200);
  });
});
