/** The runs whose histories are golden: driven on a real dev server, with fake activities to keep them small. */
import { ApplicationFailure } from '@temporalio/activity';
import { execa } from 'execa';
import { nextStep } from '../../src/analysis/regression/confirm.ts';
import type { BenchmarkActivities } from '../../src/model/activities.ts';
import type { HostClaim } from '../../src/model/host-claim.ts';
import type { Problem } from '../../src/model/failure.ts';
import { fitScenarios } from '../../src/plan/fit-scenarios.ts';
import { trialOrder } from '../../src/plan/order.ts';
import { CANDIDATE } from './candidate.ts';
import { fakeHost, PASSED, QUICK, SLOW, untilCancelled } from './fake-activities.ts';
import { claimFor, devServer, hostWorkers, temporalCli, withWorkers, workflowBundle } from './temporal.ts';

const GONE = { type: 'SourceUnavailable', what: 'There is no commit def5678.', next: 'Fetch it.' } as const;
const PROBLEM = { type: 'BuildFailed', what: 'The step RUN make failed.', next: 'Correct it.' } as const;

/** The plan names no scenarios, and the image can run one of the default ones. */
export const byDefault: Partial<BenchmarkActivities> = {
  resolvePlan: async (input) => ({ ...(await FAKE.resolvePlan(input)), scenarios: 'byDefault' }),
  fitScenarios: async (input) => {
    const resolved = await FAKE.fitScenarios(input);
    const plan = fitScenarios(resolved.plan, {
      tools: {
        python: true,
        packages: { pytest: 'loaded', 'pytest-xdist': 'absent', 'pytest-cov': 'loaded' },
        unregisteredMarkers: [],
      },
      hasOwnCommand: true,
      dockerfile: 'Dockerfile.test',
    });
    return { ...resolved, plan, trials: trialOrder(plan) };
  },
};

const failsWith = (problem: Problem) => async (): Promise<never> => {
  throw ApplicationFailure.create({ type: problem.type, nonRetryable: true, details: [problem] });
};

const FAKE = fakeHost(claimFor('unused')).activities;

interface Recording {
  readonly overrides: Partial<BenchmarkActivities>;
  readonly cancelled?: boolean;
  /** @default a benchmark */
  readonly of?: (claim: HostClaim) => { readonly workflow: string; readonly input: unknown };
}

const BENCHMARK: NonNullable<Recording['of']> = () => ({
  workflow: 'benchmark',
  input: { source: { path: '/fake' } },
});
const COMPARE: NonNullable<Recording['of']> = () => ({
  workflow: 'compare',
  input: { source: { path: '/fake' }, base: 'main', head: 'topic' },
});
const TUNE: NonNullable<Recording['of']> = () => ({
  workflow: 'tune',
  input: { source: { path: '/fake' }, budgetSeconds: 3600 },
});
const COMPARE_VARIANTS: NonNullable<Recording['of']> = () => ({
  workflow: 'compare',
  input: {
    source: { path: '/fake' },
    base: { ref: 'main', set: { 'lanes.cpus': 1 } },
    head: { ref: 'main', patch: 'a patch', set: { 'scenarios[0].command': 'python -m pytest -n 4' } },
  },
});
const CONFIRM: NonNullable<Recording['of']> = (host) => ({
  workflow: 'confirm',
  input: {
    parent: { workflowId: 'benchmark/fake/parent', runId: 'r' },
    host,
    source: { path: '/fake' },
    candidates: [CANDIDATE],
  },
});

const VERIFY: NonNullable<Recording['of']> = () => ({
  workflow: 'verifyAdvice',
  input: { source: { path: '/fake' }, ofRun: 'r' },
});

/** The re-runs are as slow as the suspected run, and so is the head of each pair. */
const nextWithPairs: BenchmarkActivities['nextMeasurement'] = async ({ candidate, stopped, baseUnavailable, taken }) =>
  nextStep(candidate, {
    reruns: taken.filter(({ kind }) => kind === 'rerun').map(() => SLOW),
    pairs: taken.filter(({ kind }) => kind === 'pair').map(({ first }) => ({ base: QUICK, head: SLOW, first })),
    stopped,
    baseUnavailable,
  });

