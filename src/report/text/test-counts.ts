import type { TestCounts } from '../../model/test-counts.ts';

/** "3 failed, 309 passed, 4 skipped": what is bad first, and nothing of what there is none. */
export function testCounts({ passed, failed, skipped, errors }: TestCounts): string {
  const parts = [
    [failed, 'failed'],
    [errors, errors === 1 ? 'error' : 'errors'],
    [passed, 'passed'],
    [skipped, 'skipped'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return shown.length === 0 ? 'no tests' : shown.join(', ');
}
