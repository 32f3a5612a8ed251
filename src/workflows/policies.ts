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
 * For activities that use the engine. WAIT_CANCELLATION_COMPLETED is not the real default (sdk-typescript#2442).
 * Without it, a cancelled workflow would close while its containers still run. There is no scheduleToStart anywhere,
 * because it would count the time in the queue.
 */
const engineBound = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry,
} satisfies ActivityOptions;

/** Any worker may answer. The limit is how long a run waits for a worker to exist at all, for example over a night. */
export const CLAIM: ActivityOptions = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '1 day',
  retry: { ...retry, maximumInterval: '5s' },
};

/** Steps on the control queue take seconds. The limit is how long a run waits for its worker to come back. */
export const CONTROL: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

/** Builds wait for the whole host. A day is the limit for a long queue of runs, and for a build that never ends. */
export const BUILD: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

export const STARTUP: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

/**
 * The suite's own deadline counts from its container's start, inside the activity. This limit only ends hopeless cases.
 */
export const TRIAL: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '1 day' };

/**
 * A receiver of notifications that is down for a minute gets them late. The run's end waits for it, so the limit is short. Twelve
 * attempts fit in it. An attempt takes ten seconds at most, and a minute if it has to deliver several events.
 */
export const NOTIFY: ActivityOptions = {
  ...engineBound,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '3 minutes',
};

/** After a cancel the user is waiting. The reaper removes what cannot be cleaned up in this time. */
export const CLEAN_UP: ActivityOptions = { ...engineBound, scheduleToCloseTimeout: '10 minutes' };
