/** How a host is watched. In its own file, so that a test can be quicker. */
import type { ActivityOptions } from '@temporalio/workflow';

/** A live worker answers a ping in milliseconds, since its control queue is never behind a trial. */
export const PING: ActivityOptions = { scheduleToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } };

/** How often a host is asked whether it is alive, and how many silent answers in a row make it dead. */
export const WATCH = { intervalMs: 60_000, silentPings: 3 } as const;
