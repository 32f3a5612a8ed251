import type { Measured, Pair, TestsChange } from '../../model/regression.ts';
import { changedTests } from './tests-taken-out.ts';
import { DECISION } from './constants.ts';

/**
 * Why these pairs must not be compared. Sides on different hosts compare hosts (18 to 20 % false alarms in simulation),
 * and other tests take another time.
 * @returns one sentence, or null if they may be compared
 */
export function differencesOfPairs(pairs: readonly Pair[], tests: TestsChange): string | null {
  const apart = pairs.findIndex(({ base, head }) => base.hostId !== head.hostId);
  if (apart >= 0) {
    const { base, head } = pairs[apart]!;
    return `Base and head were measured on different hosts (pair ${apart + 1}: ${base.hostId} and ${head.hostId}): such figures would compare the hosts, so they are not judged.`;
  }
  if (tests.kind === 'changed') return tooLargeAPart(pairs, tests);
  const other = pairs.find(({ base, head }) => !sameTests(base, head));
  if (other === undefined) return null;
  return `Base and head ran different tests (${countOf(other.base)} and ${countOf(other.head)}), and which ones is unknown, so they are not compared.`;
}

/** If most of a suite's tests are different, the rest says nothing. The share is relative to the baseline. */
function tooLargeAPart(pairs: readonly Pair[], tests: Extract<TestsChange, { kind: 'changed' }>): string | null {
  const { addedSeconds, removedSeconds } = tests;
  const least = Math.min(...pairs.map(({ base }) => base.value));
  if (addedSeconds + removedSeconds <= DECISION.testsChangeShare * least) return null;
  return `Base and head ran different tests, and their share of the time is too large to subtract: ${changedTests(tests)}.`;
}

function sameTests({ tests: a }: Measured, { tests: b }: Measured): boolean {
  return a === null || b === null || a.digest === b.digest;
}

function countOf({ tests }: Measured): string {
  return tests === null ? 'not known' : String(tests.count);
}
