/** How much each test on the worker that ended last grew, without what its fixtures explain. */
import type { CauseEvidence } from '../../../model/cause.ts';
import type { FixtureCost } from '../../../model/profile/pytest-profile.ts';
import { type Part, sum } from '../part.ts';
import { pairTests, type TestPair } from './pairs.ts';
import { busiestOf, type Trials } from './trial.ts';

export interface Grown {
  readonly pair: TestPair;
  readonly seconds: number;
}

export interface Growth {
  /** Without new tests. */
  readonly tests: readonly Grown[];
  readonly fresh: readonly Grown[];
  readonly fixtures: readonly Part[];
}

export function growthOf(trials: Trials): Growth {
  const { base, head } = trials;
  const sameSet = base.pytest.testSet.digest === head.pytest.testSet.digest;
  const { worker } = busiestOf(head);
  const pairs = pairTests({ base: base.suite, head: head.suite }, sameSet).filter((pair) => {
    return head.workers === 1 || pair.head.worker === worker;
  });
  const fixtures = fixtureParts(trials);
  const fresh = pairs.filter(({ kind }) => kind === 'new').map((pair) => ({ pair, seconds: pair.head.seconds }));
  const known = pairs.filter(({ kind }) => kind !== 'new');
  // The first test that asks for a fixture pays for it, and the last one for its tear-down: neither is to blame.
  const around = sum(known.map((pair) => aroundGrowth(pair)));
  const ofFixtures = sum(fixtures.map(({ seconds }) => seconds));
  const left = around <= 0 ? 1 : Math.max(0, 1 - ofFixtures / around);
  const tests = known.map((pair) => ({
    pair,
    seconds: callGrowth(pair, base.suite.floor) + aroundGrowth(pair) * left,
  }));
  return { tests, fresh, fixtures };
}

/** Set-up and tear-down, growth only. */
function aroundGrowth({ head, base }: TestPair): number {
  if (base === null) return 0;
  return Math.max(0, head.setup - base.setup) + Math.max(0, head.teardown - base.teardown);
}

/** Of a test that the base does not list: at least what it took more than any that is not listed. */
function callGrowth({ head, base }: TestPair, floor: number): number {
  if (base === null) return Math.max(0, head.call - floor);
  return head.seconds - base.seconds - aroundGrowthSigned({ head, base });
}

function aroundGrowthSigned({ head, base }: { head: TestPair['head']; base: NonNullable<TestPair['base']> }): number {
  return Math.max(0, head.setup - base.setup) + Math.max(0, head.teardown - base.teardown);
}

/** Fixtures whose own set-up or tear-down grew, and those that are set up more often. */
function fixtureParts({ base, head }: Trials): Part[] {
  return head.pytest.fixtures.flatMap((fixture) => {
    const before =
      base.pytest.fixtures.find((each) => each.name === fixture.name && each.where === fixture.where) ?? null;
    // A list holds the costliest only: one that it lacks may have taken as much as its last.
    const known = before === null ? floorOf(base.pytest.fixtures) : costOf(before);
    const growth = costOf(fixture) - known;
    if (growth <= 0) return [];
    // Each worker sets up its own: they do so at the same time.
    const share = fixture.count >= head.workers ? 1 / head.workers : 1;
    const evidence: CauseEvidence = {
      kind: 'fixture',
      name: fixture.name,
      scope: fixture.scope,
      baseCount: before?.count ?? 0,
      headCount: fixture.count,
    };
    return [
      {
        class: 'fixture' as const,
        name: fixture.where === '' ? fixture.name : `${fixture.name} (${fixture.where})`,
        baseSeconds: before === null ? null : costOf(before),
        headSeconds: costOf(fixture),
        seconds: growth * share,
        evidence: [evidence],
      },
    ];
  });
}

/** How many rows a profile has at most. */
const MOST_ROWS = 20;

function floorOf(fixtures: readonly FixtureCost[]): number {
  return fixtures.length < MOST_ROWS ? 0 : Math.min(...fixtures.map(costOf));
}

function costOf({ seconds, teardown }: FixtureCost): number {
  return seconds + (teardown ?? 0);
}
