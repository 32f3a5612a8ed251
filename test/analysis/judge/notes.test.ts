import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { badTrialOf, factsOf, FULL, planOf, trialOf } from '../facts.ts';

const plan = planOf({ scenarios: [FULL], trials: { ...planOf().trials, repeat: 2 } });
const lost = badTrialOf(FULL, 'lost', 'The worker went away.', { seconds: null });

describe('the notes tell', () => {
  test.each<[string, Partial<RunFacts>, string]>([
    ['what happened on the way', { notes: ['Host a stopped answering.'] }, 'Host a stopped answering.'],
    [
      'that a trial was retried',
      { trials: [lost, trialOf(FULL, { try: 2 })] },
      'Full Test Suite, trial 1 was lost and retried; the lost attempt is not counted.',
    ],
    [
      'that a worker was replaced',
      { trials: [trialOf(FULL, { reattached: true })] },
      'Full Test Suite, trial 1 continued while its worker was replaced; nothing was lost.',
    ],
    [
      'what a warm-up came to',
      { trials: [badTrialOf(FULL, 'testsFailed', 'One failed.', { kind: 'warmup' }), trialOf(FULL, { trial: 2 })] },
      'Full Test Suite, trial 1 (a warm-up, not judged): One failed.',
    ],
    [
      "which service's log could not be read",
      { trials: [trialOf(FULL, { profile: { notes: [], unreadLogs: [{ service: 'db', driver: 'none' }] } })] },
      'The log of `db` was not checked: the engine cannot read logs of the logging driver `none`.',
    ],
    [
      'what was too large to be read',
      { trials: [trialOf(FULL, { profile: { notes: [], leftOut: ['The report has 300 MB.'] } })] },
      'Full Test Suite: The report has 300 MB.',
    ],
    ['that trials are missing', { trials: [trialOf(FULL)] }, 'Full Test Suite was measured 1 of 2 times.'],
    [
      'that trials of one scenario ran different tests',
      {
        trials: [trialOf(FULL), trialOf(FULL, { trial: 2, tests: { passed: 300, failed: 0, skipped: 16, errors: 0 } })],
      },
      'Full Test Suite: its trials did not run the same number of tests (312, 300), so their times may not be comparable.',
    ],
  ])('%s', (_, change, note) => {
    expect(analyze(factsOf({ plan, ...change })).notes).toContain(note);
  });

  test('nothing where nothing is out of the ordinary', () => {
    expect(analyze(factsOf({ plan, trials: [trialOf(FULL), trialOf(FULL, { trial: 2 })] })).notes).toEqual([]);
  });
});

describe('errors', () => {
  test('of several trials with the same problem are reported once', () => {
    const problem = { type: 'CommandNotFound', what: 'pytset was not found.', next: 'Correct it.' } as const;
    const trials = [1, 2].map((trial) => badTrialOf(FULL, 'commandNotFound', 'Not found.', { trial, problem }));
    expect(analyze(factsOf({ plan, trials })).errors).toEqual([{ ...problem, detail: null }]);
  });

  test('of a trial that was lost for good say what to do', () => {
    expect(analyze(factsOf({ plan, trials: [lost] })).errors).toEqual([
      {
        type: 'TrialsLost',
        what: 'Full Test Suite, trial 1: The worker went away.',
        next: 'Check what stopped the engine or the worker (`paceline doctor`), and start the run again.',
        detail: null,
      },
    ]);
  });

  test('are not raised by red tests', () => {
    expect(analyze(factsOf({ plan, trials: [badTrialOf(FULL, 'testsFailed', 'Red.')] })).errors).toEqual([]);
  });
});

test('each trial that is not a sample raises its own alert', () => {
  const trials = [badTrialOf(FULL, 'outOfMemory', 'Killed for memory.'), trialOf(FULL, { trial: 2 })];
  expect(analyze(factsOf({ plan, trials })).alerts).toEqual([
    {
      kind: 'failure',
      state: 'raised',
      metric: null,
      scenario: 'Full Test Suite',
      message: 'Full Test Suite, trial 1: Killed for memory.',
      gate: true,
    },
  ]);
});
