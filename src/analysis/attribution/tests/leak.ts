/** A test that leaves something behind which slows the tests after it. */
import type { SleepCost } from '../../../model/profile/test-table.ts';
import { type Part, type Sides, sum } from '../part.ts';
import type { Grown } from './growth.ts';
import { fileOf, functionOf } from './suite.ts';

/** Where the tests of each side slept. */
export type SleepSites = Sides<readonly SleepCost[]>;

/** Fewer victims may be chance. */
const VICTIMS = 6;
/** A test has grown if it did by this much of the mean growth of the victims. */
const GROWN = 0.3;
/** Single tests before the victims may have grown by chance. */
const IN_A_ROW = 3;

/**
 * Tests of one function are alike. Where those of it that ran early did not grow, and those that ran later did, as did tests
 * of other files after them, the cause is the last of the former, which left something behind at its end, or the first of the
 * latter, which did so before its own work. Times do not tell these two apart.
 * @returns null without the times at which tests started
 */
export function leakOf(tests: readonly Grown[], sites: SleepSites): Part | null {
  if (tests.some(({ pair }) => pair.head.at === null)) return null;
  const ordered = tests.toSorted((a, b) => a.pair.head.at! - b.pair.head.at!);
  const positive = ordered.filter(({ seconds }) => seconds > 0);
  if (positive.length < VICTIMS) return null;
  const limit = (GROWN * sum(positive.map(({ seconds }) => seconds))) / positive.length;
  const isGrown = ({ seconds }: Grown) => seconds >= limit;
  const first = ordered.findIndex((_, index) => ordered.slice(index, index + IN_A_ROW).every(isGrown));
  const [last, next] = [ordered[first - 1], ordered[first]];
  if (last === undefined || next === undefined) return null;
  const sameFunction = ({ pair }: Grown) => functionOf(pair.head.id) === functionOf(next.pair.head.id);
  const before = ordered.slice(0, first).filter(sameFunction);
  const after = ordered.slice(first);
  const alikeAfter = after.filter(sameFunction);
  const victims = after.filter(isGrown);
  const files = new Set(victims.map(({ pair }) => fileOf(pair.head.id)));
  const isLeak =
    before.length >= 2 &&
    alikeAfter.length >= 2 &&
    alikeAfter.filter(isGrown).length >= 0.8 * alikeAfter.length &&
    victims.length >= Math.max(VICTIMS, after.length / 2) &&
    files.size >= 2;
  if (!isLeak) return null;
  const seconds = sum(victims.map((each) => each.seconds));
  const culprit = ownerOfNewSleep([last, next], tests, sites);
  const suspects = culprit === null ? [last, next] : [culprit];
  const ids = suspects.map(({ pair }) => pair.head.id);
  return {
    class: 'test',
    name: ids.join(' or '),
    baseSeconds: culprit?.pair.base?.seconds ?? null,
    headSeconds: culprit?.pair.head.seconds ?? null,
    seconds,
    evidence: [
      {
        kind: 'tests',
        ids: victims.slice(0, 5).map(({ pair }) => pair.head.id),
        count: victims.length,
        secondsEach: seconds / victims.length,
      },
      ...(culprit === null ? [{ kind: 'oneOfTests' as const, ids }] : []),
    ],
  };
}

/** A sleep of the other tests that only the head has, written in the body of one of the two. null: no such, or in both. */
function ownerOfNewSleep(
  suspects: readonly Grown[],
  tests: readonly Grown[],
  { base, head }: SleepSites,
): Grown | null {
  const fresh = head.filter((site) => !base.some(({ file, source }) => file === site.file && source === site.source));
  const [longest] = fresh.toSorted((a, b) => b.seconds - a.seconds);
  if (longest === undefined) return null;
  const before = tests
    .filter(({ pair: { head: test } }) => fileOf(test.id) === longest.file && (test.line ?? Infinity) <= longest.line)
    .toSorted((a, b) => b.pair.head.line! - a.pair.head.line!);
  const [owner] = before.map(({ pair }) => functionOf(pair.head.id));
  const owners = suspects.filter(({ pair }) => functionOf(pair.head.id) === owner);
  return owners.length === 1 ? owners[0]! : null;
}