export const RECORDED: Readonly<Record<string, Recording>> = {
  success: { overrides: {} },
  'red-suite': {
    overrides: {
      runTrial: async () => ({ ...PASSED, outcome: 'testsFailed', exitCode: 1, reason: '1 of 41 tests failed.' }),
    },
  },
  'build-failed': {
    overrides: {
      buildImages: failsWith(PROBLEM),
    },
  },
  'lost-then-passed': {
    overrides: {
      runTrial: async ({ try: number }) =>
        number === 1 ? { ...PASSED, outcome: 'lost', reason: 'the container is gone', again: true } : PASSED,
    },
  },
  'no-suspicion': { overrides: {} },
  confirmed: {
    overrides: {
      suspicions: async () => [CANDIDATE],
      nextMeasurement: async (input) =>
        fakeHost(claimFor('unused')).activities.nextMeasurement({ ...input, baseUnavailable: 'It is gone.' }),
    },
  },
  cancelled: { overrides: { runTrial: untilCancelled }, cancelled: true },
  'default-scenarios': { overrides: byDefault },
  'compare-default-scenarios': { of: COMPARE, overrides: byDefault },
  'confirm-by-pairs': { of: CONFIRM, overrides: { nextMeasurement: nextWithPairs } },
  'confirm-without-base': {
    of: CONFIRM,
    overrides: {
      prepareSource: failsWith(GONE),
    },
  },
  'confirm-cancelled': { of: CONFIRM, overrides: { runTrial: untilCancelled }, cancelled: true },
  compare: { of: COMPARE, overrides: {} },
  'compare-variants': { of: COMPARE_VARIANTS, overrides: {} },
  'compare-build-failed': {
    of: COMPARE,
    overrides: {
      buildImages: failsWith(PROBLEM),
    },
  },
  'verify-advice': { of: VERIFY, overrides: {} },
  'verify-advice-broken': { of: VERIFY, overrides: { startServices: failsWith(PROBLEM) } },
  'verify-advice-cancelled': { of: VERIFY, overrides: { runTrial: untilCancelled }, cancelled: true },
  'compare-cancelled': { of: COMPARE, overrides: { runTrial: untilCancelled }, cancelled: true },
  tune: { of: TUNE, overrides: {} },
  'tune-cancelled': { of: TUNE, overrides: { runTrial: untilCancelled }, cancelled: true },
};

/** @param wanted by name; each is one run from its beginning to its end */
export async function recordHistories(wanted: (name: string) => boolean) {
  const [env, bundle] = await Promise.all([devServer(), workflowBundle()]);
  const recorded: { name: string; history: string }[] = [];
  try {
    for (const [name, { overrides, cancelled, of = BENCHMARK }] of Object.entries(RECORDED)) {
      if (!wanted(name)) continue;
      const claim = claimFor(`recorded-${name}`);
      const { activities, calls } = fakeHost(claim, overrides);
      const workers = await hostWorkers(env, bundle, claim, activities);
      const handle = await withWorkers(workers, async () => {
        const { workflow, input } = of(claim);
        const started = await env.client.workflow.start(workflow, {
          workflowId: `${workflow}/fake/${name}`,
          taskQueue: 'paceline',
          args: [input],
        });
        if (cancelled === true) {
          while (!calls.includes('runTrial')) await new Promise((resolve) => setTimeout(resolve, 100));
          await started.cancel();
        }
        await started.result().catch(() => undefined);
        return started;
      });
      recorded.push({ name, history: await shown(env.address, handle.workflowId) });
    }
    return recorded;
  } finally {
    await env.teardown();
  }
}

/** As Temporal's own CLI prints it: the SDK's conversion fails where npm has installed protobufjs twice. */
async function shown(address: string, workflowId: string): Promise<string> {
  const { stdout } = await execa(temporalCli(), [
    'workflow',
    'show',
    '--address',
    address,
    '-w',
    workflowId,
    '-o',
    'json',
  ]);
  return JSON.stringify(JSON.parse(stdout));
}
