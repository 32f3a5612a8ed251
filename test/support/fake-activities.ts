/** A host without an engine, for driving the workflow down every path that a real one cannot be made to take on demand. */
import { Context } from '@temporalio/activity';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { trialOrder } from '../../src/plan/order.ts';
import { analyze } from '../../src/analysis/analyze.ts';
import type { BenchmarkActivities, ResolvedRun, TrialSummary } from '../../src/model/activities.ts';
import type { RemedyOnTrial, RemedyToVerify, Verification, VerificationStep } from '../../src/model/advice.ts';
import type { HostClaim } from '../../src/model/host-claim.ts';
import { nextRound } from '../../src/analysis/xdist/halving.ts';
import { tuneResult } from '../../src/analysis/xdist/tune.ts';
import { concludeParts } from '../../src/analysis/regression/compare.ts';
import { nextStep } from '../../src/analysis/regression/confirm.ts';
import { decidePairs } from '../../src/analysis/regression/pairs.ts';
import type { Measured } from '../../src/model/regression.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { variantOf } from '../../src/model/variant.ts';

export const PASSED: TrialSummary = {
  outcome: 'passed',
  seconds: 12.5,
  exitCode: 0,
  tests: { passed: 40, failed: 0, skipped: 1, errors: 0 },
  reason: null,
  again: false,
};

export const QUICK: Measured = { value: 10, hostId: 'fake', startedAt: null, disturbed: null, tests: null };
export const SLOW: Measured = { ...QUICK, value: 15 };

export interface FakeHost {
  readonly activities: BenchmarkActivities;
  /** The names of the activities in the order in which they began. */
  readonly calls: string[];
}

