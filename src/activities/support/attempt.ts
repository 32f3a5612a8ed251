/**
 * One attempt of an activity: heartbeats while it works, tells work that must stop why, and puts what it throws in the
 * form in which Temporal passes it on.
 */
import { once } from 'node:events';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { beginningOf, boundedProblem, endOf } from '../../model/bounds.ts';
import { FAILURES, PacelineError } from '../../model/failure.ts';
import type { Heartbeat } from '../../model/activities.ts';
import { LET_GO, surroundings } from './surroundings.ts';

/** Often enough for a lost worker to be noticed well within the heartbeat timeout, and for a cancel to arrive at once. */
const HEARTBEAT_MS = 1_000;

export interface Attempt {
  /** Aborted when this attempt must stop, for any reason. */
  readonly signal: AbortSignal;
  /**
   * Only a requested cancel allows removing anything. On a time-out, a pause, a reset, a shutdown or an unknown activity
   * the attempt has only lost its claim: another attempt may already be using the same containers.
   */
  readonly cancelRequested: () => boolean;
  /** The server does not know this attempt any more: it was found timed out, or its run is closed. */
  readonly forgotten: () => boolean;
  /** What the next heartbeats say. */
  readonly beat: (heartbeat: Heartbeat) => void;
}

/** Makes an activity of `work`. @throws ApplicationFailure of a type of the failure table; CancelledFailure */
export function activity<I, O>(
  start: Heartbeat,
  work: (input: I, attempt: Attempt) => Promise<O>,
): (input: I) => Promise<O> {
  return async (input) => {
    // Captured here: in callbacks of sockets and child processes there is no activity context any more.
    const context = Context.current();
    let state = start;
    const around = surroundings.getStore();
    const beating = setInterval(() => context.heartbeat(state), HEARTBEAT_MS);
    const attempt: Attempt = {
      signal: context.cancellationSignal,
      cancelRequested: () => context.cancellationDetails?.cancelRequested === true,
      forgotten: () => context.cancellationDetails?.notFound === true,
      beat: (heartbeat) => {
        state = heartbeat;
        around?.noteStep(state);
        context.heartbeat(state);
      },
    };
    try {
      context.heartbeat(state);
      return await work(input, attempt);
    } catch (error) {
      // Never an AbortError: on a pause the server would refuse it, and the activity hang until its heartbeat timeout.
      if (attempt.signal.aborted) throw asCancelled(attempt.signal.reason);
      const explained = around === undefined ? error : await around.explain(error);
      if (explained === LET_GO) await untilAborted(attempt.signal);
      if (attempt.signal.aborted) throw asCancelled(attempt.signal.reason);
      throw asFailure(explained, context.info.attempt);
    } finally {
      clearInterval(beating);
    }
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function asCancelled(reason: unknown): Error {
  return reason instanceof CancelledFailure ? reason : new CancelledFailure('the attempt was stopped');
}

/** A defect may be a stumble, and a worker that is replaced costs attempts; one that stays must not be retried for a day. */
const ATTEMPTS_AT_A_DEFECT = 5;

/**
 * @param attempt which one it was, from 1
 * @returns what Temporal understands; the problem travels in the details, so the workflow can put it in the result
 */
export function asFailure(error: unknown, attempt = 1): Error {
  if (error instanceof PacelineError) {
    const failure = ApplicationFailure.create({
      type: error.problem.type,
      message: beginningOf(error.message),
      nonRetryable: !FAILURES[error.problem.type].retry,
      details: [boundedProblem(error.problem)],
      // Not the error itself, which would only be shown as a cause with the same message.
      ...(error.cause instanceof Error ? { cause: error.cause } : {}),
    });
    if (error.stack !== undefined) failure.stack = endOf(error.stack);
    return failure;
  }
  const defect = error instanceof Error ? error : new Error(String(error));
  defect.message = beginningOf(defect.message);
  if (attempt < ATTEMPTS_AT_A_DEFECT) return defect;
  return ApplicationFailure.create({ type: 'Internal', message: defect.message, nonRetryable: true, cause: defect });
}
