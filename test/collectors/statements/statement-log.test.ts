import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { createStatementLog, withoutValues } from '../../../src/collectors/statements/statement-log.ts';

const LOG = `2026-11-24 10:00:00.123 UTC [70] LOG:  database system is ready to accept connections
2026-11-24 10:00:01.123 UTC [71] LOG:  duration: 0.500 ms  parse <unnamed>: SELECT * FROM orders WHERE id = $1
2026-11-24 10:00:01.124 UTC [71] LOG:  duration: 0.250 ms  bind <unnamed>: SELECT * FROM orders WHERE id = $1
2026-11-24 10:00:01.124 UTC [71] DETAIL:  parameters: $1 = '7'
2026-11-24 10:00:01.125 UTC [71] LOG:  duration: 10.250 ms  execute <unnamed>: SELECT * FROM orders WHERE id = $1
2026-11-24 10:00:01.126 UTC [71] DETAIL:  parameters: $1 = '7'
2026-11-24 10:00:02.000 UTC [72] LOG:  duration: 2.000 ms  statement: INSERT INTO orders
\tVALUES (1, 'it''s'), (2, 'two')
2026-11-24 10:00:02.001 UTC [72] LOG:  duration: 3.000 ms  statement: INSERT INTO orders VALUES (3, 'x')
2026-11-24 10:00:02.002 UTC [72] ERROR:  duplicate key value
2026-11-24 10:00:02.002 UTC [72] STATEMENT:  INSERT INTO orders VALUES (3, 'x')`;

it('sums up the statements of a log, however it is cut', () => {
  const bytes = Buffer.from(LOG);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
      const log = createStatementLog();
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (const [index, end] of at.slice(1).entries()) log.add(bytes.subarray(at[index], end));
      const summary = log.summary();
      expect(summary?.calls).toBe(3);
      expect(summary?.seconds).toBeCloseTo(0.016, 9);
      expect(summary?.slowest.map(({ text, calls }) => [text, calls])).toEqual([
        ['SELECT * FROM orders WHERE id = $1', 1],
        ['INSERT INTO orders VALUES (?, …)', 1],
        ['INSERT INTO orders VALUES (?, …), …', 1],
      ]);
      expect(summary?.slowest[0]?.seconds).toBeCloseTo(0.011, 9);
    }),
  );
});

it('has nothing to tell of a log without statements', () => {
  const log = createStatementLog();
  log.add(Buffer.from('LOG:  duration of the checkpoint: 3 ms\n\t continued\n'));
  expect(log.summary()).toBeNull();
});

test.each([
  ["SELECT 'a''b', 12, -3.5 FROM t1 WHERE x2 = $1", 'SELECT ?, … FROM t1 WHERE x2 = $1'],
  ['SELECT *   FROM t WHERE id IN (1,2, 3)', 'SELECT * FROM t WHERE id IN (?, …)'],
  ['INSERT INTO t VALUES (1), (2), (3)', 'INSERT INTO t VALUES (?), …'],
])('%s is %s', (statement, form) => {
  expect(withoutValues(statement)).toBe(form);
});
