/** The tests of two trials, one by one: the same, renamed, new or unknown on the other side. */
import type { Sides } from '../part.ts';
import { fileOf, type Suite, type Timed } from './suite.ts';

export interface TestPair {
  readonly head: Timed;
  /** null for `new`, and for `unknown`: it took less than the tests that the base lists. */
  readonly base: Timed | null;
  readonly kind: 'same' | 'new' | 'unknown';
}

export function pairTests({ base, head }: Sides<Suite>, sameSet: boolean): TestPair[] {
  const gone = [...base.tests.values()].filter(({ id }) => !head.tests.has(id));
  const renamed = renames(
    gone,
    [...head.tests.values()].filter(({ id }) => !base.tests.has(id)),
  );
  return [...head.tests.values()].map((test) => {
    const same = base.tests.get(test.id) ?? (sameSet ? undefined : renamed.get(test.id));
    if (same !== undefined) return { head: test, base: same, kind: 'same' };
    // With the same set of tests it was there; it was merely not among the slowest.
    return { head: test, base: null, kind: base.complete && !sameSet ? 'new' : 'unknown' };
  });
}

/** A test whose file has another name is the same test, if the name is unique among what went and what came. */
function renames(gone: readonly Timed[], come: readonly Timed[]): ReadonlyMap<string, Timed> {
  const byName = (tests: readonly Timed[]) => Map.groupBy(tests, ({ id }) => id.slice(fileOf(id).length));
  const [before, now] = [byName(gone), byName(come)];
  const found = new Map<string, Timed>();
  for (const [name, tests] of now) {
    const old = before.get(name);
    if (tests.length === 1 && old?.length === 1) found.set(tests[0]!.id, old[0]!);
  }
  return found;
}
