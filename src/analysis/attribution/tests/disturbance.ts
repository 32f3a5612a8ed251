/** Other work on the machine: what everything is slower by, where the slower side was disturbed. */
import { changedFilesOfRuns } from '../inputs.ts';
import { type Part, sum } from '../part.ts';
import { COLLECTION, OUTSIDE, REPORT, START } from './phases.ts';
import type { Trials } from './trial.ts';

/** Start and collection have to be slower too, by this share of what the tests are: nothing in the tests explains that. */
const ALIKE = 0.5;
const NOTICEABLE = 0.05;

/** The parts, where those that a disturbance explains as well as anything are one. */
export function withDisturbance(trials: Trials, parts: readonly Part[]): readonly Part[] {
  const { runs, head } = trials;
  const reason = head.record.disturbed?.reason;
  const known = changedFilesOfRuns(runs) !== null;
  const explained = parts.filter((part) => part.seconds > 0 && isDiffuse(part, known));
  if (reason === undefined || !isAllSlower(trials, explained)) return parts;
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

/** @param diffuse what a disturbance may explain */
function isAllSlower({ base, head }: Trials, diffuse: readonly Part[]): boolean {
  const before = base.path.start + base.path.collection;
  const around = (head.path.start + head.path.collection - before) / before;
  const ofTests = diffuse.filter(({ class: cls }) => cls === 'manyTests' || cls === 'test');
  const tests = sum(ofTests.map(({ seconds }) => seconds)) / base.path.tests;
  return tests > NOTICEABLE && around >= ALIKE * tests;
}

/**
 * Without anything of the project that changed.
 * @param known whether the files that changed are known: only then a single test without them is not to blame
 */
function isDiffuse({ class: cls, name, evidence }: Part, known: boolean): boolean {
  const isUnchanged = evidence.every(({ kind }) => kind !== 'changedFiles');
  if (cls === 'manyTests') return isUnchanged;
  if (cls === 'test') return known && isUnchanged;
  return [START, COLLECTION, REPORT, OUTSIDE].includes(name) && evidence.length === 0;
}
