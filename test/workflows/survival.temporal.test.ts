/** Every type of failure, a cancel in every activity, and a worker that falls silent, on a real server. */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asFailure } from '../../src/activities/support/attempt.ts';
import type { BenchmarkActivities } from '../../src/model/activities.ts';
import { FAILURES, type FailureType, PacelineError } from '../../src/model/failure.ts';
import { PROGRESS_QUERY, type Progress } from '../../src/model/progress.ts';
import type { RunResult } from '../../src/model/result.ts';
import type { RunRef } from '../../src/model/run.ts';
import { fakeHost, PASSED, untilCancelled } from '../support/fake-activities.ts';
import { ownNamespace, sharedBundle } from '../support/shared-temporal.ts';
import { claimFor, hostWorkers, withWorkers } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
const bundle = sharedBundle();

beforeAll(async () => {
  env = await ownNamespace();
});
afterAll(() => env.teardown());

async function start(path: string) {
  return env.client.workflow.start('benchmark', {
    workflowId: `benchmark/fake/${randomUUID()}`,
    taskQueue: 'paceline',
    args: [{ source: { path } }],
  });
}

async function onHost<T>(
  overrides: Partial<BenchmarkActivities>,
  work: () => Promise<T>,
  workflows = bundle,
): Promise<T> {
  const claim = claimFor(`host-${randomUUID()}`);
  const { activities } = fakeHost(claim, overrides);
  return withWorkers(await hostWorkers(env, workflows, claim, activities), work);
}

describe('each type of failure', () => {
  it('is retried if another attempt may fix it, and is otherwise the error of the result', async () => {
    const types = Object.keys(FAILURES) as FailureType[];
    const attempts = new Map<string, number>();
    const results = await onHost(
      {
        prepareSource: async ({ source }) => {
          const type = ('path' in source ? source.path.slice(1) : '') as FailureType;
          const attempt = (attempts.get(type) ?? 0) + 1;
          attempts.set(type, attempt);
          if (attempt === 1) throw asFailure(new PacelineError({ type, what: `It is ${type}.`, next: 'Wait.' }));
          return { origin: '/fake', directory: '/fake', commit: null, branch: null, dirty: null };
        },
      },
      async () => {
        const handles = await Promise.all(types.map((type) => start(`/${type}`)));
        return Promise.all(handles.map(async (handle) => (await handle.result()) as RunResult));
      },
    );
    const told = types.map((type, index) => ({
      type,
      attempts: attempts.get(type),
      errors: results[index]!.errors.map((error) => error.type),
    }));
    expect(told).toEqual(
      types.map((type) =>
        FAILURES[type].retry ? { type, attempts: 2, errors: [] } : { type, attempts: 1, errors: [type] },
      ),
    );
  });
});

describe('a cancel', () => {
  const BEFORE = ['openRun', 'reap', 'preflight', 'prepareSource', 'resolvePlan', 'buildImages', 'startServices'];
  const DURING = ['runTrial', 'nextTrials'];
  const AFTER = ['cleanUpRun', 'analyze', 'publish'];

  /** Each run hangs in the activity that its path names. @returns its state, and the verdict of its result */
  async function cancelledIn(names: readonly string[]) {
    const paths = new Map<string, string>();
    const reached = new Map(names.map((name) => [name, Promise.withResolvers<void>()]));
    const released = Promise.withResolvers<void>();
    const hangs = async (name: string, { run }: { readonly run: RunRef }) => {
      if (paths.get(run.runId) !== name) return;
      paths.delete(run.runId);
      reached.get(name)!.resolve();
      // What concludes a run is not cancelled by it.
      await (AFTER.includes(name) ? released.promise : untilCancelled());
    };
    const fake = fakeHost(claimFor('unused')).activities as unknown as Record<
      string,
      (input: never) => Promise<unknown>
    >;
    const overrides = Object.fromEntries(
      [...BEFORE, ...DURING, ...AFTER].map((name) => [
        name,
        async (input: { run: RunRef; source?: { path: string } }) => {
          if (name === 'openRun' && !paths.has(input.run.runId))
            paths.set(input.run.runId, input.source!.path.slice(1));
          await hangs(name, input);
          return fake[name]!(input as never);
        },
      ]),
    ) as Partial<BenchmarkActivities>;
    return onHost(overrides, async () => {
      const handles = await Promise.all(names.map((name) => start(`/${name}`)));
      await Promise.all([...reached.values()].map(({ promise }) => promise));
      await Promise.all(handles.map((handle) => handle.cancel()));
      released.resolve();
      return Promise.all(
        handles.map(async (handle, index) => {
          await handle.result().catch(() => {});
          const { result } = await handle.query<Progress>(PROGRESS_QUERY);
          return { in: names[index], state: (await handle.describe()).status.name, verdict: result?.verdict };
        }),
      );
    });
  }

  it('in any activity that prepares or measures ends the run as cancelled, judged and published', async () => {
    const names = [...BEFORE.slice(1), ...DURING];
    expect(await cancelledIn(names)).toEqual(
      names.map((name) => ({ in: name, state: 'CANCELLED', verdict: 'cancelled' })),
    );
  });

  it('that comes when the run is being concluded changes nothing of it any more', async () => {
    const ends = await cancelledIn(AFTER);
    expect(ends.map(({ state }) => state)).toEqual(AFTER.map(() => 'COMPLETED'));
    expect(ends.map(({ verdict }) => verdict)).not.toContain('cancelled');
  });

  it('before any host was found ends the run at once, with nothing to conclude', async () => {
    const handle = await start('/fake');
    await handle.cancel();
    const state = await onHost({}, async () => {
      await handle.result().catch(() => {});
      return (await handle.describe()).status.name;
    });
    expect(state).toBe('CANCELLED');
  });
});

describe('a worker that falls silent in the middle of a trial', () => {
  it('loses it to the next attempt of the same try, however long it itself goes on', async () => {
    const over = Promise.withResolvers<void>();
    const seen: { try: number; attempt: number }[] = [];
    const result = await onHost(
      {
        runTrial: async ({ try: number }) => {
          const { attempt } = Context.current().info;
          seen.push({ try: number, attempt });
          // No heartbeat, as of a process that hangs.
          if (seen.length === 1) await over.promise;
          return PASSED;
        },
      },
      async () => {
        const ended = (await (await start('/fake')).result()) as RunResult;
        over.resolve();
        return ended;
      },
      sharedBundle('quickHeartbeats'),
    );
    expect(seen.slice(0, 2)).toEqual([
      { try: 1, attempt: 1 },
      { try: 1, attempt: 2 },
    ]);
    expect(result.errors).toEqual([]);
  });
});
