/** Finds the runs that a schedule missed before a run, from the server's record of due times. */
import type { Client } from '@temporalio/client';
import type { MissedRuns } from '../model/missed-runs.ts';
import type { RunRef } from '../model/run.ts';

const ANSWER_MS = 5_000;

/**
 * @returns for a run: null if no schedule started it, nothing was missed, or the server does not know. Times at which the
 * schedule was paused are counted too, because the server does not record when that was.
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
  // Before the schedule was created or changed, its present times do not apply.
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
