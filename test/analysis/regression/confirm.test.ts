import { describe, expect, test } from 'vitest';
import { baselineOf } from '../../../src/analysis/regression/baseline.ts';
import { candidateOf } from '../../../src/analysis/regression/candidate.ts';
import { cancelledAlert, candidateAlert } from '../../../src/analysis/regression/alert.ts';
import { nextStep } from '../../../src/analysis/regression/confirm.ts';
import type { Candidate, Evidence } from '../../../src/model/regression.ts';
import { historyOf, KEY, measuredOf, noisy, pairsOf, pointOf } from './history.ts';

const NONE: Evidence = { reruns: [], pairs: [], baseUnavailable: null, stopped: null };
const NO_BASE = 'The base commit cannot be built: it is gone.';

function suspected(value: number): Candidate {
  const history = historyOf(noisy(60, 0.03, 20));
  const baseline = baselineOf(history, null);
  if (baseline.kind !== 'baseline') throw new Error(baseline.kind);
  const suspicion = candidateOf(baseline, { key: KEY, point: pointOf(20, value) }, history, {
    threshold: 0.2,
    floorSeconds: 2,
  });
  if (suspicion?.kind !== 'candidate') throw new Error(suspicion?.kind);
  return suspicion.candidate;
}

function reruns(...values: number[]): Evidence['reruns'] {
  return values.map((value) => measuredOf(value));
}

describe('a suspicion', () => {
  test('is raised with its figures and all gates that it passed', () => {
    const alert = candidateAlert(suspected(80));
    expect(alert).toMatchObject({ state: 'candidate', runId: 'run-20', threshold: 0.2, floor: 2, decidedBy: null });
    expect(alert.gates.map(({ name, passed }) => [name, passed])).toEqual([
      ['threshold', true],
      ['floor', true],
      ['noise', true],
    ]);
    expect(alert.message.replaceAll(/59\.\d s|1 min(?=,)/g, 'M').replace(/run \d(\.\d)? %/, 'run S %')).toMatch(
      /^Suspected: Docker build \(cold\) took 1 min 20 s, \+3\d % against M, the median of 20 runs \(window 30\) since 2026-01-01 \(threshold 20 % and 2 s, noise of one run S %\)\.$/,
    );
  });

  test('stays undecided when its run is cancelled', () => {
    const alert = candidateAlert(suspected(80));
    // Whatever the message was: it is made again from the figures.
    const cancelled = cancelledAlert({ ...alert, message: 'Another wording.' });
    expect(cancelled).toEqual({ ...alert, state: 'inconclusive', message: expect.any(String) });
    expect(cancelled.message).toBe(
      `${alert.message.replace('Suspected', 'Inconclusive')} The run was cancelled before it was decided.`,
    );
  });

  test('first has the commit run once more', () => {
    expect(nextStep(suspected(80), NONE)).toEqual({ kind: 'rerun' });
  });

  test('of a proposed change is never confirmed by re-runs alone: this machine may be the slow one', () => {
    const slow = { ...NONE, baseUnavailable: NO_BASE, reruns: reruns(80, 80, 80, 80) };
    expect(nextStep(suspected(80), slow)).toMatchObject({ alert: { state: 'confirmed' } });
    expect(nextStep({ ...suspected(80), onlyPairs: true }, slow)).toMatchObject({ alert: { state: 'inconclusive' } });
  });

  test('is cleared by one re-run near the baseline', () => {
    expect(nextStep(suspected(80), { ...NONE, reruns: reruns(61) })).toMatchObject({
      kind: 'decided',
      alert: { state: 'cleared', decidedBy: 'reruns', n: 1 },
    });
  });

  test('goes to pairs where two re-runs stay away from it, the base first, then by turns', () => {
    const candidate = suspected(80);
    expect(nextStep(candidate, { ...NONE, reruns: reruns(79) })).toEqual({ kind: 'rerun' });
    expect(nextStep(candidate, { ...NONE, reruns: reruns(79, 81) })).toEqual({ kind: 'pair', first: 'base' });
    expect(nextStep(candidate, { ...NONE, reruns: reruns(79, 81), pairs: pairsOf([60], [79]) })).toEqual({
      kind: 'pair',
      first: 'head',
    });
  });

  test('is confirmed by five pairs that agree, and says all of it', () => {
    const pairs = pairsOf([60, 61, 59, 60, 60], [79, 80, 78, 80, 79]);
    const step = nextStep(suspected(80), { ...NONE, reruns: reruns(79, 81), pairs });
    expect(step).toMatchObject({ kind: 'decided', alert: { state: 'confirmed', decidedBy: 'pairs', n: 5 } });
    if (step.kind !== 'decided') throw new Error(step.kind);
    expect(step.alert.message).toMatch(
      /^Confirmed: .* Base c\d+0* against head c200000, interleaved: slower: \+32 %, 95 % interval \+31 % to \+33 %, n 5 pairs on one host, threshold 20 %\.$/,
    );
    expect(step.alert.gates.map(({ name }) => name)).toEqual(['threshold', 'floor', 'noise', 'reruns', 'pairs']);
  });

  test('is cleared where the whole host is slow: both sides of the pairs are', () => {
    const evidence = { ...NONE, reruns: reruns(85, 84), pairs: pairsOf([84, 85], [85, 84]) };
    expect(nextStep(suspected(80), evidence)).toMatchObject({
      kind: 'decided',
      alert: { state: 'cleared', decidedBy: 'pairs' },
    });
  });

  test('is inconclusive where time is up, with what was measured', () => {
    const evidence = {
      ...NONE,
      reruns: reruns(79, 80),
      pairs: pairsOf([60, 61], [79, 80]),
      stopped: 'The 15 minutes were over.',
    };
    const step = nextStep(suspected(80), evidence);
    expect(step).toMatchObject({ kind: 'decided', alert: { state: 'inconclusive', n: 2 } });
    expect(step.kind === 'decided' && step.alert.message).toMatch(/The 15 minutes were over\.$/);
  });
});

