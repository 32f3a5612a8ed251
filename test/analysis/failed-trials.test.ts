/** What a red suite still shows: its figures, with a mark, and never as samples. */
import { describe, expect, it, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { targetShares } from '../../src/analysis/history/target-shares.ts';
import { seriesOf } from '../../src/analysis/regression/series.ts';
import { measured } from '../../src/model/measurement.ts';
import type { TrialRecord } from '../../src/model/run.ts';
import { renderResult } from '../../src/report/formats/terminal.ts';
import { badTrialOf, factsOf, FULL, planOf, trialOf } from './facts.ts';

const OF_FIRST = { scenario: FULL.id, trial: 1, try: 1 };
const PEAK = measured('memory.workingSet.peak', 2.4e9, 'cgroup', OF_FIRST);
const CPU = measured('trial.cpu.time', 30, 'cgroup', OF_FIRST);

const red = (change: Partial<TrialRecord> = {}) =>
  badTrialOf(FULL, 'testsFailed', '3 of 312 tests failed.', {
    tests: { passed: 309, failed: 3, skipped: 0, errors: 0 },
    exitCode: 1,
    ...change,
  });

function resultOf(trials: TrialRecord[], gate: ('memory' | 'cpu')[] = []) {
  const plan = planOf({ scenarios: [FULL] });
  return analyze(factsOf({ plan: { ...plan, targets: { ...plan.targets, gate } }, trials, measurements: [PEAK, CPU] }));
}

const rowOf = (result: ReturnType<typeof resultOf>, metric: string) =>
  result.metrics.find((row) => row.metric === metric && row.trial === null && row.scenario === FULL.name);

describe('a red suite', () => {
  it('has its peak memory and CPU, marked', () => {
    const result = resultOf([red()]);
    expect(rowOf(result, 'memory.workingSet.peak')).toMatchObject({ value: 2.4e9, ofFailedTrial: true, reason: null });
    expect(rowOf(result, 'cpu.host.utilization')).toMatchObject({ value: 30 / (38.2 * 2), ofFailedTrial: true });
    expect(result.verdict).toBe('failed');
  });

  it('has an alert for a missed target, which does not decide the verdict', () => {
    const result = resultOf([red()], ['memory']);
    expect(result.alerts.filter(({ kind }) => kind === 'target')).toEqual([
      expect.objectContaining({
        gate: false,
        message:
          'Peak memory (sampled working set), in a failed trial of Full Test Suite: 2.4 GB; the target is under 2 GB.',
      }),
    ]);
    expect(result.summary).toBe('Full Test Suite: 3 of 312 tests failed.');
  });

  it('says on the screen which figures those are, and how long the tests took', () => {
    const text = renderResult(resultOf([red()]), { color: false, width: 96 });
    expect(text).toMatch(/❗ Peak memory +2\.4 GB +< 2 GB +of a failed trial/);
    expect(text).toMatch(/– {2}CPU of the host +39 % +< 80 % +of a failed trial/);
    expect(text).toMatch(/❌ Full Test Suite .* 3 failed, 309 passed in 38\.2 s/);
  });

  it('is in no series and no share of targets', () => {
    expect(seriesOf(factsOf({ trials: [red()] })).filter(({ key }) => key.metric === 'trial.duration')).toEqual([]);
    expect(targetShares([resultOf([red()])])).toEqual([]);
  });
});

test.each(['testsBroken', 'outOfMemory', 'killed', 'timedOut'] as const)(
  'a suite that ended as %s has them too',
  (outcome) => {
    expect(rowOf(resultOf([red({ outcome })]), 'memory.workingSet.peak')).toMatchObject({ ofFailedTrial: true });
  },
);

test.each(['lost', 'infrastructure', 'commandNotFound'] as const)('a trial that ended as %s has none', (outcome) => {
  expect(rowOf(resultOf([red({ outcome })]), 'memory.workingSet.peak')).toMatchObject({
    value: null,
    ofFailedTrial: false,
    reason: 'Needs a trial of the primary scenario whose tests ran.',
  });
});

it('one clean trial is enough for the figures to be its own', () => {
  const result = resultOf([red(), trialOf(FULL, { trial: 2 })]);
  expect(rowOf(result, 'memory.workingSet.peak')).toMatchObject({ value: null, reason: 'Not measured in this run.' });
});

describe('the command of a service that passes without a test counted', () => {
  const own = { ...FULL, name: "The test service's own command", command: null };
  const plan = planOf({ scenarios: [own] });
  const passed = trialOf(own, { tests: null, testsReason: 'no JUnit report was written' });

  it('is described by its exit code, not as green tests', () => {
    const result = analyze(factsOf({ plan, trials: [passed] }));
    expect(result.verdict).toBe('pass');
    expect(result.summary).toMatch(/^The command ended with exit code 0 \(no tests were counted\) and all primary/);
    expect(renderResult(result, { color: false, width: 96 })).toMatch(/exit code 0, no tests counted/);
  });

  it('and the one that has nothing to run gets a plan to fill in', () => {
    const reason = 'The service `test` has no test command of its own: `python3` runs no tests.';
    const trial = badTrialOf(own, 'noTests', reason, { seconds: null, startedAt: null, finishedAt: null });
    const result = analyze(factsOf({ plan, trials: [trial] }));
    expect(result).toMatchObject({ verdict: 'failed', summary: `The test service's own command: ${reason}` });
    expect(result.advice).toEqual([
      expect.objectContaining({
        id: 'no-test-command',
        evidence: ['scenarios: [{ name: "Tests", command: "YOUR TEST COMMAND" }]'],
      }),
    ]);
  });
});

it('default scenarios that were left out are in the result, and in one line on the screen', () => {
  const leftOut = {
    of: 4,
    scenarios: [{ name: 'Single Worker', lacks: [{ kind: 'package', name: 'pytest-cov' } as const] }],
    dockerfile: 'Dockerfile.test',
  };
  const result = analyze(factsOf({ plan: planOf({ leftOut }) }));
  const message =
    '1 of 4 default scenarios was left out: the image has no pytest-cov; install it in Dockerfile.test to enable it.';
  expect(result.scenariosLeftOut).toEqual({ message, scenarios: leftOut.scenarios });
  const text = renderResult(result, { color: false, width: 200 }).replaceAll(/\s+/g, ' ');
  expect(text).toContain(`– ${message}`);
});