/** Every activity succeeds unless overridden. `analyze` is the real analysis over facts without trials. */
export function fakeHost(claim: HostClaim, overrides: Partial<BenchmarkActivities> = {}): FakeHost {
  const calls: string[] = [];
  const plan = resolvePlan({}, { folderName: 'fake' });
  const facts: RunFacts = {
    run: { workflowId: 'w', runId: 'r' },
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    project: 'fake',
    plan,
    service: 'test',
    source: null,
    hosts: [],
    standIns: [],
    builds: [],
    startup: null,
    trials: [],
    measurements: [],
    problems: [],
    notes: [],
    cancelled: false,
  };
  const resolved: ResolvedRun = {
    plan,
    service: 'test',
    services: ['db'],
    builds: true,
    lanes: 1,
    trials: trialOrder(plan),
    maxTries: 3,
  };
  const activities: BenchmarkActivities = {
    claimHost: async () => claim,
    ping: async () => undefined,
    openRun: async () => undefined,
    reap: async () => [],
    preflight: async () => [],
    prepareSource: async () => ({
      origin: '/fake',
      directory: '/fake',
      commit: 'abc1234',
      branch: 'main',
      dirty: false,
    }),
    resolvePlan: async () => resolved,
    buildImages: async ({ mode }) => ({
      mode,
      images: [
        { services: ['test'], tag: 't', seconds: 20, steps: { total: 5, cached: 0 }, imageBytes: 1, profile: null },
      ],
      change: null,
    }),
    fitScenarios: async () => ({ ...resolved, scenarios: 'fitted' }),
    startServices: async () => ({
      seconds: 3,
      services: [{ service: 'db', seconds: 3, state: 'healthy', timeline: null }],
    }),
    runTrial: async () => PASSED,
    nextTrials: async () => [],
    analyze: async ({ problems, notes, cancelled, run }) => analyze({ ...facts, run, problems, notes, cancelled }),
    publish: async () => '/fake/runs/r',
    receivers: async () => [],
    notify: async () => undefined,
    cleanUpRun: async () => undefined,
    suspicions: async () => [],
    openSide: async () => undefined,
    nextMeasurement: async ({ candidate, stopped, baseUnavailable, taken }) =>
      nextStep(candidate, {
        reruns: taken.filter(({ kind }) => kind === 'rerun').map(() => SLOW),
        pairs: [],
        stopped,
        baseUnavailable,
      }),
    comparedParts: async () => [{ phase: 'test', scenario: 'quick-tests-only' }],
    comparePairs: async ({ suspect, taken }) => ({
      more: Math.max(0, 5 - taken.length),
      part: {
        suspect,
        title: 'Quick Tests Only',
        comparison: decidePairs(
          taken.map(({ first }) => ({ base: QUICK, head: SLOW, first })),
          { threshold: 0.2 },
        ),
        baseSeconds: QUICK.value,
        headSeconds: SLOW.value,
        pairs: [],
      },
    }),
    concludeComparison: async ({ run, input, startedAt, parts, problems, notes, cancelled }) =>
      concludeParts({
        run,
        project: 'fake',
        startedAt,
        base: { ...variantOf(input.base), commit: null },
        head: { ...variantOf(input.head), commit: null },
        parts,
        errors: problems,
        notes,
        cancelled,
      }),
    adviceToVerify: async () => ({
      plan: {},
      remedies: [onTrial('healthcheck-interval'), onTrial('worker-count')],
      folder: null,
      notes: [],
    }),
    nextVerification: async ({ failed, budgetIsOver, taken, baseTests, headTests, measures }) => {
      if (failed !== null) return decided('rejected', { kind: 'broken', problem: failed.problem });
      if (budgetIsOver) return decided('inconclusive', { kind: 'budget' });
      if (measures.suspect.phase !== 'test' && baseTests.length === 0)
        return { kind: 'tests', side: 'base', scenario: 'quick' };
      if (measures.suspect.phase !== 'test' && headTests.length === 0)
        return { kind: 'tests', side: 'head', scenario: 'quick' };
      return taken.length < 2 ? { kind: 'pair' } : decided('verified', { kind: 'gain' });
    },
    adviceTogether: async ({ winners }) => ({
      variant: { patch: 'both patches' },
      members: winners.map(({ name }) => name),
      leftOut: [],
      measures: [onTrial('healthcheck-interval').measures],
    }),
    concludeAdvice: async ({ run, ofRun, startedAt, tried, together, problems, notes, cancelled }) => ({
      schemaVersion: 1,
      ...run,
      ofRun,
      project: 'fake',
      startedAt,
      finishedAt: startedAt,
      cancelled,
      tried: tried.map(({ name, verification }) => ({ ...TO_VERIFY, name, verification })),
      together,
      errors: problems,
      notes,
    }),
    closeSide: async () => undefined,
    tunedScenario: async () => ({ id: 'quick-tests-only', title: 'Quick Tests Only' }),
    storedTuning: async () => null,
    planTuning: async ({ scenario }) => ({
      scenario,
      title: 'Quick Tests Only',
      workers: 2,
      distribution: 'load',
      candidates: [candidateOf(1, 4), candidateOf(2, 8)],
      simulated: 20,
      reason: null,
      patches: {},
    }),
    // The second candidate is as fast as it is now.
    nextTuning: async ({ plan: { candidates }, taken }) => {
      const of = (number: number) => taken.filter(({ candidate, round }) => candidate === number && round > 0);
      return {
        ...nextRound({
          now: of(0).map(() => SLOW),
          candidates: candidates.map((each) => ({
            ...each,
            measured: of(each.number).map(() => (each.number === 1 ? QUICK : SLOW)),
            failed: null,
            tests: null,
          })),
          threshold: 0.05,
        }),
        nowSeconds: SLOW.value,
        stopped: null,
      };
    },
    concludeTuning: async (given) => tuneResult({ ...given, project: 'fake' }),
    ...overrides,
  };
  const recorded = Object.fromEntries(
    Object.entries(activities).map(([name, run]) => [
      name,
      (input: never) => {
        calls.push(name);
        return (run as (input: never) => unknown)(input);
      },
    ]),
  ) as unknown as BenchmarkActivities;
  return { activities: recorded, calls };
}

function onTrial(name: string): RemedyOnTrial {
  const measures = { figure: 'startup.duration', scenario: null, suspect: { phase: 'startup' } } as const;
  return { name, measures, predicted: null, variant: { patch: `the patch of ${name}` } };
}

const TO_VERIFY: Omit<RemedyToVerify, 'name'> = {
  audit: 'healthcheck-interval',
  fingerprint: 'f',
  message: 'Check more often.',
  remedy: { kind: 'patch', patch: 'a patch' },
  saves: { figure: 'startup.duration', unit: 'second', predicted: null, verified: null },
  measures: { figure: 'startup.duration', scenario: null, suspect: { phase: 'startup' } },
};

function decided(
  state: Verification['state'],
  reason: Verification['reason'],
): Extract<VerificationStep, { kind: 'decided' }> {
  const figures = { ratio: null, saving: null, baseValue: null, headValue: null, pairs: [], testsWereRed: false };
  const verification = {
    state,
    reason,
    figure: 'startup.duration',
    scenario: null,
    unit: 'second',
    ...figures,
  } as const;
  return { kind: 'decided', verification };
}

/** An activity that goes on until it is cancelled, as an engine-bound one does. */
export async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), 200);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(beating);
  }
}

function candidateOf(number: number, workers: number) {
  const set = { 'scenarios[0].command': `python -m pytest -n ${workers}` };
  return { number, workers, distribution: 'load', set, predictedSeconds: 10 };
}
