/** Growth of tests that are in no list: an older profile has the slowest tests alone, and the sums of each file. */
import type { Category } from '../../../model/profile/pytest-profile.ts';
import { type Part, sum } from '../part.ts';
import type { Grown, Growth } from './growth.ts';
import { fileOf } from './suite.ts';
import type { Trials } from './trial.ts';

/** A smaller share of what the file took before is noise. */
const NOTICEABLE = 0.1;
/** How many files a profile lists at most. */
const MOST_FILES = 20;

/** Files that grew by more than their listed tests and fixtures explain, and new ones; none where all tests are listed. */
export function unlistedParts(trials: Trials, { tests, fresh }: Growth, explained: readonly Part[]): Part[] {
  const { base, head } = trials;
  if (base.suite.complete && head.suite.complete) return [];
  const parts = head.pytest.files.flatMap((file) => {
    const before = base.pytest.files.find(({ name }) => name === file.name);
    if (before === undefined) {
      const isNamed = fresh.some(({ pair }) => fileOf(pair.head.id) === file.name);
      return isNamed || base.pytest.files.length >= MOST_FILES ? [] : [newFile(file, trials)];
    }
    if (before.tests !== file.tests) return [];
    const own = tests.filter(({ pair }) => fileOf(pair.head.id) === file.name);
    const growth = file.seconds - before.seconds - sum(own.map((each) => rawGrowth(each, base.suite.floor)));
    return growth < NOTICEABLE * before.seconds ? [] : [slowerFile(before, file, growth / head.workers)];
  });
  // Of a fixture that a test outside of all lists set up, the file's sum counts the time as well.
  const left = head.path.tests - base.path.tests - sum(explained.map(({ seconds }) => seconds));
  const whole = sum(parts.map(({ seconds }) => seconds));
  return parts.map((part) => ({ ...part, seconds: part.seconds * Math.min(1, Math.max(0, left / whole)) }));
}

/** With the fixtures that it paid for. */
function rawGrowth({ pair: { head, base } }: Grown, floor: number): number {
  return base === null ? Math.max(0, head.seconds - floor) : head.seconds - base.seconds;
}

function slowerFile(base: Category, head: Category, seconds: number): Part {
  return { class: 'manyTests', ...nameOf(head, head.seconds - base.seconds), baseSeconds: base.seconds, seconds };
}

function newFile(head: Category, trials: Trials): Part {
  return {
    class: 'newTests',
    ...nameOf(head, head.seconds),
    baseSeconds: null,
    seconds: head.seconds / trials.head.workers,
  };
}

function nameOf({ name, tests, seconds }: Category, grown: number): Pick<Part, 'name' | 'headSeconds' | 'evidence'> {
  return {
    name: `${tests} ${tests === 1 ? 'test' : 'tests'} of ${name}`,
    headSeconds: seconds,
    evidence: [{ kind: 'tests', ids: [], count: tests, secondsEach: grown / tests }],
  };
}
