import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { exitCode } from '../../../src/analysis/judge/exit-code.ts';
import { measured } from '../../../src/model/measurement.ts';
import type { Problem } from '../../../src/model/failure.ts';
import { VERDICTS } from '../../../src/model/result.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { badTrialOf, buildOf, factsOf, FULL, planOf, SINGLE, trialOf } from '../facts.ts';

const ONE = planOf({ scenarios: [FULL] });
const PROBLEM: Problem = { type: 'ServiceUnhealthy', what: 'Service db died.', next: 'Look at its log.' };
const red = badTrialOf(FULL, 'testsFailed', '3 of 312 tests failed.', { exitCode: 1 });
const slow = trialOf(FULL, { seconds: 200 });

describe('the verdict is the first that applies', () => {
  test.each<[string, Partial<RunFacts>, string, string]>([
    [
      'cancelled, whatever else happened',
      { cancelled: true, problems: [PROBLEM], trials: [red] },
      'cancelled',
      'The run was cancelled before a scenario was measured.',
    ],
    ['error before red tests', { problems: [PROBLEM], trials: [red] }, 'error', 'Service db died.'],
    [
      'error for a command that is not there',
      { trials: [badTrialOf(FULL, 'commandNotFound', 'pytset was not found (127).')] },
      'error',
      'Full Test Suite, trial 1: pytset was not found (127).',
    ],
    [
      'failed before a missed target',
      { trials: [red], builds: [buildOf('cold', 500, 0)] },
      'failed',
      'Full Test Suite: 3 of 312 tests failed.',
    ],
    [
      'missed by the test phase, said once',
      { trials: [slow] },
      'missed',
      'Test execution took 3 min 20 s; the target is under 3 min.',
    ],
    [
      'missed by two targets',
      { trials: [slow], startup: { seconds: 90, services: [] } },
      'missed',
      'Build, start-up and tests took 5 min 31 s; the target is under 5 min. (And 2 more targets.)',
    ],
    [
      'pass',
      { trials: [trialOf(FULL)] },
      'pass',
      'The tests are green and all primary targets are met: build, start-up and tests took 1 min 26 s, under 5 min.',
    ],
    [
      'inconclusive when the tests were never run',
      { trials: [] },
      'inconclusive',
      'Full Test Suite was not measured: Nothing was stored for it. (And 2 more figures.)',
    ],
    [
      'inconclusive if there was no plan and no reason for that',
      { plan: null, builds: [], startup: null, trials: [] },
      'inconclusive',
      'The run ended before anything was measured.',
    ],
  ])('%s', (_, change, verdict, summary) => {
    expect(analyze(factsOf({ plan: ONE, ...change }))).toMatchObject({ verdict, summary });
  });

  test('a total of exactly 300 s is missed, one below passes', () => {
    const at = (seconds: number) =>
      analyze(factsOf({ plan: ONE, trials: [trialOf(FULL)], builds: [buildOf('cold', seconds, 0)] }));
    const rest = 38.2 + 6.4;
    expect(at(300 - rest - 190)).toMatchObject({ verdict: 'pass' });
    expect(at(300 - rest).phases.total.verdict).toBe('missed');
  });
});

describe('secondary targets', () => {
  const memory = (bytes: number) => [
    measured('memory.workingSet.peak', bytes, 'stats', { scenario: FULL.id, trial: 1, try: 1 }),
  ];
  const gated = planOf({ scenarios: [FULL], targets: { ...planOf().targets, gate: ['memory'] } });
  const trials = [trialOf(FULL)];

  test('raise an alert and do not decide', () => {
    const result = analyze(factsOf({ plan: ONE, trials, measurements: memory(2.5e9) }));
    expect(result.verdict).toBe('pass');
    expect(result.alerts).toEqual([
      {
        kind: 'target',
        state: 'raised',
        metric: 'memory.workingSet.peak',
        scenario: 'Full Test Suite',
        message: 'Peak memory (sampled working set) of Full Test Suite: 2.5 GB; the target is under 2 GB.',
        gate: false,
      },
    ]);
  });

  test('decide when gated', () => {
    expect(analyze(factsOf({ plan: gated, trials, measurements: memory(2.5e9) })).verdict).toBe('missed');
    expect(analyze(factsOf({ plan: gated, trials, measurements: memory(1e9) })).verdict).toBe('pass');
  });

  test('that are gated and have no figure are inconclusive, and never passed', () => {
    expect(analyze(factsOf({ plan: gated, trials }))).toMatchObject({
      verdict: 'inconclusive',
      summary: 'The gated target on memory could not be judged: Not measured in this run.',
    });
  });

  test('that were switched off are not judged', () => {
    const plan = planOf({ scenarios: [FULL], targets: { ...planOf().targets, memoryBytes: null } });
    expect(analyze(factsOf({ plan, trials, measurements: memory(2.5e9) })).alerts).toEqual([]);
  });
});

test('a figure that would look equal to its target gets more digits', () => {
  const plan = planOf({ scenarios: [FULL, { ...SINGLE, targetSeconds: 60 }] });
  const { summary } = analyze(factsOf({ plan, trials: [trialOf(FULL), trialOf(SINGLE, { seconds: 60.2 })] }));
  expect(summary).toBe('Single Worker took 60.2 s; the target is under 1 min.');
});

describe('exit codes', () => {
  test.each([
    ['cancelled', 130, 130],
    ['error', 2, 2],
    ['failed', 1, 1],
    ['regressed', 1, 1],
    ['missed', 1, 1],
    ['inconclusive', 0, 1],
    ['pass', 0, 0],
  ] as const)('%s: %d, and %d when strict', (verdict, lenient, strict) => {
    expect(exitCode(verdict, { strict: false })).toBe(lenient);
    expect(exitCode(verdict, { strict: true })).toBe(strict);
  });

  test('speak of every verdict', () => {
    expect(VERDICTS.map((verdict) => exitCode(verdict, { strict: false }))).not.toContain(undefined);
  });
});
