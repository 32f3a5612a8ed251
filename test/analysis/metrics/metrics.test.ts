import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { failedMeasurement, type Measurement, measured, type MetricName } from '../../../src/model/measurement.ts';
import type { RunFacts, TrialRecord } from '../../../src/model/run.ts';
import { badTrialOf, factsOf, FULL, planOf, trialOf } from '../facts.ts';

function rows(metric: MetricName, change: Partial<RunFacts>) {
  return analyze(factsOf({ plan: planOf({ scenarios: [FULL] }), ...change })).metrics.filter(
    (row) => row.metric === metric,
  );
}

const of = (trial: number, number = 1) => ({ scenario: FULL.id, trial, try: number });
const cpu = (seconds: number, trial = 1) => measured('trial.cpu.time', seconds, 'cgroup', of(trial));
const memory = (bytes: number, trial = 1, number = 1) =>
  measured('memory.workingSet.peak', bytes, 'stats', of(trial, number));
const trial = (number: number, change: Partial<TrialRecord> = {}) =>
  trialOf(FULL, { trial: number, seconds: 40, ...change });

describe('CPU utilization', () => {
  test("is CPU seconds over the tests' seconds times the CPUs, of the host and of the lane", () => {
    const facts = { trials: [trial(1, { lane: { cpus: [1], memoryBytes: null } })], measurements: [cpu(30)] };
    expect(rows('cpu.host.utilization', facts)).toMatchObject([
      { trial: null, value: 30 / (40 * 2), target: 0.8, verdict: 'pass', source: 'cgroup' },
      { trial: 1, value: 30 / (40 * 2), target: null, verdict: 'notApplicable' },
    ]);
    expect(rows('cpu.lane.utilization', facts)).toMatchObject([{ trial: 1, value: 30 / 40 }]);
  });

  test('is judged by the median of the clean trials', () => {
    const trials = [trial(1), trial(2), trial(3)];
    const measurements = [cpu(8, 1), cpu(80, 2), cpu(40, 3)];
    expect(rows('cpu.host.utilization', { trials, measurements })[0]).toMatchObject({ value: 0.5, verdict: 'pass' });
  });

  test('is not available for a lane without CPUs of its own, and not 0', () => {
    const facts = { trials: [trial(1, { lane: { cpus: [], memoryBytes: null } })], measurements: [cpu(30)] };
    expect(rows('cpu.lane.utilization', facts)).toMatchObject([
      { value: null, verdict: 'notMeasured', reason: 'The trial was not pinned to CPUs.' },
    ]);
  });

  test('carries the reason of a CPU time that failed', () => {
    const measurements = [failedMeasurement('trial.cpu.time', 'The container was too short.', 'stats', of(1))];
    expect(rows('cpu.host.utilization', { trials: [trial(1)], measurements })).toMatchObject([
      { value: null, reason: 'The container was too short.', verdict: 'notMeasured' },
      { value: null, reason: 'The container was too short.', unit: 'ratio' },
    ]);
  });
});

describe('peak memory', () => {
  test('is judged by the worst clean trial', () => {
    const facts = { trials: [trial(1), trial(2)], measurements: [memory(1e9, 1), memory(2.1e9, 2)] };
    expect(rows('memory.workingSet.peak', facts)[0]).toMatchObject({ trial: null, value: 2.1e9, verdict: 'missed' });
  });

  test.each<[string, TrialRecord]>([
    ['a warm-up', trial(1, { kind: 'warmup' })],
    ['a red trial', badTrialOf(FULL, 'testsFailed', 'Red.', { seconds: 5 })],
  ])('is not judged by %s, which is still shown', (_, other) => {
    const facts = { trials: [other, trial(2)], measurements: [memory(9e9, 1), memory(1e9, 2)] };
    expect(rows('memory.workingSet.peak', facts)).toMatchObject([
      { trial: null, value: 1e9, verdict: 'pass' },
      { trial: 1, value: 9e9 },
      { trial: 2, value: 1e9 },
    ]);
  });

  test('of a try that was lost is not shown in the place of the one that counts', () => {
    const trials = [badTrialOf(FULL, 'lost', 'Lost.', { seconds: null }), trial(1, { try: 2 })];
    const facts = { trials, measurements: [memory(9e9, 1, 1), memory(1e9, 1, 2)] };
    expect(rows('memory.workingSet.peak', facts).map(({ value }) => value)).toEqual([1e9, 1e9]);
  });
});

describe('the metrics of the run', () => {
  test.each([
    ['with its end', '2026-03-01T02:00:12.500Z', { value: 12.5, reason: null }],
    ['before its end', null, { value: null, reason: 'The run was judged before it ended.' }],
    ['with an end before its beginning', '2026-02-28T02:00:00.000Z', { value: null, verdict: 'notMeasured' }],
  ])('have the wall time %s', (_, finishedAt, expected) => {
    expect(rows('run.duration', { finishedAt })).toMatchObject([expected]);
  });

  test('keep the source that the collector stored', () => {
    const measurements = [measured('startup.duration', 6.4, 'engine events')];
    expect(rows('startup.duration', { measurements })).toMatchObject([
      { value: 6.4, source: 'engine events', target: 60 },
    ]);
  });

  test('list what belongs to a service', () => {
    const measurements: Measurement[] = [measured('startup.service.duration', 3, 'engine', { service: 'db' })];
    expect(rows('startup.service.duration', { measurements })).toMatchObject([
      { service: 'db', value: 3, trial: null },
    ]);
  });

  test('never have two rows for one thing', () => {
    const { metrics } = analyze(
      factsOf({ measurements: [cpu(30), memory(1e9), measured('trial.duration', 38, 'engine', of(1))] }),
    );
    const keys = metrics.map(({ metric, scenario, trial: number, service }) =>
      JSON.stringify([metric, scenario, number, service]),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
