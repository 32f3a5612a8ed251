/** Start and end of each activity of a run, by the server's clock: what a run spends its time on. */
import { Client, Connection } from '@temporalio/client';
import { readServing } from '../../../src/data/serving.ts';

export interface ActivityTime {
  readonly type: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** @param dataDirectory of a running `paceline up` @returns the activities in the order of their scheduling */
export async function activityTimes(
  dataDirectory: string,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<{ readonly activities: readonly ActivityTime[]; readonly startedMs: number; readonly endedMs: number }> {
  const serving = await readServing(dataDirectory);
  if (serving === null) throw new Error(`no Paceline server is running for ${dataDirectory}`);
  const connection = await Connection.connect({ address: serving.address });
  try {
    const client = new Client({ connection, namespace: serving.namespace });
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const all = events ?? [];
    const scheduled = all.filter((event) => event.activityTaskScheduledEventAttributes);
    const activities = scheduled.flatMap((event) => {
      const id = String(event.eventId);
      const of = (key: 'activityTaskStartedEventAttributes' | 'activityTaskCompletedEventAttributes') =>
        all.find((other) => String(other[key]?.scheduledEventId) === id);
      const [started, ended] = [of('activityTaskStartedEventAttributes'), of('activityTaskCompletedEventAttributes')];
      if (started === undefined || ended === undefined) return [];
      const type = event.activityTaskScheduledEventAttributes?.activityType?.name ?? '';
      return [{ type, startedMs: msOf(started), endedMs: msOf(ended) }];
    });
    return { activities, startedMs: msOf(all[0]!), endedMs: msOf(all.at(-1)!) };
  } finally {
    await connection.close();
  }
}

function msOf({ eventTime }: { readonly eventTime?: { seconds?: unknown; nanos?: number | null } | null }): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
}
