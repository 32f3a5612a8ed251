/** What fixtures cost, over all processes of a trial, and what is known of each. */
import type { FixtureCost } from '../../model/profile/pytest-profile.ts';
import { type FixtureKey, fixtureKey } from './cost-records.ts';
import { clipped, micro } from './foreign-json.ts';
import type { ProbeFixture, ProbeSession } from './probe-records.ts';

/** The costliest first. */
export function fixturesOf(ran: readonly ProbeSession[], most: number): FixtureCost[] {
  const costs = new Map<FixtureKey, FixtureCost>();
  for (const fixture of ran.flatMap(({ fixtures }) => fixtures)) {
    const key = fixtureKey(fixture.name, fixture.scope, fixture.where);
    costs.set(key, added(costs.get(key), fixture));
  }
  const cost = ({ seconds, teardown }: FixtureCost) => seconds + (teardown ?? 0);
  const rows = [...costs].sort(([, a], [, b]) => cost(b) - cost(a)).slice(0, most);
  const users = usersOf(ran);
  return rows.map(([key, row]) => ({
    ...row,
    ...(users === null ? {} : { users: users.get(key) ?? 0 }),
    ...definitionOf(ran, key),
  }));
}

function added(known: FixtureCost | undefined, fixture: ProbeFixture): FixtureCost {
  const values = [known?.value, fixture.value];
  const value = (['changed', 'unknown', 'differs', 'same'] as const).find((each) => values.includes(each));
  return {
    name: clipped(fixture.name),
    scope: clipped(fixture.scope),
    where: clipped(fixture.where),
    count: fixture.count + (known?.count ?? 0),
    seconds: micro(fixture.seconds + (known?.seconds ?? 0)),
    slowest: Math.max(fixture.slowest, known?.slowest ?? 0),
    teardown: micro(fixture.teardown + (known?.teardown ?? 0)),
    ...(value === undefined ? {} : { value }),
  };
}

/** null if not all tests are known, or not what they use. */
function usersOf(ran: readonly ProbeSession[]): ReadonlyMap<FixtureKey, number> | null {
  const used = ran.flatMap(({ tests }) => tests).flatMap(({ uses }) => (uses === null ? [] : [uses]));
  if (used.length === 0 || ran.some(({ testsLeftOut }) => testsLeftOut > 0)) return null;
  const users = new Map<FixtureKey, number>();
  for (const key of used.flat()) users.set(key, (users.get(key) ?? 0) + 1);
  return users;
}

/** Processes that ended by themselves have written where each of their costliest is defined, unless a plugin does. */
function definitionOf(ran: readonly ProbeSession[], key: FixtureKey): Pick<FixtureCost, 'definition'> {
  const found = ran.flatMap(({ costs }) => costs.definitions.get(key) ?? [])[0];
  if (found !== undefined) return { definition: found };
  return ran.some(({ costs }) => costs.sleeps !== null) ? { definition: null } : {};
}
