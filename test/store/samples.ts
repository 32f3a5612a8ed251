/** Facts to store: plausible ones, to be changed where a test cares. */
import { measured, notAvailable, type Measurement } from '../../src/model/measurement.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RunRef, TrialRecord } from '../../src/model/run.ts';
import type { TrialKey } from '../../src/store/store.ts';

export const RUN: RunRef = { workflowId: 'benchmark/shop/94f955e/20260101-000000', runId: 'run-1' };

export const NEW_RUN = {
  run: RUN,
  instance: 'abcdef123456',
  source: { path: '/home/me/shop' },
  startedAt: '2026-01-01T00:00:00.000Z',
};

export function keyOf(overrides: Partial<TrialKey> = {}): TrialKey {
  return { run: RUN, scenarioId: 'full-test-suite', trial: 1, try: 1, ...overrides };
}

export function recordOf(overrides: Partial<TrialRecord> = {}): TrialRecord {
  return {
    scenarioId: 'full-test-suite',
    trial: 1,
    try: 1,
    kind: 'measured',
    profile: { notes: [] },
    scenarioName: 'Full Test Suite',
    command: ['python', '-m', 'pytest', '-v', '-n', '2', '--cov=.'],
    outcome: 'passed',
    reason: null,
    hint: null,
    seconds: 31.25,
    exitCode: 0,
    tests: { passed: 40, failed: 0, skipped: 2, errors: 0 },
    testsReason: null,
    hostId: 'host-1',
    lane: { cpus: [0, 1], memoryBytes: 2_000_000_000 },
    reattached: false,
    disturbed: { reason: 'other work took 31 % of its CPUs' },
    problem: null,
    logTail: null,
    logFile: 'trials/full-test-suite-1-1/output.log',
    startedAt: '2026-01-01T00:01:00.123456789Z',
    finishedAt: '2026-01-01T00:01:31.373456789Z',
    ...overrides,
  };
}

export function measurementsOf(seconds: number): Measurement[] {
  return [
    measured('trial.duration', seconds, 'engine'),
    measured('memory.workingSet.peak', 734_003_200, 'stats', { service: 'test' }),
    notAvailable('trial.cpu.time', 'The container ended before the first sample.', 'stats'),
  ];
}

export const PLAN: Plan = {
  project: 'the-shop',
  compose: 'docker-compose.test.yml',
  dockerfile: 'Dockerfile.test',
  service: null,
  build: { modes: ['cold', 'warm'], targetSeconds: 120 },
  startup: { targetSeconds: null },
  targets: {
    totalSeconds: 300,
    testSeconds: 180,
    memoryBytes: 2e9,
    cpuRatio: 0.8,
    latencySeconds: 0.01,
    coverageReportSeconds: null,
    gate: ['memory'],
  },
  alerts: { regressionRatio: 0.2, floorSeconds: 2 },
  trials: { repeat: 1, warmup: 0, max: 5, timeoutSeconds: null, seed: 1 },
  lanes: { cpus: 'auto', memoryBytes: 'auto', max: 2 },
  scenarios: [{ name: 'Quick "tests" 🐢', id: 'quick-tests', command: null, targetSeconds: 120, primary: true }],
};
