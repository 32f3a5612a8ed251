/** An attempt as Temporal sees it: the real activity context, with the cancels that a server sends. */
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { activity, type Attempt } from '../../../src/activities/support/attempt.ts';
import { FAILURES, type FailureType, PacelineError } from '../../../src/model/failure.ts';
import { mockActivity } from '../../support/mock-activity.ts';

type Cancel = ConstructorParameters<typeof ActivityCancellationDetails>[0];

/** Work that continues until it must stop, and then returns the reason. */
async function stopped(reason: string, details: Cancel) {
  const env = mockActivity();
  let told: Attempt | undefined;
  const running = env.run(
    activity({ phase: 'waiting' }, async (_: null, attempt) => {
      told = attempt;
      await new Promise<never>((_, reject) => {
        attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true });
      });
    }),
    null,
  );
  const ended = running.catch((error: unknown) => error);
  env.cancel(reason as Parameters<typeof env.cancel>[0], new ActivityCancellationDetails(details));
  return { error: await ended, attempt: told! };
}

describe('an attempt that must stop', () => {
  test('because of a cancel may remove containers', async () => {
    const { error, attempt } = await stopped('CANCELLED', { cancelRequested: true });
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(attempt.cancelRequested()).toBe(true);
  });

  test.each<[string, Cancel]>([
    ['NOT_FOUND', { notFound: true }],
    ['TIMED_OUT', { timedOut: true }],
    ['PAUSED', { paused: true }],
    ['RESET', { reset: true }],
    ['WORKER_SHUTDOWN', { workerShutdown: true }],
  ])('because of %s has merely lost its claim: it lets go', async (reason, details) => {
    const { error, attempt } = await stopped(reason, details);
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(attempt.cancelRequested()).toBe(false);
  });

  test('never ends as an AbortError of what it was waiting for, which a server would refuse on a pause', async () => {
    const env = mockActivity();
    const running = env.run(
      activity({ phase: 'waiting' }, async (_: null, { signal }) => {
        await new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        });
      }),
      null,
    );
    env.cancel('PAUSED', new ActivityCancellationDetails({ paused: true }));
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });
});

describe('heartbeats', () => {
  test('begin at once, say the last state, go on without a word from the work, and end with it', async () => {
    const env = mockActivity();
    const beats: unknown[] = [];
    const again = Promise.withResolvers<void>();
    env.on('heartbeat', (details: unknown) => {
      beats.push(details);
      // The third: the start, the state that the work gave, and one that came by itself.
      if (beats.length === 3) again.resolve();
    });
    await env.run(
      activity({ phase: 'waiting' }, async (_: null, { beat }) => {
        beat({ phase: 'testing', note: 'All' });
        await again.promise;
      }),
      null,
    );
    expect(beats).toEqual([{ phase: 'waiting' }, { phase: 'testing', note: 'All' }, { phase: 'testing', note: 'All' }]);
  });
});

describe('what an activity throws', () => {
  const thrownBy = (error: unknown, attempt = 1): Promise<unknown> =>
    mockActivity({ attempt })
      .run(
        activity({ phase: 'waiting' }, async () => {
          throw error;
        }),
        null,
      )
      .catch((thrown: unknown) => thrown);

  test.each(Object.entries(FAILURES) as [FailureType, { retry: boolean }][])(
    '%s arrives with its type and problem, and with the retry of the table: %j',
    async (type, { retry }) => {
      const problem = { type, what: 'It broke.', next: 'Fix it.' };
      const thrown = (await thrownBy(new PacelineError(problem))) as ApplicationFailure;
      expect(thrown).toBeInstanceOf(ApplicationFailure);
      expect(thrown).toMatchObject({ type, message: 'It broke. Fix it.', nonRetryable: !retry, details: [problem] });
      expect(thrown.cause).toBeUndefined();
    },
  );

  test('keeps the reason below a problem', async () => {
    const cause = new Error('ENOSPC');
    const error = new PacelineError({ type: 'DiskFull', what: 'The disk is full.', next: 'Free some.' }, { cause });
    expect(await thrownBy(error)).toMatchObject({ cause });
  });

  test('a defect may be tried again a few times, and then ends', async () => {
    expect(await thrownBy(new TypeError('x is undefined'), 4)).toBeInstanceOf(TypeError);
    expect(await thrownBy(new TypeError('x is undefined'), 5)).toMatchObject({
      type: 'Internal',
      nonRetryable: true,
      message: 'x is undefined',
    });
  });

  test('a thrown value that is not an error becomes one', async () => {
    expect(await thrownBy('a text')).toMatchObject({ message: 'a text' });
  });
});
