/** Explains activities that take long. Without these lines a run would seem to hang. */
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Heartbeat } from '../../model/activities.ts';

/** One failure can be chance. The third one is reported. */
const WORTH_TELLING = 3;

export interface PendingLine {
  /** Identifies lines that are shown only once, even if their text changes. */
  readonly key: string;
  readonly text: string;
}

export type Pending = NonNullable<Awaited<ReturnType<WorkflowHandle['describe']>>['raw']['pendingActivities']>[number];

export async function pendingActivities(handle: WorkflowHandle): Promise<readonly PendingLine[]> {
  const { raw } = await handle.describe();
  return pendingLines(raw.pendingActivities ?? []);
}

export function pendingLines(pending: readonly Pending[]): readonly PendingLine[] {
  return pending.flatMap((activity) => [...failing(activity), ...waiting(activity)]);
}

/** Activities that fail repeatedly and are still retried. */
export function failing({ attempt, activityType, lastFailure }: Pending): readonly PendingLine[] {
  if ((attempt ?? 0) < WORTH_TELLING || !lastFailure) return [];
  const text = `\`${activityType?.name}\` fails and is retried: ${lastFailure.message}`;
  return [{ key: text, text }];
}

/** Activities that wait for a quiet machine. */
export function waiting({ activityId, heartbeatDetails }: Pending): readonly PendingLine[] {
  const [payload] = heartbeatDetails?.payloads ?? [];
  const beat = payload ? defaultPayloadConverter.fromPayload<Partial<Heartbeat> | null>(payload) : null;
  if (beat?.phase !== 'waiting' || !beat.note) return [];
  return [{ key: `${activityId} waits`, text: `Waiting ${beat.note}.` }];
}
