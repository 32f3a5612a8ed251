import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { type Attempt, activity } from '../../src/activities/attempt.ts';
import { PacelineError } from '../../src/model/failure.ts';

/** Runs `work` as an activity; `stop` ends it from outside once it is at work. */
async function run(
  work: (attempt: Attempt) => Promise<unknown>,
  stop?: ConstructorParameters<typeof ActivityCancellationDetails>[0],
  attempt = 1,
) {
  const environment = new MockActivityEnvironment({ attempt });
  const beats: unknown[] = [];
  environment.on('heartbeat', (beat: unknown) => beats.push(beat));
  const ended = environment
    .run(
      activity({ phase: 'preparing' }, async (_: null, given) => work(given)),
      null,
    )
    .then((value: unknown) => ({ value, error: undefined }))
    .catch((error: unknown) => ({ value: undefined, error }));
  if (stop !== undefined) environment.cancel('CANCELLED', new ActivityCancellationDetails(stop));
  return { ...(await ended), beats };
}

const aborted = (attempt: Attempt) =>
  new Promise<never>((_, reject) => {
    attempt.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

describe('an attempt', () => {
  it('says at its beginning what it does, and what it has come to', async () => {
    const { value, beats } = await run(async ({ beat }) => {
      beat({ phase: 'testing', note: 'Full Test Suite' });
      return 7;
    });
    expect(value).toBe(7);
    expect(beats).toEqual([{ phase: 'preparing' }, { phase: 'testing', note: 'Full Test Suite' }]);
  });

  it.each([
    [{ cancelRequested: true }, true],
    [{ paused: true }, false],
    [{ reset: true }, false],
    [{ timedOut: true }, false],
    [{ notFound: true }, false],
    [{ workerShutdown: true }, false],
  ] as const)('stopped by %j may take down: %s, and ends as cancelled, never with an AbortError', async (why, may) => {
    let allowed: boolean | undefined;
    const { error } = await run(async (attempt) => {
      try {
        return await aborted(attempt);
      } finally {
        allowed = attempt.cancelRequested();
      }
    }, why);
    expect(allowed).toBe(may);
    expect(error).toBeInstanceOf(CancelledFailure);
  });

  it.each([
    ['BuildFailed', true],
    ['EngineUnavailable', false],
  ] as const)('passes a problem of type %s on with its words; final: %s', async (type, nonRetryable) => {
    const problem = { type, what: 'It broke.', next: 'Mend it.' };
    const { error } = await run(async () => {
      throw new PacelineError(problem);
    });
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type, nonRetryable, details: [problem] });
  });

  it.each([
    [1, false],
    [5, true],
  ])('takes a defect at attempt %i for final: %s', async (number, final) => {
    const { error } = await run(
      async () => {
        throw new TypeError('x is undefined');
      },
      undefined,
      number,
    );
    expect(error instanceof ApplicationFailure && error.nonRetryable === true).toBe(final);
  });
});
