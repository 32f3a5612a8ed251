import { describe, expect, test } from 'vitest';
import { furtherTrials } from '../../../src/analysis/trials/further-trials.ts';
import { cleanTrials } from '../../../src/analysis/trials/trials.ts';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { factsOf, FULL, planOf, QUICK, trialOf } from '../facts.ts';

const trials = { repeat: 2, warmup: 0, max: 4, timeoutSeconds: null, seed: 1 };
const DISTURBED = { disturbed: { reason: 'other work took 40 % of its CPUs' } };

function decided(full: readonly (number | Partial<TrialRecord>)[], change: Partial<typeof trials> = {}) {
  const plan = planOf({ scenarios: [FULL, QUICK], trials: { ...trials, ...change } });
  const records = full.map((each, index) =>
    trialOf(FULL, { trial: index + 1, ...(typeof each === 'number' ? { seconds: each } : each) }),
  );
  const quick = [1, 2].map((trial) => trialOf(QUICK, { trial, seconds: 30 + trial }));
  const facts = factsOf({ plan, trials: [...records, ...quick] });
  return furtherTrials(facts).map(({ scenarioId, trial, kind }) => `${scenarioId} ${trial} ${kind}`);
}

/** A plain run: one trial of each. */
function plain(full: readonly (number | Partial<TrialRecord>)[], change: Partial<typeof trials> = {}) {
  const plan = planOf({ scenarios: [FULL, QUICK], trials: { ...trials, repeat: 1, max: 5, ...change } });
  const records = full.map((each, index) =>
    trialOf(FULL, { trial: index + 1, ...(typeof each === 'number' ? { seconds: each } : each) }),
  );
  const facts = factsOf({ plan, trials: [...records, trialOf(QUICK, { seconds: 31 })] });
  return furtherTrials(facts).map(({ scenarioId, trial, kind }) => `${scenarioId} ${trial} ${kind}`);
}

describe('a further round', () => {
  const cases: [string, Parameters<typeof decided>, string[]][] = [
    ['is not needed where both lie under the target', [[100, 110]], []],
    ['is not needed where both lie over it', [[190, 200]], []],
    ['is run where they straddle it', [[170, 190]], ['full-test-suite 3 measured']],
    ['goes on while they do', [[170, 190, 175]], ['full-test-suite 4 measured']],
    ['is not run beyond max', [[170, 190, 175, 185]], []],
    ['is not run of one that failed', [[170, { outcome: 'testsFailed', reason: 'red', seconds: 190 }]], []],
    ['makes up for a disturbed trial', [[100, { ...DISTURBED, seconds: 110 }]], ['full-test-suite 3 measured']],
    ['makes up for it once', [[100, { ...DISTURBED, seconds: 110 }, 105]], []],
  ];
  test.each(cases)('%s', (_, given, expected) => {
    expect(decided(...given)).toEqual(expected);
  });

  const disturbedOnce = { ...DISTURBED, seconds: 100 };
  const red = { ...DISTURBED, outcome: 'testsFailed', reason: 'red', seconds: 100 } as const;
  test.each<[string, Parameters<typeof plain>, string[]]>([
    ['is not run, whatever its time', [[170]], []],
    ['is run where its only trial was disturbed', [[disturbedOnce]], ['full-test-suite 2 measured']],
    ['is run once, also where that one was disturbed as well', [[disturbedOnce, disturbedOnce]], []],
    ['is not run where it may not be', [[disturbedOnce], { max: 1 }], []],
    ['is not run of a red suite', [[red]], []],
  ])('of a plain run %s', (_, given, expected) => {
    expect(plain(...given)).toEqual(expected);
  });

  test('counts on after the warm-ups', () => {
    const plan = planOf({ scenarios: [FULL], trials: { ...trials, warmup: 1 } });
    const records = [170, 190].map((seconds, index) => trialOf(FULL, { trial: index + 2, seconds }));
    expect(furtherTrials(factsOf({ plan, trials: records }))).toEqual([
      { scenarioId: FULL.id, trial: 4, kind: 'measured' },
    ]);
  });
});

describe('a disturbed trial', () => {
  const clean = trialOf(FULL, { trial: 1, seconds: 40 });
  const disturbed = trialOf(FULL, { trial: 2, seconds: 60, ...DISTURBED });

  test('is not a sample if there is a clean one', () => {
    expect(cleanTrials(factsOf({ trials: [clean, disturbed] }), FULL.id)).toEqual([clean]);
  });

  test('is the sample, and labelled, where there is no other', () => {
    const facts = factsOf({ trials: [disturbed] });
    expect(cleanTrials(facts, FULL.id)).toEqual([disturbed]);
    expect(analyze(facts).scenarios[0]?.trials[0]?.disturbed).toBe(DISTURBED.disturbed.reason);
  });
});

test('a trial lists the trials that ran at the same time', () => {
  const at = (from: number, to: number) => ({
    startedAt: `2026-03-01T02:00:${from}.000Z`,
    finishedAt: `2026-03-01T02:00:${to}.000Z`,
  });
  const facts = factsOf({
    trials: [trialOf(FULL, at(10, 30)), trialOf(FULL, { trial: 2, ...at(30, 50) }), trialOf(QUICK, at(20, 40))],
  });
  const concurrentWith = analyze(facts).scenarios[0]!.trials.map((trial) => trial.concurrentWith);
  expect(concurrentWith).toEqual([[{ scenario: QUICK.name, trial: 1 }], [{ scenario: QUICK.name, trial: 1 }]]);
});
