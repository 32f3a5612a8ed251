/** What a schedule left out before a run, by the server's own account of when it was due. */
import type { Client } from '@temporalio/client';
import type { MissedRuns } from '../model/missed-runs.ts';
import type { RunRef } from '../model/run.ts';

const ANSWER_MS = 5_000;

/**
 * @returns for a run: null where no schedule started it, it left nothing out, or the server does not say. Times at which the
 * schedule was paused count as well, since the server does not remember when that was.
 */
export function missedRuns(client: Client): (run: RunRef) => Promise<MissedRuns | null> {
  return async (run) => {
    try {
      return await client.withDeadline(Date.now() + ANSWER_MS, () => missedBefore(client, run));
    } catch {
      return null;
    }
  };
}

async function missedBefore(client: Client, { workflowId, runId }: RunRef): Promise<MissedRuns | null> {
  const { searchAttributes } = await client.workflow.getHandle(workflowId, runId).describe();
  const [scheduleId] = (searchAttributes['TemporalScheduledById'] ?? []) as string[];
  const [due] = (searchAttributes['TemporalScheduledStartTime'] ?? []) as Date[];
  if (scheduleId === undefined || due === undefined) return null;
  const { info } = await client.schedule.getHandle(scheduleId).describe();
  const earlier = info.recentActions.map(({ scheduledAt }) => scheduledAt.getTime()).filter((at) => at < due.getTime());
  // Before it was made or changed, the schedule as it is now was due at no time.
  const sinceMs = Math.max(info.createdAt.getTime(), info.lastUpdatedAt?.getTime() ?? 0, ...earlier);
  const { startTime } = await client.workflowService.listScheduleMatchingTimes({
    namespace: client.options.namespace,
    scheduleId,
    startTime: timestamp(sinceMs),
    endTime: timestamp(due.getTime()),
  });
  const missedMs = startTime
    .map(({ seconds, nanos }) => Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6)
    .filter((at) => at > sinceMs && at < due.getTime());
  if (missedMs.length === 0) return null;
  return { scheduleId, count: missedMs.length, lastDueAt: new Date(Math.max(...missedMs)).toISOString() };
}

function timestamp(ms: number) {
  return { seconds: Math.floor(ms / 1000) as never, nanos: (ms % 1000) * 1e6 };
}
