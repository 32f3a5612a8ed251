/** Other work on the machine: what everything is slower by, where only the slower side was disturbed. */
import { type Part, sum } from '../part.ts';
import { COLLECTION, OUTSIDE, REPORT, START } from './phases.ts';
import type { Trials } from './trial.ts';

/** Start and collection have to be slower too, by this share of what the tests are: nothing in the tests explains that. */
const ALIKE = 0.5;
const NOTICEABLE = 0.05;

/** The parts, where those that a disturbance explains as well as anything are one. */
export function withDisturbance(trials: Trials, parts: readonly Part[]): readonly Part[] {
  const { base, head } = trials;
  const reason = head.record.disturbed?.reason;
  if (reason === undefined || base.record.disturbed !== null || !isAllSlower(trials)) return parts;
  const explained = parts.filter((part) => part.seconds > 0 && isDiffuse(part));
  if (explained.length === 0) return parts;
  const disturbance: Part = {
    class: 'disturbance',
    name: 'other work',
    baseSeconds: null,
    headSeconds: null,
    seconds: sum(explained.map(({ seconds }) => seconds)),
    evidence: [{ kind: 'disturbed', reason }],
  };
  return [disturbance, ...parts.filter((part) => !explained.includes(part))];
}

function isAllSlower({ base, head }: Trials): boolean {
  const before = base.path.start + base.path.collection;
  const around = (head.path.start + head.path.collection - before) / before;
  const tests = (head.path.tests - base.path.tests) / base.path.tests;
  return tests > NOTICEABLE && around >= ALIKE * tests;
}

/** Without anything of the project that changed. */
function isDiffuse({ class: cls, name, evidence }: Part): boolean {
  if (cls === 'manyTests') return evidence.every(({ kind }) => kind !== 'changedFiles');
  return [START, COLLECTION, REPORT, OUTSIDE].includes(name) && evidence.length === 0;
}
