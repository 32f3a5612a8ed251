import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkActivities } from '../../src/model/activities.ts';
import type { CompareResult, ConfirmInput, ConfirmResult } from '../../src/model/comparison.ts';
import type { RegressionAlert } from '../../src/model/regression.ts';
import { PROGRESS_QUERY, type Progress } from '../../src/model/progress.ts';
import { CANDIDATE } from '../support/candidate.ts';
import { fakeHost, PASSED, untilCancelled } from '../support/fake-activities.ts';
import { ownNamespace, sharedBundle } from '../support/shared-temporal.ts';
import { claimFor, hostWorkers, withWorkers } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
const bundle = sharedBundle();

beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

async function host(overrides: Partial<BenchmarkActivities> = {}) {
  const claim = claimFor(`host-${randomUUID()}`);
  const fake = fakeHost(claim, overrides);
  return { ...fake, claim, workers: await hostWorkers(env, bundle, claim, fake.activities) };
}

function start(workflow: string, input: unknown) {
  return env.client.workflow.start(workflow, {
    workflowId: `${workflow}/fake/${randomUUID()}`,
    taskQueue: 'paceline',
    args: [input],
  });
}

async function confirm(overrides: Partial<BenchmarkActivities>, more: Partial<ConfirmInput> = {}) {
  const { workers, claim, calls } = await host(overrides);
  return withWorkers(workers, async () => {
    const parent = { workflowId: 'w', runId: 'r' };
    const handle = await start('confirm', {
      parent,
      host: claim,
      source: { path: '/fake' },
      candidates: [CANDIDATE],
      ...more,
    });
    const { alerts } = (await handle.result()) as ConfirmResult;
    return { alert: alerts[0]!, calls };
  });
}

const count = (calls: readonly string[], name: string) => calls.filter((call) => call === name).length;

describe('a confirmation', () => {
  it('whose base cannot be built is decided by re-runs of this commit', async () => {
    const problem = { type: 'SourceUnavailable', what: 'There is no commit def5678.', next: 'Fetch it.' } as const;
    const { alert, calls } = await confirm({
      prepareSource: async () => {
        throw ApplicationFailure.create({ type: problem.type, nonRetryable: true, details: [problem] });
      },
    });
    expect(alert).toMatchObject({ state: 'confirmed', decidedBy: 'reruns' });
    expect(alert.message).toContain('There is no commit def5678.');
    expect(count(calls, 'runTrial')).toBeGreaterThanOrEqual(2);
    expect(count(calls, 'closeSide')).toBe(count(calls, 'openSide'));
  });

  it('over its budget is inconclusive with what was measured, and takes down what it was at', async () => {
    let trials = 0;
    const { alert, calls } = await confirm(
      { runTrial: async () => (++trials < 2 ? PASSED : await untilCancelled()) },
      { budgetSeconds: 3 },
    );
    expect(alert).toMatchObject({ state: 'inconclusive', decidedBy: 'reruns', n: 1 });
    expect(alert.message).toContain('was reached before it was decided');
    expect(calls.at(-1)).toBe('closeSide');
  });

  it('that is cancelled in a trial takes its sides down before it ends', async () => {
    const { workers, claim, calls } = await host({ runTrial: untilCancelled });
    await withWorkers(workers, async () => {
      const handle = await start('confirm', {
        parent: { workflowId: 'w', runId: 'r' },
        host: claim,
        source: { path: '/fake' },
        candidates: [CANDIDATE],
      });
      while (!calls.includes('runTrial')) await new Promise((resolve) => setTimeout(resolve, 50));
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(calls.at(-1)).toBe('closeSide');
    });
  });
});

