import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkActivities, BenchmarkInput } from '../../src/model/activities.ts';
import type { HostClaim } from '../../src/model/host-claim.ts';
import type { Problem } from '../../src/model/failure.ts';
import { PROGRESS_QUERY, type Progress } from '../../src/model/progress.ts';
import type { RunResult } from '../../src/model/result.ts';
import { fakeHost, PASSED, untilCancelled } from '../support/fake-activities.ts';
import { ownNamespace, sharedBundle } from '../support/shared-temporal.ts';
import { byDefault } from '../support/record-histories.ts';
import { claimFor, hostWorkers, withWorkers } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
const bundle = sharedBundle();

beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

const INPUT: BenchmarkInput = { source: { path: '/fake' } };

async function start(input: unknown = INPUT) {
  return env.client.workflow.start('benchmark', {
    workflowId: `benchmark/fake/${randomUUID()}`,
    taskQueue: 'paceline',
    args: [input],
  });
}

async function host(overrides: Partial<BenchmarkActivities> = {}, differing: Partial<HostClaim> = {}) {
  const claim = { ...claimFor(`host-${randomUUID()}`), ...differing };
  const fake = fakeHost(claim, overrides);
  return { ...fake, claim, workers: await hostWorkers(env, bundle, claim, fake.activities) };
}

/** One whole run on a host whose activities succeed unless overridden. */
async function benchmark(overrides: Partial<BenchmarkActivities> = {}, differing: Partial<HostClaim> = {}) {
  const { workers, calls } = await host(overrides, differing);
  return withWorkers(workers, async () => {
    const handle = await start();
    const result: RunResult = await handle.result();
    return { handle, result, calls, progress: await handle.query<Progress>(PROGRESS_QUERY) };
  });
}

function failure(problem: Problem): ApplicationFailure {
  return ApplicationFailure.create({
    type: problem.type,
    nonRetryable: true,
    message: problem.what,
    details: [problem],
  });
}

