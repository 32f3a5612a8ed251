import type { SleepCost } from '../../../model/profile/test-table.ts';
import { figure } from '../../../format/figure.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { type Primary, primaryOf } from '../support/primary.ts';

/** Seconds that one line sleeps in a trial, over all its tests, as the workers share it. */
export const WORTH_SECONDS = 1;
/** A test that is named after time is about time: its sleep is the subject. */
export const SUBJECT =
  /sleep|timeout|time_out|delay|retry|retries|backoff|ttl|expir|throttl|rate_?limit|debounce|interval|clock|slow|window|lifetime|_live|stale|idle|elaps|heartbeat|schedul/i;
/** A test that asks in steps sleeps in a loop: short, or several times. The names of more tests than this are not kept. */
const STEP_SECONDS = 0.15;
const LONG_STEP_SECONDS = 1.1;
const STEPS = 5;
const NAMED_TESTS = 3;
/** Waiting for the condition itself takes a moment as well. */
const POLL_SECONDS = 0.05;

/** A fixed sleep waits for the slowest machine on every machine. */
export const fixedSleep: Audit = {
  id: 'fixed-sleep',
  title: 'Tests sleep for a fixed time',
  ok: 'No line of the tests sleeps for a noticeable time.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary?.pytest.sleeps === undefined)
      return [{ kind: 'inconclusive', reason: 'The sleeps of the tests were not recorded.' }];
    return primary.pytest.sleeps.flatMap((sleep) => finding(primary, sleep));
  },
};

function finding({ scenario, processes, caveats }: Primary, sleep: SleepCost): Finding[] {
  const { file, line, source, calls, seconds, tests } = sleep;
  if (seconds / processes < WORTH_SECONDS || isInSteps(sleep)) return [];
  if (tests.every((id) => SUBJECT.test(id.slice(id.indexOf('::'))))) return [];
  const most = seconds / processes;
  const value = Math.max(0, most - (calls * POLL_SECONDS) / processes);
  return [
    {
      kind: 'opportunity',
      message: 'Wait for the condition itself, in small steps, and not for a fixed time.',
      evidence: [
        `${calls} ${calls === 1 ? 'call' : 'calls'} slept ${figure(seconds, 'second')}${source === null ? '' : `: \`${source.trim()}\``}`,
        ...tests.slice(0, 3).map((id) => `in ${id}`),
        ...caveats,
      ],
      where: { file, line },
      saves: savesBetween('test.duration', { value, low: value * 0.5, high: most }, scenario.name),
      remedy: {
        kind: 'steps',
        steps: [
          'Ask for the condition every 50 ms until it is true, with a time limit.',
          'If the code under test sleeps, make its interval a parameter that tests set to 0.',
        ],
      },
    },
  ];
}

/** It waits for a condition already. */
function isInSteps({ calls, seconds, tests }: SleepCost): boolean {
  const step = seconds / Math.max(1, calls);
  if (step <= STEP_SECONDS) return true;
  return step <= LONG_STEP_SECONDS && tests.length < NAMED_TESTS && calls >= STEPS * tests.length;
}
