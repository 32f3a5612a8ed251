/** Builds the facts of a run for tests: a small project with the original plan, in which only the subject of the test differs. */
import { hintIn } from '../../src/collectors/outcome/exit-hints.ts';
import type { BuildMode, Plan, Scenario } from '../../src/model/plan.ts';
import type { BuildFacts, RunFacts, StartupFacts, TrialRecord } from '../../src/model/run.ts';

export const GIB = 2 ** 30;

export function scenarioOf(name: string, command: string, targetSeconds: number | null, primary = false): Scenario {
  return {
    name,
    id: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    command: command.split(' '),
    targetSeconds,
    primary,
  };
}

export const FULL = scenarioOf('Full Test Suite', 'python -m pytest -v -n 2 --cov=.', 180, true);
export const QUICK: Scenario = {
  ...scenarioOf('Quick Tests Only', '', 120),
  command: ['python', '-m', 'pytest', '-v', '-n', '2', '-m', 'not slow'],
};
export const SINGLE = scenarioOf('Single Worker', 'python -m pytest -v --cov=.', 300);
export const PARALLEL = scenarioOf('Parallel Workers', 'python -m pytest -v -n 4 --cov=.', 150);

export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    project: 'shop',
    compose: 'docker-compose.test.yml',
    dockerfile: 'Dockerfile.test',
    service: 'test',
    build: { modes: ['cold', 'warm'], targetSeconds: 120 },
    startup: { targetSeconds: 60 },
    targets: {
      totalSeconds: 300,
      testSeconds: 180,
      memoryBytes: 2e9,
      cpuRatio: 0.8,
      latencySeconds: 0.01,
      coverageReportSeconds: 30,
      gate: [],
    },
    alerts: { regressionRatio: 0.2, floorSeconds: 2 },
    trials: { repeat: 1, warmup: 0, max: 5, timeoutSeconds: null, seed: 1 },
    lanes: { cpus: 'auto', memoryBytes: 'auto', max: 'auto' },
    scenarios: [FULL, QUICK, SINGLE, PARALLEL],
    ...change,
  };
}

export function buildOf(mode: BuildMode, seconds: number, cached: number): BuildFacts {
  return {
    mode,
    images: [
      {
        services: ['test'],
        tag: 'paceline/r1-test',
        seconds,
        steps: { total: 8, cached },
        imageBytes: 412e6,
        profile: null,
      },
    ],
    change: null,
  };
}

export const STARTUP: StartupFacts = {
  seconds: 6.4,
  services: [
    { service: 'db', seconds: 6.4, state: 'healthy', timeline: null },
    { service: 'cache', seconds: 1.1, state: 'healthy', timeline: null },
  ],
};

/** A green trial of 312 tests, unless told otherwise. */
export function trialOf(scenario: Scenario, change: Partial<TrialRecord> = {}): TrialRecord {
  const { trial = 1, try: number = 1 } = change;
  // One after the other, as in a single lane.
  const minute = 10 * [FULL, QUICK, SINGLE, PARALLEL].indexOf(scenario) + 10 + 2 * trial + number;
  const at = (second: string) => `2026-03-01T02:${String(minute).padStart(2, '0')}:${second}Z`;
  return {
    scenarioId: scenario.id,
    scenarioName: scenario.name,
    command: scenario.command,
    trial,
    try: number,
    kind: 'measured',
    profile: null,
    outcome: 'passed',
    reason: null,
    hint: null,
    seconds: 38.2,
    exitCode: 0,
    tests: { passed: 312, failed: 0, skipped: 4, errors: 0 },
    testsReason: null,
    hostId: 'host-1',
    lane: { cpus: [0, 1], memoryBytes: 4 * GIB },
    reattached: false,
    disturbed: null,
    problem: null,
    logTail: null,
    logFile: `trials/${scenario.id}-${trial}-${number}/output.log`,
    startedAt: at('10.120'),
    finishedAt: at('48.320'),
    ...change,
  };
}

/** A trial that came to no good: no counts and no time unless given; the hint is what its output gives. */
export function badTrialOf(
  scenario: Scenario,
  outcome: Exclude<TrialRecord['outcome'], 'passed'>,
  reason: string,
  change: Partial<TrialRecord> = {},
): TrialRecord {
  return trialOf(scenario, {
    outcome,
    reason,
    tests: null,
    testsReason: 'No JUnit file was written.',
    exitCode: null,
    hint: hintIn(change.logTail ?? ''),
    ...change,
  });
}

export function factsOf(change: Partial<RunFacts> = {}): RunFacts {
  return {
    run: { workflowId: 'benchmark/shop/1a2b3c4/20260301-020000', runId: '6f0d4c3e-6a2f-4c88-9f57-2f1f3e1f0a11' },
    startedAt: '2026-03-01T02:00:00.000Z',
    finishedAt: '2026-03-01T02:04:10.000Z',
    project: 'shop',
    plan: planOf(),
    service: 'test',
    source: {
      origin: '/home/dev/shop',
      directory: '/data/runs/r1/source',
      commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      branch: 'main',
      dirty: false,
    },
    hosts: [
      {
        id: 'host-1',
        fingerprint: {
          key: { cpuModel: 'AMD EPYC 7763', cores: 2, memoryGib: 8, engineMajor: '28' },
          detail: { kernel: '6.8.0', os: 'Debian GNU/Linux 13' },
        },
      },
    ],
    standIns: [],
    builds: [buildOf('cold', 41.25, 0), buildOf('warm', 0.6, 8)],
    startup: STARTUP,
    trials: [
      trialOf(FULL),
      trialOf(QUICK, { seconds: 21.7, tests: { passed: 280, failed: 0, skipped: 0, errors: 0 } }),
      trialOf(SINGLE, { seconds: 61.9 }),
      trialOf(PARALLEL, { seconds: 40.3 }),
    ],
    measurements: [],
    problems: [],
    notes: [],
    cancelled: false,
    ...change,
  };
}
