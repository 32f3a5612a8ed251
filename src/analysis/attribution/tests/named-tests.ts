/** Which tests to name: single ones that grew much, the one that slows those after it, and many that grew a little as one cause. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { type Part, sum } from '../part.ts';
import type { Grown } from './growth.ts';
import { leakOf, type SleepSites } from './leak.ts';
import { fileOf, functionOf, type Timed } from './suite.ts';

/** A test with this share of the growth is named by itself. */
const SINGLE_SHARE = 0.15;
/** From this many on, tests that grew alike are one cause. */
const MANY = 5;
const MOST_IDS = 5;

/** @param all tests of the worker in the order in which they started, grown or not @param sites where the tests slept on each side */
export function grownTests(tests: readonly Grown[], sites: SleepSites): Part[] {
  const grown = tests.filter(({ seconds }) => seconds > 0).sort((a, b) => b.seconds - a.seconds);
  const whole = sum(grown.map(({ seconds }) => seconds));
  if (whole <= 0) return [];
  const leak = leakOf(tests, sites);
  if (leak !== null) return [leak];
  const single = grown.filter(({ seconds }) => seconds >= SINGLE_SHARE * whole);
  const isAlike = single.length >= MANY || areOfOneFunction(single);
  const named = isAlike ? [] : single;
  // Times vary both ways: what others took less is noise, which those that took more by a little hold as well.
  const noise = -sum(tests.filter(({ seconds }) => seconds < 0).map(({ seconds }) => seconds));
  const others = grown.filter((each) => !named.includes(each));
  const othersNet = sum(others.map(({ seconds }) => seconds)) - noise;
  return [...named.map(singlePart), ...manyPart(others, othersNet, tests)];
}

/** The parameters of one test that grew alike are one cause, even if they are few. */
function areOfOneFunction(single: readonly Grown[]): boolean {
  const [most, least] = [single[0]?.seconds ?? 0, single.at(-1)?.seconds ?? 0];
  const functions = new Set(single.map(({ pair }) => functionOf(pair.head.id)));
  return single.length >= 3 && functions.size === 1 && most <= 3 * least;
}

function singlePart({ pair: { head, base }, seconds }: Grown): Part {
  return {
    class: 'test',
    name: head.id,
    baseSeconds: base?.seconds ?? null,
    headSeconds: head.seconds,
    seconds,
    evidence: [{ kind: 'tests', ids: [head.id], count: 1, secondsEach: seconds }],
  };
}

/** As few tests as hold nine tenths of the growth are typical of it. */
const MOST_OF_IT = 0.9;
/** Those that grew by this much of what is typical are meant; less is the noise of tests that did not change. */
const ALIKE = 0.3;

/** @param net what they took more, without noise @param all tests, grown or not */
function manyPart(grown: readonly Grown[], net: number, all: readonly Grown[]): Part[] {
  if (net <= 0) return [];
  const whole = sum(grown.map(({ seconds }) => seconds));
  const typical: number[] = [];
  for (const { seconds } of grown) if (sum(typical) < MOST_OF_IT * whole) typical.push(seconds);
  const alike = grown.filter(({ seconds }) => seconds >= (ALIKE * sum(typical)) / typical.length);
  const chosen = byFunction(alike, grown, all);
  if (chosen.length === 0) return [];
  if (chosen.length === 1) return [singlePart(chosen[0]!)];
  const seconds = Math.min(net, sum(chosen.map((each) => each.seconds)));
  const ids = chosen.map(({ pair }) => pair.head.id);
  return [
    {
      class: 'manyTests',
      name: groupName(ids),
      baseSeconds: sumOrNull(chosen.map(({ pair }) => pair.base?.seconds ?? null)),
      headSeconds: sum(chosen.map(({ pair }) => pair.head.seconds)),
      seconds,
      tests: ids,
      evidence: [
        { kind: 'tests', ids: ids.slice(0, MOST_IDS), count: ids.length, secondsEach: seconds / ids.length },
        ...commonFixture(
          chosen.map(({ pair }) => pair.head),
          all.map(({ pair }) => pair.head),
        ),
      ],
    },
  ];
}

/**
 * What makes one parameter of a test slower does so with most of them. Then all of them that grew are meant; fewer grew because times
 * vary.
 */
const PARAMETERS = { share: 0.6, fewest: 4 };

function byFunction(alike: readonly Grown[], grown: readonly Grown[], all: readonly Grown[]): readonly Grown[] {
  const of = ({ pair }: Grown) => functionOf(pair.head.id);
  const counts = (tests: readonly Grown[]) => Map.groupBy(tests, of);
  const [grownAlike, known] = [counts(alike), counts(all)];
  const kept = grown.filter((each) => {
    const [most, whole] = [grownAlike.get(of(each))?.length ?? 0, known.get(of(each))?.length ?? 0];
    return whole < PARAMETERS.fewest ? alike.includes(each) : most >= PARAMETERS.share * whole;
  });
  return kept.length === 0 ? alike : kept;
}

/** "30 tests of tests/test_carts.py::test_cart", by as much as they have in common. */
export function groupName(ids: readonly string[]): string {
  const common = [functionOf, fileOf].find((of) => new Set(ids.map(of)).size === 1);
  const of = common === undefined ? '' : ` of ${common(ids[0]!)}`;
  return `${ids.length} ${ids.length === 1 ? 'test' : 'tests'}${of}`;
}

/** Others may use it as well, up to this many times as often: what nearly every test uses says nothing. */
const OTHERS = 1.25;

/** Of the fixtures that all of them use, the one that the fewest others use. */
function commonFixture(tests: readonly Timed[], all: readonly Timed[]): CauseEvidence[] {
  const [first, ...others] = tests.map(({ fixtures }) => fixtures);
  if (first == null) return [];
  const common = first.filter((name) => others.every((fixtures) => fixtures?.includes(name) === true));
  const [fixture] = common
    .map((name) => ({ name, users: all.filter(({ fixtures }) => fixtures?.includes(name) === true).length }))
    .filter(({ users }) => users <= OTHERS * tests.length)
    .sort((a, b) => a.users - b.users);
  return fixture === undefined ? [] : [{ kind: 'allUseFixture', fixture: fixture.name, count: tests.length }];
}

export function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : sum(known);
}
