/** Other work on the machine: what everything is slower by, where the slower side was disturbed. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { changedFilesOfRuns } from '../inputs.ts';
import { type Part, sum } from '../part.ts';
import { COLLECTION, OUTSIDE, REPORT, START } from './phases.ts';
import { fileOf } from './suite.ts';
import type { Trials } from './trial.ts';

/** Start and collection have to be slower too, by this share of what the tests are: nothing in the tests explains that. */
const ALIKE = 0.5;
const NOTICEABLE = 0.05;

/** The parts, where those that a disturbance explains as well as anything are one. */
export function withDisturbance(trials: Trials, parts: readonly Part[]): readonly Part[] {
  const { runs, head } = trials;
  const reason = head.record.disturbed?.reason;
  if (reason === undefined) return parts;
  const known = changedFilesOfRuns(runs) !== null;
  const diffuse = parts.filter((part) => part.seconds > 0 && isDiffuse(part, known));
  const explained = isAllSlower(trials, diffuse) ? diffuse : diffuse.filter((part) => isWithoutCpu(trials, part));
  if (explained.length === 0) return parts;
  const disturbance: Part = {
    class: 'disturbance',
    name: 'other work',
    baseSeconds: null,
    headSeconds: null,
    seconds: sum(explained.map(({ seconds }) => seconds)),
    evidence: [{ kind: 'disturbed', reason }, ...changedFilesOf(explained)],
  };
  return [disturbance, ...parts.filter((part) => !explained.includes(part))];
}

/** Of what tests took longer, this share at least is CPU time if they do more. */
const OF_MORE_WORK = 0.25;

/**
 * Whether many tests took longer, and no more CPU time than before: they waited, and the machine was busy. Tests of one file that use
 * what changed may wait for that; tests all over a suite more likely waited for a CPU.
 */
function isWithoutCpu({ base, head }: Trials, { class: cls, tests, evidence }: Part): boolean {
  if (cls !== 'manyTests' || tests === undefined) return false;
  const isChanged = evidence.some(({ kind }) => kind === 'changedFiles');
  if (isChanged && new Set(tests.map(fileOf)).size === 1) return false;
  const grown = tests.map((id) => {
    const [before, now] = [base.suite.tests.get(id), head.suite.tests.get(id)];
    if (before?.cpu == null || now?.cpu == null) return null;
    return { seconds: now.seconds - before.seconds, cpu: now.cpu - before.cpu };
  });
  const known = grown.filter((each) => each !== null);
  if (known.length === 0 || known.length < grown.length) return false;
  return sum(known.map(({ cpu }) => cpu)) < OF_MORE_WORK * sum(known.map(({ seconds }) => seconds));
}

/** What changed is said as well, once. */
function changedFilesOf(parts: readonly Part[]): CauseEvidence[] {
  const found = parts.flatMap(({ evidence }) => evidence.filter(({ kind }) => kind === 'changedFiles'));
  return found.slice(0, 1);
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