describe('a benchmark with a suspicion', () => {
  it('has it decided before it is judged, and shows it meanwhile', async () => {
    let given: readonly RegressionAlert[] | undefined;
    const fake = fakeHost(claimFor('unused'));
    const { workers, calls } = await host({
      suspicions: async () => [CANDIDATE],
      prepareSource: async (input) => {
        if (input.run.runId.includes('.')) {
          throw ApplicationFailure.create({ type: 'SourceUnavailable', nonRetryable: true });
        }
        return fake.activities.prepareSource(input);
      },
      analyze: async (input) => {
        given = input.decided;
        return fake.activities.analyze(input);
      },
    });
    await withWorkers(workers, async () => {
      const handle = await start('benchmark', { source: { path: '/fake' } });
      await handle.result();
      const { steps } = await handle.query<Progress>(PROGRESS_QUERY);
      expect(steps.find(({ id }) => id === 'confirm')).toMatchObject({
        title: 'Confirm quick-tests-only +50 %',
        note: 'confirmed',
      });
    });
    expect(given).toMatchObject([{ state: 'confirmed' }]);
    expect(calls.indexOf('nextMeasurement')).toBeLessThan(calls.indexOf('analyze'));
    expect(calls.lastIndexOf('closeSide')).toBeLessThan(calls.indexOf('cleanUpRun'));
  });

  it('that is cancelled cancels the confirmation, and is judged as cancelled', async () => {
    const own = { trials: 0 };
    const { workers, calls } = await host({
      suspicions: async () => [CANDIDATE],
      runTrial: async ({ run }) => {
        if (!run.runId.includes('.')) return PASSED;
        own.trials += 1;
        return untilCancelled();
      },
    });
    await withWorkers(workers, async () => {
      const handle = await start('benchmark', { source: { path: '/fake' } });
      while (own.trials === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      expect((await env.client.workflow.getHandle(`${handle.workflowId}/confirm`).describe()).status.name).toBe(
        'CANCELLED',
      );
    });
    expect(calls.slice(-4)).toEqual(['closeSide', 'cleanUpRun', 'analyze', 'publish']);
  });
});

describe('a comparison', () => {
  it('measures pairs in the order ABBA until nothing more is asked for', async () => {
    const sides: string[] = [];
    const { workers } = await host({
      runTrial: async ({ run }) => {
        sides.push(run.runId.split('.').at(-1)!);
        return PASSED;
      },
    });
    const result = await withWorkers(workers, async () => {
      const handle = await start('compare', { source: { path: '/fake' }, base: 'main', head: 'topic' });
      return (await handle.result()) as CompareResult;
    });
    expect(sides.join(' ')).toBe('base head head base base head head base base head');
    expect(result.parts).toHaveLength(1);
  });

  it('prepares each side with its own patch and plan overrides', async () => {
    const given: unknown[] = [];
    const { workers } = await host({
      prepareSource: async ({ run, source, patch }) => {
        given.push([run.runId.split('.').at(-1), source.ref, patch]);
        return { origin: '/fake', directory: '/fake', commit: 'abc1234', branch: 'main', dirty: false };
      },
      resolvePlan: async (input) => {
        given.push(input.side?.set);
        return fakeHost(claimFor('unused')).activities.resolvePlan(input);
      },
    });
    const head = { ref: 'main', patch: 'a patch', set: { 'scenarios[0].command': 'pytest' } };
    const result = await withWorkers(workers, async () => {
      const handle = await start('compare', { source: { path: '/fake' }, base: 'main', head });
      return (await handle.result()) as CompareResult;
    });
    expect(given).toEqual([
      ['head', 'main', { text: 'a patch', name: 'The patch of the head' }],
      head.set,
      ['base', 'main', undefined],
      undefined,
    ]);
    expect(result).toMatchObject({ base: { ref: 'main' }, head });
  });

  it.each<[string, object, string]>([
    ['names no head', { head: undefined }, 'names no head'],
    ['is misspelt', { scenario: ['Quick'] }, '"scenario" in the input'],
    ['wants two pairs', { pairs: 2 }, '`pairs` that is not a whole number from 5 to 100'],
  ])('whose input %s fails as a whole, with a type and a sentence', async (_, change, sentence) => {
    const { workers, calls } = await host();
    const input = { source: { path: '/fake' }, base: 'main', head: 'topic', ...change };
    const error = await withWorkers(workers, async () =>
      (await start('compare', input)).result().catch((e: unknown) => e),
    );
    expect((error as WorkflowFailedError).cause).toMatchObject({
      type: 'WrongUsage',
      message: expect.stringContaining(sentence),
    });
    expect(calls).toEqual([]);
  });

  it('of a side that cannot be built reports it, and compares nothing', async () => {
    const problem = { type: 'BuildFailed', what: 'The image could not be built.', next: 'Correct it.' } as const;
    const { workers, calls } = await host({
      buildImages: async () => {
        throw ApplicationFailure.create({ type: problem.type, nonRetryable: true, details: [problem] });
      },
    });
    const result = await withWorkers(workers, async () => {
      const handle = await start('compare', { source: { path: '/fake' }, base: 'main', head: 'topic' });
      return (await handle.result()) as CompareResult;
    });
    expect(result).toMatchObject({ verdict: 'error', parts: [], errors: [problem] });
    expect(calls).not.toContain('runTrial');
  });
});
