/** What activities that have not ended say of themselves: without these lines a run would only seem to stand still. */
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Heartbeat } from '../../model/activities.ts';

/** Once may be chance; what fails for the third time is worth a line. */
const WORTH_TELLING = 3;

export interface PendingLine {
  /** The same for what is worth one line alone, however often its words change. */
  readonly key: string;
  readonly text: string;
}

type Pending = NonNullable<Awaited<ReturnType<WorkflowHandle['describe']>>['raw']['pendingActivities']>[number];

export async function pendingActivities(handle: WorkflowHandle): Promise<readonly PendingLine[]> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).flatMap((activity) => [...failing(activity), ...waiting(activity)]);
}

/** What fails again and again and is still being tried. */
export function failing({ attempt, activityType, lastFailure }: Pending): readonly PendingLine[] {
  if ((attempt ?? 0) < WORTH_TELLING || !lastFailure) return [];
  const text = `\`${activityType?.name}\` fails and is tried again: ${lastFailure.message}`;
  return [{ key: text, text }];
}

/** What waits and says what for: a quiet machine. */
export function waiting({ activityId, heartbeatDetails }: Pending): readonly PendingLine[] {
  const [payload] = heartbeatDetails?.payloads ?? [];
  const beat = payload ? defaultPayloadConverter.fromPayload<Partial<Heartbeat> | null>(payload) : null;
  if (beat?.phase !== 'waiting' || !beat.note) return [];
  return [{ key: `${activityId} waits`, text: `Waiting ${beat.note}.` }];
}
