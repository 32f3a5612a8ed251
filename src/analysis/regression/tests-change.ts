/** Which tests were added and removed between two runs, and how long they take: their time says nothing about the code. */
import type { KnownTests, TestsChange } from '../../model/regression.ts';

const MOST_NAMED = 10;

interface Test {
  readonly id: string;
  readonly seconds: number;
}

/**
 * Names come from the table of all tests, or of profiles that have none from the list of the slowest, which is complete for small suites only.
 * A test in a renamed file is the same test. Parallel workers run tests at the same time, so the seconds of tests are divided by the
 * number of workers to get wall time.
 * @returns null if it is unknown which tests they are
 */
export function testsChange(base: KnownTests, head: KnownTests): TestsChange | null {
  if (base.testSet.digest === head.testSet.digest) return { kind: 'same' };
  const [before, now] = [allTests(base), allTests(head)];
  if (before === null || now === null) return null;
  const { added, removed, renamed } = withoutRenamed(without(now, before), without(before, now));
  // A test that is skipped on one side only is in both tables: which one it is cannot be read from them.
  const difference = head.testSet.count - base.testSet.count;
  if (added.length - removed.length !== difference) return null;
  if (added.length === 0 && removed.length === 0) return renamed > 0 ? { kind: 'same' } : null;
  return {
    kind: 'changed',
    added: named(added),
    addedCount: added.length,
    addedSeconds: secondsOf(added) / workersOf(head),
    removed: named(removed),
    removedCount: removed.length,
    removedSeconds: secondsOf(removed) / workersOf(base),
  };
}

/** null where not all of them are listed. */
function allTests({ testSet, slowestTests, table }: KnownTests): readonly Test[] | null {
  if (table !== undefined && table.leftOut === 0) {
    return table.name.map((name, index) => ({
      id: `${table.files[table.file[index] ?? -1] ?? ''}::${name}`,
      seconds: table.seconds[index] ?? 0,
    }));
  }
  const ran = slowestTests.filter(({ outcome }) => outcome !== 'skipped');
  return ran.length >= testSet.count ? ran : null;
}

function without(tests: readonly Test[], others: readonly Test[]): Test[] {
  const known = new Set(others.map(({ id }) => id));
  return tests.filter(({ id }) => !known.has(id));
}

/** Tests that only their file's name sets apart, if no other of those that went or came has the same name. */
function withoutRenamed(added: readonly Test[], removed: readonly Test[]) {
  const [come, gone] = [byName(added), byName(removed)];
  const isRenamed = ({ id }: Test) => come.get(nameOf(id)) === 1 && gone.get(nameOf(id)) === 1;
  const left = added.filter((test) => !isRenamed(test));
  return { added: left, removed: removed.filter((test) => !isRenamed(test)), renamed: added.length - left.length };
}

function byName(tests: readonly Test[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of tests) counts.set(nameOf(id), (counts.get(nameOf(id)) ?? 0) + 1);
  return counts;
}

/** Without its file. */
function nameOf(id: string): string {
  return id.slice(id.indexOf('::'));
}

function named(tests: readonly Test[]): string[] {
  return tests
    .map(({ id }) => id)
    .sort()
    .slice(0, MOST_NAMED);
}

function secondsOf(tests: readonly Test[]): number {
  return tests.reduce((sum, { seconds }) => sum + seconds, 0);
}

function workersOf({ configuration }: KnownTests): number {
  return Math.max(1, configuration.workers);
}