describe('the benchmark workflow', () => {
  it('goes through the phases in the order of the design', async () => {
    const { calls } = await benchmark();
    expect(calls).toEqual([
      'claimHost',
      'openRun',
      'reap',
      'preflight',
      'prepareSource',
      'resolvePlan',
      'buildImages',
      'buildImages',
      'startServices',
      'runTrial',
      'runTrial',
      'runTrial',
      'runTrial',
      'nextTrials',
      'suspicions',
      'cleanUpRun',
      'analyze',
      'publish',
      'receivers',
    ]);
  });

  it('ends every row of the board with its figures', async () => {
    const { progress } = await benchmark();
    expect(
      progress.steps.map(({ title, state, seconds, verdict, note }) => ({ title, state, seconds, verdict, note })),
    ).toEqual([
      { title: 'Prepare', state: 'done', seconds: null, verdict: null, note: '4 scenarios' },
      { title: 'Build (cold)', state: 'done', seconds: 20, verdict: 'pass', note: '0 of 5 steps cached' },
      { title: 'Build (warm)', state: 'done', seconds: 20, verdict: 'pass', note: '0 of 5 steps cached' },
      { title: 'Start services', state: 'done', seconds: 3, verdict: 'pass', note: 'db' },
      ...['Full Test Suite', 'Quick Tests Only', 'Single Worker', 'Parallel Workers'].map((title) => ({
        title,
        state: 'done',
        seconds: 12.5,
        verdict: 'pass',
        note: '40 passed, 1 skipped',
      })),
      { title: 'Analysis', state: 'done', seconds: null, verdict: null, note: expect.any(String) },
    ]);
  });

  it('runs the scenarios that the image can run, where the plan names none', async () => {
    const { calls, progress } = await benchmark(byDefault);
    expect(calls.slice(5, 12)).toEqual([
      'resolvePlan',
      'buildImages',
      'buildImages',
      'fitScenarios',
      'startServices',
      'runTrial',
      'runTrial',
    ]);
    expect(progress.steps.map(({ title, note }) => [title, note]).slice(3)).toEqual([
      ['Scenarios', '2 scenarios, 3 default ones left out'],
      ['Start services', 'db'],
      ["The test service's own command", '40 passed, 1 skipped'],
      ['Single Worker', '40 passed, 1 skipped'],
      ['Analysis', expect.any(String)],
    ]);
  });

  it('runs further rounds for as long as the host asks for them, and shows them on the board', async () => {
    const rounds = [3, 2].map((trial) => [{ scenarioId: 'quick-tests-only', trial, kind: 'measured' as const }]);
    const { calls, progress } = await benchmark({ nextTrials: async () => rounds.pop() ?? [] });
    expect(calls.filter((name) => name === 'runTrial' || name === 'nextTrials').slice(4)).toEqual([
      'nextTrials',
      'runTrial',
      'nextTrials',
      'runTrial',
      'nextTrials',
    ]);
    const rows = progress.steps.filter(({ id }) => id.startsWith('trial:quick-tests-only:'));
    expect(rows.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'trial:quick-tests-only:1 done',
      'trial:quick-tests-only:2 done',
      'trial:quick-tests-only:3 done',
    ]);
  });

  it('can be found by what its search attributes say', async () => {
    const { handle } = await benchmark();
    const { typedSearchAttributes, memo } = await handle.describe();
    const values = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(values).toMatchObject({ PacelineProject: 'fake', PacelineCommit: 'abc1234', PacelineBranch: 'main' });
    expect(memo).toMatchObject({ folder: '/fake/runs/r' });
  });

  it('sets no search attribute that the server lacks, since that would block it for ever', async () => {
    const { handle } = await benchmark({}, { searchAttributes: ['PacelineProject'] });
    const { typedSearchAttributes } = await handle.describe();
    const names = typedSearchAttributes.getAll().map(({ key }) => key.name);
    expect(names.filter((name) => name.startsWith('Paceline'))).toEqual(['PacelineProject']);
  });

  it.each([
    ['testsFailed', 1, '3 of 43 tests failed.', 'failed'],
    ['commandNotFound', 127, 'The command was not found in the image.', 'error'],
  ] as const)(
    'takes a trial that ended as %s for data and goes on with the rest',
    async (outcome, exitCode, reason, verdict) => {
      const { progress, calls } = await benchmark({
        runTrial: async ({ spec }) =>
          spec.scenarioId === 'full-test-suite' ? { ...PASSED, outcome, exitCode, reason } : PASSED,
      });
      expect(calls.filter((name) => name === 'runTrial')).toHaveLength(4);
      expect(progress.steps.find(({ title }) => title === 'Full Test Suite')).toMatchObject({ verdict, note: reason });
    },
  );

  it('shows a step over its target as missed', async () => {
    const { progress } = await benchmark({ startServices: async () => ({ seconds: 75, services: [] }) });
    expect(progress.steps.find(({ id }) => id === 'startup')).toMatchObject({ verdict: 'missed', targetSeconds: 60 });
  });

  it.each([
    [
      'buildImages',
      { type: 'BuildFailed', what: 'Step RUN make failed.', next: 'Run the build by hand.' },
      'startServices',
    ],
    [
      'startServices',
      { type: 'ServiceUnhealthy', what: 'db never got healthy.', next: 'Look at its log.' },
      'runTrial',
    ],
    ['preflight', { type: 'DiskFull', what: 'The disk is full.', next: 'Free some space.' }, 'prepareSource'],
  ] as const)(
    'reports what went wrong in %s with a whole result, cleaned up and published',
    async (name, problem, notReached) => {
      const { result, calls } = await benchmark({
        [name]: async () => {
          throw failure(problem);
        },
      });
      expect(result.verdict).toBe('error');
      expect(result.errors).toEqual([{ ...problem, detail: null }]);
      expect(calls).not.toContain(notReached);
      expect(calls.slice(-4)).toEqual(['cleanUpRun', 'analyze', 'publish', 'receivers']);
    },
  );

  it('retries a lost trial, with the next attempt number, until the activity stops asking for it', async () => {
    const tries: number[] = [];
    const { progress } = await benchmark({
      runTrial: async ({ spec, try: number }) => {
        if (spec.scenarioId !== 'single-worker') return PASSED;
        tries.push(number);
        return number < 3 ? { ...PASSED, outcome: 'lost', again: true, reason: 'the container is gone' } : PASSED;
      },
    });
    expect(tries).toEqual([1, 2, 3]);
    expect(progress.steps.find(({ title }) => title === 'Single Worker')).toMatchObject({ verdict: 'pass' });
  });

  it('notifies the receivers, and ends well with a note on one that is down', async () => {
    const told: string[] = [];
    const published: unknown[] = [];
    const { result, progress } = await benchmark({
      receivers: async () => ['plan/slack', 'config/webhook'],
      notify: async ({ receiver }) => {
        if (receiver === 'plan/slack') {
          const what = 'Receiver plan/slack was not notified: it answered 404.';
          throw failure({ type: 'WrongUsage', what, next: 'Check it.' });
        }
        told.push(receiver);
      },
      publish: async ({ notes }) => {
        published.push(notes);
        return '/fake/runs/r';
      },
    });
    expect(told).toEqual(['config/webhook']);
    const note = 'Receiver plan/slack was not notified: it answered 404.';
    expect(result.notes).toContain(note);
    expect(progress.result?.notes).toContain(note);
    expect(result.errors).toEqual([]);
    expect(published).toEqual([undefined, [note]]);
  });

  it('notifies again after a receiver that could not take it', async () => {
    let attempts = 0;
    const { result } = await benchmark({
      receivers: async () => ['plan/slack'],
      notify: async () => {
        attempts += 1;
        if (attempts > 1) return;
        const message = 'Receiver plan/slack was not notified: it answered 503.';
        throw ApplicationFailure.create({ type: 'NotDelivered', message, nonRetryable: false });
      },
    });
    expect(attempts).toBe(2);
    expect(result.notes.filter((note) => note.includes('notified'))).toEqual([]);
  });

  it('ends well when config.json with the receivers is not valid', async () => {
    const { result } = await benchmark({
      receivers: async () => {
        throw failure({ type: 'WrongUsage', what: 'config.json is not JSON.', next: 'Fix it.' });
      },
    });
    expect(result.notes).toContain('No receiver was notified: config.json is not JSON.');
    expect(result.errors).toEqual([]);
  });

  it('keeps at most as many trials scheduled as there are lanes, in the order of the plan', async () => {
    let running = 0;
    let most = 0;
    const began: string[] = [];
    const fake = fakeHost(claimFor('unused'));
    const { result } = await benchmark({
      resolvePlan: async (input) => ({ ...(await fake.activities.resolvePlan(input)), lanes: 2 }),
      runTrial: async ({ spec }) => {
        began.push(spec.scenarioId);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 150));
        running -= 1;
        return PASSED;
      },
    });
    expect(result.errors).toEqual([]);
    expect(most).toBe(2);
    expect(began.slice(0, 2).sort()).toEqual(['full-test-suite', 'quick-tests-only']);
    expect(began).toHaveLength(4);
  });

  it.each<[string, unknown, Partial<BenchmarkActivities>, Problem['type'], string]>([
    ['an input that names no source', { plan: {} }, {}, 'WrongUsage', 'names no source'],
    ['a key that is misspelt', { source: { path: '/fake', reff: 'v1' } }, {}, 'WrongUsage', '"reff" in its source'],
    [
      'a source that no host has',
      INPUT,
      {
        claimHost: async () => {
          throw failure({ type: 'SourceUnavailable', what: 'There is no /fake on host h.', next: 'Give the path.' });
        },
      },
      'SourceUnavailable',
      'There is no /fake on host h.',
    ],
  ])('fails as a whole, with a type and a sentence, on %s', async (_, input, overrides, type, sentence) => {
    const { workers } = await host(overrides);
    const error = await withWorkers(workers, async () => (await start(input)).result().catch((e: unknown) => e));
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      type,
      message: expect.stringContaining(sentence),
      details: [{ type, what: expect.stringContaining(sentence) }],
    });
  });

  it('takes a plan that is null for none, so that the file of the project counts', async () => {
    const plans: unknown[] = [];
    const fake = fakeHost(claimFor('unused'));
    const { workers } = await host({
      resolvePlan: async (given) => {
        plans.push(given.plan);
        return fake.activities.resolvePlan(given);
      },
    });
    await withWorkers(workers, async () => (await start({ ...INPUT, plan: null })).result());
    expect(plans).toEqual([undefined]);
  });
});

