import type { TestsChange } from '../../model/regression.ts';

/** The two sides of a comparison without the tests that only one of them ran. */
export function withoutChangedTests(
  { base, head }: { readonly base: number; readonly head: number },
  tests: TestsChange,
): { readonly base: number; readonly head: number } {
  if (tests.kind === 'same') return { base, head };
  return { base: base - tests.removedSeconds, head: head - tests.addedSeconds };
}

/** "7 tests added (test_a, test_b, …), 1.2 s; 1 removed (test_c), 0.3 s: their time is taken out", or null. */
export function testsSentence(tests: TestsChange): string | null {
  return tests.kind === 'same' ? null : `${changedTests(tests)}: their time is subtracted.`;
}

/** "7 tests added (test_a, test_b, …), 1.2 s; 1 test removed (test_c), 0.3 s". */
export function changedTests(tests: Extract<TestsChange, { kind: 'changed' }>): string {
  const parts = [
    named(tests.addedCount, 'added', tests.added, tests.addedSeconds),
    named(tests.removedCount, 'removed', tests.removed, tests.removedSeconds),
  ].filter((part) => part !== null);
  return parts.join('; ');
}

function named(count: number, what: string, names: readonly string[], seconds: number): string | null {
  if (count === 0) return null;
  const list = names.length < count ? `${names.join(', ')}, …` : names.join(', ');
  return `${count} ${count === 1 ? 'test' : 'tests'} ${what} (${list}), ${Number(seconds.toFixed(2))} s`;
}
