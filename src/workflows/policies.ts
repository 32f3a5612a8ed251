/** Timeouts and retries of every activity, each with its reason. */
import { ActivityCancellationType, type ActivityOptions, type RetryPolicy } from '@temporalio/workflow';
import { FAILURES, type FailureType } from '../model/failure.ts';
import { HEARTBEAT_TIMEOUT } from './heartbeat.ts';

/** Failures that another attempt cannot fix end the activity at once. */
const nonRetryableErrorTypes = (Object.keys(FAILURES) as FailureType[]).filter((type) => !FAILURES[type].retry);

/** A worker that stops costs an attempt each time, so attempts are bounded by time and not by number. */
const retry: RetryPolicy = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '15s',
  nonRetryableErrorTypes,
};

/**
 * For what drives the engine. WAIT_CANCELLATION_COMPLETED is not the real default (sdk-typescript#2442) and without it a
 * cancelled workflow would close while its containers live on. No scheduleToStart anywhere, because it would count the time
 * in the queue.
 */
const engineBound = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry,
} satisfies ActivityOptions;

/** Any worker may answer; the bound is how long a run waits for one to be there at all, such as over a night. */
export const CLAIM: ActivityOptions = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '1 day',
  retry: { ...retry, maximumInterval: '5s' },
};

/** Steps on the control queue take seconds; the bound is how long a run outlives the worker that it waits for. */
export const CONTROL: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

/** Builds wait for the whole host; a day bounds a queue of many runs and a build that never ends. */
export const BUILD: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

export const STARTUP: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

/** The suite's own deadline counts from its container's start, inside the activity; this bound only ends the hopeless. */
export const TRIAL: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

/** After a cancel the user is waiting: what cannot be cleaned up in this time is left to the reaper. */
export const CLEAN_UP: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '10 minutes' };
