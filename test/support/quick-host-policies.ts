/** A silent host is found dead within seconds. */
import type { ActivityOptions } from '@temporalio/workflow';

export const PING: ActivityOptions = { scheduleToCloseTimeout: '1 second', retry: { maximumAttempts: 1 } };
export const WATCH = { intervalMs: 500, silentPings: 3 } as const;
