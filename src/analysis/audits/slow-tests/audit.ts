import type { TestTiming } from '../../../model/profile/pytest-profile.ts';
import { figure } from '../../../format/figure.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import type { TrialRecord } from '../../../model/run.ts';
import { conditionOf, isWhole, serves } from '../../trials/serves.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { NOT_SEEN, placeOfTest, type Primary, primaryOf } from '../support/primary.ts';
import { pytestStartedBy, waitingEvidence } from '../support/waiting.ts';

/** Seconds of one test, and its share of the seconds of all. */
export const WORTH_SECONDS = 5;
export const WORTH_SHARE = 0.2;

/**
 * Where one test takes a large part of the suite, it is the first place to look. With workers the distribution of tests says it
 * better, unless the suite broke off before all tests had run, or the test starts pytest: that one needs no other distribution.
 */
export const slowTests: Audit = {
  id: 'slow-tests',
  title: 'A few tests take most of the time',
  ok: 'No single test takes a large part of the time.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary === null) return [{ kind: 'inconclusive', reason: NOT_SEEN }];
    const { pytest, processes, trial } = primary;
    if (!serves(trial, 'singleTest')) return [];
    const total = totalSeconds(primary);
    const isLong = ({ seconds }: TestTiming) => seconds >= WORTH_SECONDS && seconds >= WORTH_SHARE * total;
    const hasOthers = processes > 1 && serves(trial, 'allTests');
    return pytest.slowestTests
      .filter((test) => isLong(test) && (!hasOthers || pytestStartedBy(pytest, test.id) !== null))
      .map((test) => finding(primary, test, total));
  },
};

/** Of all workers together. */
function totalSeconds({ pytest, processes }: Primary): number {
  const busy = pytest.workers.reduce((sum, { busySeconds }) => sum + busySeconds, 0);
  return processes > 1 ? busy : (pytest.path?.tests ?? busy);
}

function finding({ trial, scenario, pytest, processes, caveats }: Primary, test: TestTiming, total: number): Finding {
  const { id, seconds } = test;
  const startsPytest = pytestStartedBy(pytest, id) !== null;
  const condition = conditionOf(trial);
  const took = `${wasCutOff(test, trial) ? 'at least ' : ''}${figure(seconds, 'second')}${condition === null ? '' : ` ${condition}`}`;
  const share = `${formatRatio(seconds / total)} of the time of all tests${processes > 1 ? ' on all workers' : ''}`;
  return {
    kind: 'opportunity',
    message: startsPytest
      ? `Do not start pytest in ${id}, or leave it out of this run: it takes ${took}, ${share}, since it collects or runs the tests again.`
      : `Look at ${id}: it takes ${took}, ${share}. Mark it slow if it is only needed at night.`,
    evidence: [partsWords(test, trial), ...waitingEvidence(pytest, test), ...caveats],
    where: placeOfTest(pytest, id),
    // The other workers go on while one has this test: its part of what each of them does is the middle.
    saves: savesBetween('test.duration', { value: seconds / processes, low: 0, high: seconds }, scenario.name),
    remedy: { kind: 'steps', steps: startsPytest ? STEPS_OF_PYTEST : STEPS },
  };
}

const STEPS = ['Mark it by `@pytest.mark.slow`, and leave it out of quick scenarios by `-m "not slow"`.'];
const STEPS_OF_PYTEST = [
  'Check in the project itself what the test asks of pytest: a hook such as pytest_collection_modifyitems sees the collected tests without another run.',
  ...STEPS,
];

/** It was running when the suite broke off: it takes as long as that, or longer. */
function wasCutOff(test: TestTiming, trial: TrialRecord): boolean {
  return !isWhole(test) && !serves(trial, 'allTests');
}

function partsWords(test: TestTiming, trial: TrialRecord): string {
  const { setup, call, teardown } = test;
  if (wasCutOff(test, trial)) return 'it had not ended when the tests broke off, so the time of its parts is not known';
  return `set-up ${figure(setup, 'second')}, call ${figure(call, 'second')}, tear-down ${figure(teardown, 'second')}`;
}
