import type { TestTiming } from '../../../model/profile/pytest-profile.ts';
import type { Place } from '../../../model/project-files.ts';
import { figure } from '../../../format/figure.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { NOT_SEEN, placeOfTest, primaryOf } from '../support/primary.ts';

/** Seconds of one test, and its share of the seconds of all. */
export const WORTH_SECONDS = 5;
export const WORTH_SHARE = 0.2;

/** Where one test takes a large part of the suite, it is the first place to look. With workers the distribution of tests says it better. */
export const slowTests: Audit = {
  id: 'slow-tests',
  title: 'A few tests take most of the time',
  ok: 'No single test takes a large part of the time.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary === null) return [{ kind: 'inconclusive', reason: NOT_SEEN }];
    const { pytest, processes, scenario, caveats } = primary;
    if (processes > 1) return [];
    const total = pytest.path?.tests ?? pytest.workers.reduce((sum, { busySeconds }) => sum + busySeconds, 0);
    const found = pytest.slowestTests.filter(
      ({ seconds }) => seconds >= WORTH_SECONDS && seconds >= WORTH_SHARE * total,
    );
    return found.map((test) => finding(test, total, scenario.name, placeOfTest(pytest, test.id), caveats));
  },
};

function finding(
  { id, seconds, setup, call, teardown }: TestTiming,
  total: number,
  scenario: string,
  where: Place,
  caveats: readonly string[],
): Finding {
  return {
    kind: 'opportunity',
    message: `Look at ${id}: it takes ${formatRatio(seconds / total)} of the time of all tests. Mark it slow if it is only needed at night.`,
    evidence: [
      `set-up ${figure(setup, 'second')}, call ${figure(call, 'second')}, tear-down ${figure(teardown, 'second')}`,
      ...caveats,
    ],
    where,
    saves: savesBetween('test.duration', { value: seconds, low: 0, high: seconds }, scenario),
    remedy: {
      kind: 'steps',
      steps: ['Mark it by `@pytest.mark.slow`, and leave it out of quick scenarios by `-m "not slow"`.'],
    },
  };
}
