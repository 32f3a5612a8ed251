/** From parts that grew to causes: shares of the difference, the largest first, and what is left is unknown. */
import type { Cause } from '../../model/cause.ts';
import { type Part, sum } from './part.ts';

/** Smaller shares say nothing. */
const SMALLEST_SHARE = 0.04;
const MOST = 8;
/** With so much named, smaller parts add nothing. */
const ENOUGH = 0.95;
/** With more left over, the causes do not explain the difference. */
const REST = 0.1;
const SAYS_MUCH = 0.25;

/**
 * Each second of the difference counts once. Parts may add up to more than it, since others became faster: then their shares are
 * of their sum.
 * @param difference positive @param disturbed why a measurement of the slower side was disturbed; null if it was not
 */
export function causesFrom(parts: readonly Part[], difference: number, disturbed: string | null): Cause[] {
  const grown = merged(parts.filter(({ seconds }) => seconds > 0));
  const whole = Math.max(difference, sum(grown.map(({ seconds }) => seconds)));
  const named = grown
    .map(({ class: cls, name, baseSeconds, headSeconds, evidence, seconds }) => {
      return { class: cls, name, baseSeconds, headSeconds, evidence, share: seconds / whole };
    })
    .filter(({ share }) => share >= SMALLEST_SHARE)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
    .filter((_, index, all) => sum(all.slice(0, index).map(({ share }) => share)) < ENOUGH)
    .slice(0, MOST);
  const ofProject = named.filter((cause) => cause.class !== 'disturbance');
  const others = [...named.filter((cause) => cause.class === 'disturbance'), ...restOf(named, disturbed)];
  const other = others.length < 2 ? others : [{ ...others[0]!, share: sum(others.map(({ share }) => share)) }];
  // What is not the project's comes first only where nothing of the project says much.
  return (ofProject[0]?.share ?? 0) < SAYS_MUCH ? [...other, ...ofProject] : [...ofProject, ...other];
}

function restOf(named: readonly Cause[], disturbed: string | null): Cause[] {
  const rest = 1 - sum(named.map(({ share }) => share));
  return rest <= REST ? [] : [unknownOf(rest, disturbed)];
}

function unknownOf(share: number, disturbed: string | null): Cause {
  const rest = { baseSeconds: null, headSeconds: null, share };
  if (disturbed === null) return { class: 'unknown', name: 'unknown', ...rest, evidence: [] };
  return { class: 'disturbance', name: 'other work', ...rest, evidence: [{ kind: 'disturbed', reason: disturbed }] };
}

/** What is named twice, such as a test and what follows from it, is one cause. */
function merged(parts: readonly Part[]): Part[] {
  const byName = new Map<string, Part>();
  for (const part of parts) {
    const id = `${part.class}/${part.name}`;
    const known = byName.get(id);
    byName.set(id, known === undefined ? part : { ...known, seconds: known.seconds + part.seconds });
  }
  return [...byName.values()];
}
