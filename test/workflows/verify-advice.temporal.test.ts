import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkActivities } from '../../src/model/activities.ts';
import type { VerifyAdviceInput, VerifyAdviceResult } from '../../src/model/advice.ts';
import { fakeHost, PASSED, untilCancelled } from '../support/fake-activities.ts';
import { ownNamespace, sharedBundle } from '../support/shared-temporal.ts';
import { claimFor, hostWorkers, withWorkers } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
const bundle = sharedBundle();

beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

const INPUT: VerifyAdviceInput = { source: { path: '/fake' }, ofRun: 'r' };
const NO_BUILD = { type: 'BuildFailed', what: 'The step RUN make failed.', next: 'Correct it.' } as const;

async function host(overrides: Partial<BenchmarkActivities> = {}) {
  const claim = claimFor(`host-${randomUUID()}`);
  const fake = fakeHost(claim, overrides);
  return { ...fake, workers: await hostWorkers(env, bundle, claim, fake.activities) };
}

function start(input: unknown) {
  return env.client.workflow.start('verifyAdvice', {
    workflowId: `verifyAdvice/fake/${randomUUID()}`,
    taskQueue: 'paceline',
    args: [input],
  });
}

async function verified(overrides: Partial<BenchmarkActivities>, more: Partial<VerifyAdviceInput> = {}) {
  const { workers, calls } = await host(overrides);
  return withWorkers(workers, async () => {
    const result = (await (await start({ ...INPUT, ...more })).result()) as VerifyAdviceResult;
    return { result, calls };
  });
}

const count = (calls: readonly string[], name: string) => calls.filter((call) => call === name).length;
const states = ({ tried }: VerifyAdviceResult) => tried.map(({ name, verification }) => [name, verification.state]);

describe('a verification', () => {
  it('tries each remedy in pairs with the same base, and then all winners together', async () => {
    const sides: { runId: string; patch: string | undefined }[] = [];
    const orders: string[] = [];
    const fake = fakeHost(claimFor('unused'));
    const { result, calls } = await verified({
      prepareSource: async (input) => {
        sides.push({ runId: input.run.runId.replace(/^.*\./, ''), patch: input.patch?.text });
        return fake.activities.prepareSource(input);
      },
      startServices: async (input) => {
        orders.push(input.run.runId.replace(/^.*\.([a-z]+).*$/, '$1'));
        return fake.activities.startServices(input);
      },
    });
    expect(states(result)).toEqual([
      ['healthcheck-interval', 'verified'],
      ['worker-count', 'verified'],
    ]);
    expect(result.together).toMatchObject({ members: ['healthcheck-interval', 'worker-count'], leftOut: [] });
    expect(sides).toEqual([
      { runId: 'base', patch: undefined },
      { runId: 'head', patch: 'the patch of healthcheck-interval' },
      { runId: 'head2', patch: 'the patch of worker-count' },
      { runId: 'head3', patch: 'both patches' },
    ]);
    const [b, h] = ['base', 'head'];
    expect(orders.slice(0, 4)).toEqual([b, h, h, b]);
    // The tests of the base are run once, those of each head once.
    expect(count(calls, 'runTrial')).toBe(4);
    expect(count(calls, 'closeSide')).toBe(count(calls, 'openSide'));
    expect(calls.at(-1)).toBe('concludeAdvice');
  });

  it('goes on with the next remedy where one cannot be built', async () => {
    const fake = fakeHost(claimFor('unused'));
    const { result, calls } = await verified({
      buildImages: async (input) => {
        if (!input.run.runId.endsWith('.head')) return fake.activities.buildImages(input);
        throw ApplicationFailure.create({ type: NO_BUILD.type, nonRetryable: true, details: [NO_BUILD] });
      },
    });
    expect(states(result)).toEqual([
      ['healthcheck-interval', 'rejected'],
      ['worker-count', 'verified'],
    ]);
    expect(result.tried[0]?.verification.reason).toEqual({ kind: 'broken', problem: NO_BUILD });
    expect(result).toMatchObject({ together: null, errors: [] });
    expect(count(calls, 'closeSide')).toBe(count(calls, 'openSide'));
  });

  it('takes a remedy down before it tries the next', async () => {
    const { calls } = await verified({});
    const heads = calls.flatMap((call, index) => (call === 'prepareSource' ? [index] : []));
    expect(calls.slice(heads[1], heads[2])).toContain('closeSide');
  });

  it('whose base cannot be built tries nothing and reports why', async () => {
    const { result } = await verified({
      buildImages: async () => {
        throw ApplicationFailure.create({ type: NO_BUILD.type, nonRetryable: true, details: [NO_BUILD] });
      },
    });
    expect(result).toMatchObject({ tried: [], errors: [NO_BUILD] });
  });

  it('over its budget marks what it could not decide, and keeps what it has', async () => {
    let starts = 0;
    const fake = fakeHost(claimFor('unused'));
    const { result, calls } = await verified(
      {
        startServices: async (input) => (++starts <= 4 ? fake.activities.startServices(input) : untilCancelled()),
      },
      { budgetSeconds: 20 },
    );
    expect(states(result)).toEqual([
      ['healthcheck-interval', 'verified'],
      ['worker-count', 'inconclusive'],
    ]);
    expect(result.tried[1]?.verification.reason).toEqual({ kind: 'budget' });
    expect(count(calls, 'closeSide')).toBe(count(calls, 'openSide'));
  });

  it('that is cancelled in a trial takes its sides down, and concludes', async () => {
    const { workers, calls } = await host({ runTrial: untilCancelled });
    await withWorkers(workers, async () => {
      const handle = await start(INPUT);
      while (!calls.includes('runTrial')) await new Promise((resolve) => setTimeout(resolve, 50));
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(count(calls, 'closeSide')).toBe(count(calls, 'openSide'));
      expect(calls.at(-1)).toBe('concludeAdvice');
    });
  });

  it.each([
    ['names no run', { source: { path: '/fake' } }, '`ofRun` that is not a string'],
    ['is misspelt', { ...INPUT, budget: 3 }, 'unknown key "budget"'],
    ['has a budget of nothing', { ...INPUT, budgetSeconds: 0 }, '`budgetSeconds`'],
  ])('whose input %s fails as a whole', async (_, input, words) => {
    const { workers } = await host();
    await withWorkers(workers, async () => {
      const failed = await (await start(input)).result().catch((error: unknown) => error);
      expect(String((failed as WorkflowFailedError).cause?.message)).toContain(words);
    });
  });
});

it('a remedy that needs no trial of the tests is measured with none', async () => {
  const measures = {
    figure: 'trial.duration',
    scenario: 'quick',
    suspect: { phase: 'test', scenario: 'quick' },
  } as const;
  const { result, calls } = await verified({
    adviceToVerify: async () => ({
      plan: {},
      remedies: [{ name: 'worker-count', measures, predicted: null, variant: { set: { 'lanes.cpus': 2 } } }],
      folder: null,
      notes: [],
    }),
    runTrial: async () => PASSED,
  });
  expect(states(result)).toEqual([['worker-count', 'verified']]);
  expect(count(calls, 'runTrial')).toBe(4);
});
