import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkActivities } from '../../src/model/activities.ts';
import type { TuneInput, TuneResult } from '../../src/model/tune.ts';
import { fakeHost, untilCancelled } from '../support/fake-activities.ts';
import { ownNamespace, sharedBundle } from '../support/shared-temporal.ts';
import { claimFor, hostWorkers, withWorkers } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
const bundle = sharedBundle();

beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

async function tuned(
  overrides: Partial<BenchmarkActivities>,
  more: Partial<TuneInput> = {},
  meanwhile: (handle: Awaited<ReturnType<typeof start>>, calls: readonly string[]) => Promise<void> = async () =>
    undefined,
) {
  const claim = claimFor(`host-${randomUUID()}`);
  const { activities, calls } = fakeHost(claim, overrides);
  return withWorkers(await hostWorkers(env, bundle, claim, activities), async () => {
    const handle = await start(more);
    await meanwhile(handle, calls);
    const result: unknown = await handle.result().catch((error: unknown) => error);
    return { result: result as TuneResult, calls };
  });
}

function start(more: Partial<TuneInput>) {
  return env.client.workflow.start('tune', {
    workflowId: `tune/fake/${randomUUID()}`,
    taskQueue: 'paceline',
    args: [{ source: { path: '/fake' }, ...more }],
  });
}

const count = (calls: readonly string[], name: string) => calls.filter((call) => call === name).length;

describe('tune', () => {
  it('measures the candidates in rounds, leaves the slower one out, and says what the best saves', async () => {
    const { result, calls } = await tuned({});
    expect(result).toMatchObject({ verdict: 'improved', best: { candidate: 1, remedy: { kind: 'planOverride' } } });
    expect(result.tried.map(({ state }) => state)).toEqual(['open', 'slower']);
    // One that is not counted, one of the slower candidate, and five rounds of the two that remain.
    expect(count(calls, 'runTrial')).toBe(1 + 1 + 5 * 2);
    expect(count(calls, 'closeSide')).toBe(3);
  });

  it('simulates from a stored run that fits, says which, and measures no trial for it', async () => {
    const plain = fakeHost(claimFor('unused')).activities;
    const order: string[] = [];
    const { result, calls } = await tuned({
      storedTuning: async (input) => ({ ...(await plain.planTuning(input)), from: 'run-of-yesterday' }),
      runTrial: async (input) => {
        order.push(input.run.runId.split('.').at(-1)!);
        return await plain.runTrial(input);
      },
    });
    expect(result).toMatchObject({ verdict: 'improved', from: 'run-of-yesterday' });
    expect(result.notes.join()).toContain('It simulated from run run-of-yesterday');
    expect(calls).not.toContain('planTuning');
    // Its first trial is not that of the scenario as it is, to which every pair is compared.
    expect(order.slice(0, 6)).toEqual(['head2', 'head', 'base', 'base', 'head', 'base']);
    expect(count(calls, 'runTrial')).toBe(1 + 5 * 2);
  });

  it('leaves out a candidate whose trials cannot be run', async () => {
    const { result } = await tuned({
      runTrial: async (input) => {
        if (input.run.runId.endsWith('.head2'))
          throw ApplicationFailure.create({ type: 'WrongUsage', nonRetryable: true, message: 'no' });
        return await fakeHost(claimFor('unused')).activities.runTrial(input);
      },
    });
    expect(result.verdict).toBe('improved');
    expect(result.notes.join()).toContain('could not be measured');
  });

  it('ends with what was measured when its budget is over', async () => {
    let trials = 0;
    const { result, calls } = await tuned(
      {
        runTrial: async (input) => {
          trials += 1;
          return trials < 4 ? await fakeHost(claimFor('unused')).activities.runTrial(input) : await untilCancelled();
        },
      },
      { budgetSeconds: 4 },
    );
    expect(result.verdict).toBe('inconclusive');
    expect(result.notes).toContain('The time budget ended before everything was decided.');
    expect(count(calls, 'closeSide')).toBeGreaterThan(0);
  });

  it('takes everything down when it is cancelled', async () => {
    const { result, calls } = await tuned({ runTrial: untilCancelled }, {}, async (handle, begun) => {
      while (!begun.includes('runTrial')) await new Promise((resolve) => setTimeout(resolve, 50));
      await handle.cancel();
    });
    expect(result).toBeInstanceOf(WorkflowFailedError);
    expect(count(calls, 'closeSide')).toBe(1);
    expect(calls).toContain('concludeTuning');
  });

  it('refuses an input that it does not know', async () => {
    const { result } = await tuned({}, { budgetSeconds: -1 });
    expect(result).toBeInstanceOf(WorkflowFailedError);
  });
});
