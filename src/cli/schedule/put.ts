/** Creates a schedule, or updates it in place. */
import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import { type BenchmarkInput, SHARED_QUEUE } from '../../model/activities.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { SourceSpec } from '../../model/run.ts';
import { BENCHMARK } from '../run/start.ts';
import { idPart } from '../run/workflow-id.ts';
import { scheduleSpec } from './times.ts';

export interface ScheduleRequest {
  readonly project: string;
  readonly source: SourceSpec;
  readonly id?: string | undefined;
  readonly at?: string | undefined;
  readonly cron?: string | undefined;
  readonly timeZone: string;
  readonly catchUpHours: number;
  readonly note?: string | undefined;
}

/**
 * @returns one sentence: what there is now
 * @throws PacelineError WrongUsage for a wrong time
 */
export async function putSchedule(client: Client, request: ScheduleRequest): Promise<string> {
  const scheduleId = request.id ?? idPart(request.project);
  const options = scheduleOptions(request);
  try {
    await accepted(
      client.schedule.create({ ...options, scheduleId, memo: { paceline: 'benchmark', project: request.project } }),
    );
    return `Created schedule ${scheduleId}; \`paceline schedule describe ${scheduleId}\` shows its next runs.`;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  // Whether it is paused is not this command's to change, and its note tells why it is.
  await accepted(
    client.schedule.getHandle(scheduleId).update(({ state }) => ({
      ...options,
      state: request.note === undefined ? state : { ...state, note: request.note },
    })),
  );
  return `Updated schedule ${scheduleId}; \`paceline schedule describe ${scheduleId}\` shows its next runs.`;
}

/** What stands in a cron line only the server reads; the SDK passes its refusal on as a TypeError. */
async function accepted(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrongUsage(
      `The server refuses these times: ${error.message}.`,
      "Give for instance --at 04:00, or --cron '0 4 * * 1-5'.",
    );
  }
}

function scheduleOptions(request: ScheduleRequest): Omit<ScheduleOptions, 'scheduleId' | 'memo'> {
  const { project, source, note } = request;
  // No plan: thresholds are those of the project's own file at the commit that is measured.
  const input: BenchmarkInput = { source };
  return {
    spec: scheduleSpec(request),
    action: {
      type: 'startWorkflow',
      workflowType: BENCHMARK,
      taskQueue: SHARED_QUEUE,
      // The server adds the time.
      workflowId: `benchmark/${idPart(project)}/scheduled`,
      args: [input],
      memo: { project },
      staticSummary: `scheduled benchmark **${project}**`,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      // The server's default is a year: a laptop that was off for a week would replay seven nights.
      catchupWindow: request.catchUpHours * 3_600_000,
      pauseOnFailure: false,
    },
    state: note === undefined ? {} : { note },
  };
}