describe('a cancelled run', () => {
  it.each(['preflight', 'prepareSource', 'buildImages', 'startServices', 'runTrial'] as const)(
    'in %s is cleaned up, judged and published before Temporal shows it as cancelled',
    async (name) => {
      const reached = Promise.withResolvers<void>();
      const { workers, calls } = await host({
        [name]: async () => {
          reached.resolve();
          return untilCancelled();
        },
      });
      await withWorkers(workers, async () => {
        const handle = await start();
        await reached.promise;
        await handle.cancel();
        const error = await handle.result().catch((e: unknown) => e);
        expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
        expect((await handle.describe()).status.name).toBe('CANCELLED');
        expect((await handle.query<Progress>(PROGRESS_QUERY)).result).toMatchObject({ verdict: 'cancelled' });
      });
      expect(calls.slice(-3)).toEqual(['cleanUpRun', 'analyze', 'publish']);
    },
  );

  it('is cancelled also where the worker was killed before it could let go, which Temporal tells as a time-out', async () => {
    const reached = Promise.withResolvers<void>();
    const over = Promise.withResolvers<never>();
    const { workers } = await host({
      runTrial: () => {
        reached.resolve();
        return over.promise;
      },
    });
    await withWorkers(workers, async () => {
      const handle = await start();
      await reached.promise;
      await handle.cancel();
      await handle.result().catch(() => {});
      over.reject(new Error('killed'));
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect((await handle.query<Progress>(PROGRESS_QUERY)).result).toMatchObject({ verdict: 'cancelled', errors: [] });
    });
  });

  it('before it was known to the store is made known, so that it can be judged', async () => {
    const reached = Promise.withResolvers<void>();
    let opened = 0;
    const { workers, calls } = await host({
      openRun: async () => {
        opened += 1;
        if (opened > 1) return;
        reached.resolve();
        await untilCancelled();
      },
    });
    await withWorkers(workers, async () => {
      const handle = await start();
      await reached.promise;
      await handle.cancel();
      await handle.result().catch(() => {});
      expect((await handle.query<Progress>(PROGRESS_QUERY)).result).toMatchObject({ verdict: 'cancelled' });
    });
    expect(calls).toEqual(['claimHost', 'openRun', 'openRun', 'cleanUpRun', 'analyze', 'publish']);
  });
});