describe('where the base cannot be had', () => {
  test.each([
    ['two slow re-runs confirm', [79, 80], 'confirmed'],
    ['one near the baseline clears', [60.5], 'cleared'],
    ['four between the two clear', [66, 67, 66, 66], 'cleared'],
  ] as const)('%s', (_, values, state) => {
    const step = nextStep(suspected(80), { ...NONE, baseUnavailable: NO_BASE, reruns: reruns(...values) });
    expect(step).toMatchObject({ kind: 'decided', alert: { state, decidedBy: 'reruns' } });
    expect(step.kind === 'decided' && step.alert.message).toContain(NO_BASE);
  });

  test('one slow re-run is not enough: the next is measured', () => {
    expect(nextStep(suspected(80), { ...NONE, baseUnavailable: NO_BASE, reruns: reruns(80) })).toEqual({
      kind: 'rerun',
    });
  });

  test('what got faster is confirmed in the same way', () => {
    const step = nextStep(suspected(44), { ...NONE, baseUnavailable: NO_BASE, reruns: reruns(44, 45) });
    expect(step).toMatchObject({ kind: 'decided', alert: { state: 'confirmed', direction: 'faster' } });
  });
});

describe('gates', () => {
  test.each([
    ['within the threshold', KEY, noisy(60, 0.02, 20), 71, 'threshold'],
    ['under the floor of 2 s', KEY, noisy(1, 0.02, 20), 2, 'floor'],
    ['within the noise', KEY, noisy(60, 0.15, 20), 75, 'noise'],
  ] as const)('%s nothing is suspected', (_, key, values, value, gate) => {
    const history = historyOf(values);
    const baseline = baselineOf(history, null);
    if (baseline.kind !== 'baseline') throw new Error(baseline.kind);
    const suspicion = candidateOf(baseline, { key, point: pointOf(20, value) }, history, {
      threshold: 0.2,
      floorSeconds: 2,
    });
    expect(suspicion).toMatchObject({ kind: 'none' });
    if (suspicion?.kind !== 'none') throw new Error(suspicion?.kind);
    expect(suspicion.gates.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([gate]);
  });
});
