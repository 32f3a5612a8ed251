/** Where two runs differ: which step, service, test or fixture moved, and how much of the whole that is. */
import type { Attribution, SeriesKey, Suspect } from '../../model/regression.ts';
import type { RunFacts } from '../../model/run.ts';
import { suspectOf } from '../regression/series.ts';
import { buildParts, startupParts, testParts, type Part } from './parts.ts';

/** Parts that moved less are left out. */
const SMALLEST_SHARE = 0.1;
const MOST = 5;

/**
 * The parts of a figure that moved with it, by their share of its difference, the largest first, five at most. What moved against
 * it, or by less than a tenth, is left out. Parts overlap (a fixture is part of the tests), so
 * shares need not sum to 1. None where the profiles say nothing, or where the figure did not change.
 * @param difference of the figure itself, head − base, in seconds
 */
export function attribute(base: RunFacts, head: RunFacts, key: SeriesKey, difference: number): Attribution[] {
  const suspect = suspectOf(key);
  return suspect === null ? [] : attributePart(base, head, suspect, difference);
}

/** As `attribute`, of a phase or scenario instead of a series. */
export function attributePart(base: RunFacts, head: RunFacts, suspect: Suspect, difference: number): Attribution[] {
  const [before, now] = [partsOf(base, suspect), partsOf(head, suspect)];
  // A side without a profile did not take less time for it.
  if (difference === 0 || before === null || now === null) return [];
  return pairs(before, now)
    .map(({ kind, name, baseSeconds, headSeconds }) => ({
      kind,
      name,
      baseSeconds,
      headSeconds,
      share: (headSeconds - baseSeconds) / difference,
    }))
    .filter(({ share }) => share >= SMALLEST_SHARE)
    .sort((a, b) => weightOf(b) - weightOf(a) || RANK[a.kind] - RANK[b.kind] || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
}

/** A test that is nearly all of its phase comes before it: it says more. */
const OF_PHASE = 0.9;

/** In whole percent, as reports show it: a test and its fixture may be alike, though not to the last digit. */
function weightOf({ kind, share }: Pick<Attribution, 'kind' | 'share'>): number {
  return Math.round(share * 100) * (kind === 'phase' ? OF_PHASE : 1);
}

/** The finer of two that moved alike comes first. */
const RANK: Readonly<Record<Attribution['kind'], number>> = { step: 0, service: 0, test: 0, fixture: 1, phase: 2 };

/** @returns null where nothing is known of the parts */
function partsOf(facts: RunFacts, suspect: Suspect): Part[] | null {
  switch (suspect.phase) {
    case 'build':
      return buildParts(facts, suspect.mode);
    case 'startup':
      return startupParts(facts);
    case 'test':
      return testParts(facts, suspect.scenario);
  }
}

interface Moved {
  readonly kind: Attribution['kind'];
  readonly name: string;
  readonly baseSeconds: number;
  readonly headSeconds: number;
}

/** By kind and name; what only one side has took no time on the other: a step from the cache, a test that is new. */
function pairs(base: readonly Part[], head: readonly Part[]): Moved[] {
  const named = new Map<string, Moved>();
  const add = (part: Part, side: 'baseSeconds' | 'headSeconds') => {
    const id = `${part.kind}/${part.name}`;
    const known = named.get(id) ?? { kind: part.kind, name: part.name, baseSeconds: 0, headSeconds: 0 };
    named.set(id, { ...known, [side]: known[side] + part.seconds });
  };
  for (const part of base) add(part, 'baseSeconds');
  for (const part of head) add(part, 'headSeconds');
  return [...named.values()];
}