describe('a run that cannot be judged', () => {
  it('fails as a whole, with the sentence of what stood in its way', async () => {
    const problem: Problem = { type: 'RunUnknown', what: 'The run is not in the store.', next: 'Start it again.' };
    const { workers } = await host({
      analyze: async () => {
        throw failure(problem);
      },
    });
    const error = await withWorkers(workers, async () => (await start()).result().catch((e: unknown) => e));
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'RunUnknown', details: [problem] });
  });
});

describe('a worker that is replaced', () => {
  it('in the middle of a trial has the next one take the same try over', async () => {
    const claim = claimFor(`host-${randomUUID()}`);
    const reached = Promise.withResolvers<void>();
    const tries: number[] = [];
    const first = fakeHost(claim, {
      runTrial: async ({ try: number }) => {
        tries.push(number);
        reached.resolve();
        return untilCancelled();
      },
    });
    const second = fakeHost(claim, {
      runTrial: async ({ try: number }) => {
        tries.push(number);
        return PASSED;
      },
    });
    const handle = await start();
    await withWorkers(await hostWorkers(env, bundle, claim, first.activities), () => reached.promise);
    const result = await withWorkers(await hostWorkers(env, bundle, claim, second.activities), () => handle.result());
    expect(result.errors).toEqual([]);
    expect(tries).toEqual([1, 1, 1, 1, 1]);
    expect(second.calls).not.toContain('buildImages');
  });
});
