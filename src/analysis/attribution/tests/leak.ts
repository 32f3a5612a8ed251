/** A test that leaves something behind which slows the tests after it. */
import { type Part, sum } from '../part.ts';
import type { Grown } from './growth.ts';
import { fileOf, functionOf } from './suite.ts';

/** Fewer victims may be chance. */
const VICTIMS = 6;
/** A test has grown if it did by this much of the mean growth of the victims. */
const GROWN = 0.3;
/** Single tests before the victims may have grown by chance. */
const IN_A_ROW = 3;

/**
 * Tests of one function are alike. Where those of it that ran early did not grow, and those that ran later did, as did tests
 * of other files after them, the cause is the test between them.
 * @returns null without the times at which tests started
 */
export function leakOf(tests: readonly Grown[]): Part | null {
  if (tests.some(({ pair }) => pair.head.at === null)) return null;
  const ordered = tests.toSorted((a, b) => a.pair.head.at! - b.pair.head.at!);
  const positive = ordered.filter(({ seconds }) => seconds > 0);
  if (positive.length < VICTIMS) return null;
  const limit = (GROWN * sum(positive.map(({ seconds }) => seconds))) / positive.length;
  const isGrown = ({ seconds }: Grown) => seconds >= limit;
  const first = ordered.findIndex((_, index) => ordered.slice(index, index + IN_A_ROW).every(isGrown));
  const culprit = ordered[first - 1];
  if (culprit === undefined) return null;
  const sameFunction = ({ pair }: Grown) => functionOf(pair.head.id) === functionOf(ordered[first]!.pair.head.id);
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
  const { head, base } = culprit.pair;
  const seconds = sum(victims.map((each) => each.seconds));
  return {
    class: 'test',
    name: head.id,
    baseSeconds: base?.seconds ?? null,
    headSeconds: head.seconds,
    seconds,
    evidence: [
      {
        kind: 'tests',
        ids: victims.slice(0, 5).map(({ pair }) => pair.head.id),
        count: victims.length,
        secondsEach: seconds / victims.length,
      },
    ],
  };
}
