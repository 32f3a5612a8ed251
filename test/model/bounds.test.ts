import { expect, test } from 'vitest';
import { beginningOf, boundedProblem, endOf, LONGEST_DETAIL, LONGEST_SENTENCE } from '../../src/model/bounds.ts';

test('sentences keep their beginning, output its end, and what fits stays as it is', () => {
  expect(beginningOf('short')).toBe('short');
  expect(beginningOf('a'.repeat(5_000))).toBe(`${'a'.repeat(LONGEST_SENTENCE - 1)}…`);
  expect(endOf('short')).toBe('short');
  expect(endOf(`${'a'.repeat(20_000)}b`)).toBe(`…${'a'.repeat(LONGEST_DETAIL - 2)}b`);
});

test('a problem of megabytes fits into a payload', () => {
  const huge = 'x'.repeat(3_000_000);
  const problem = boundedProblem({ type: 'BuildFailed', what: huge, next: huge, detail: huge });
  expect(JSON.stringify(problem).length).toBeLessThan(20_000);
  expect(boundedProblem({ type: 'BuildFailed', what: 'a', next: 'b' })).toEqual({
    type: 'BuildFailed',
    what: 'a',
    next: 'b',
  });
});
