/** Creates a schedule, or updates an existing one. */
import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import { type BenchmarkInput, SHARED_QUEUE } from '../../model/activities.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { SourceSpec } from '../../model/run.ts';
import { BENCHMARK } from '../run/start.ts';
import { idPart } from '../run/workflow-id.ts';
import { timeText } from './show.ts';
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
 * @returns one sentence about the new state
 * @throws PacelineError WrongUsage for a wrong time
 */
export async function putSchedule(client: Client, request: ScheduleRequest): Promise<string> {
  const scheduleId = request.id ?? idPart(request.project);
  const options = scheduleOptions(request);
  try {
    await accepted(
      client.schedule.create({ ...options, scheduleId, memo: { paceline: 'benchmark', project: request.project } }),
    );
    return `Created schedule ${scheduleId}. ${await firstRun(client, scheduleId)}`;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  // Whether it is paused must not change here, and its note may give the reason.
  await accepted(
    client.schedule.getHandle(scheduleId).update(({ state }) => ({
      ...options,
      state: request.note === undefined ? state : { ...state, note: request.note },
    })),
  );
  return `Updated schedule ${scheduleId}. ${await firstRun(client, scheduleId)}`;
}

async function firstRun(client: Client, scheduleId: string): Promise<string> {
  const { state, info, spec } = await client.schedule.getHandle(scheduleId).describe();
  const [next] = info.nextActionTimes;
  if (state.paused) return 'It is paused.';
  return next === undefined ? 'It has no further run.' : `Next run: ${timeText(next, spec.timezone ?? 'UTC')}.`;
}

/** Only the server can check a cron expression. The SDK reports a refusal as a TypeError. */
async function accepted(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrongUsage(
      `The Temporal server rejected these times: ${error.message}.`,
      "Use for instance --at 04:00, or --cron '0 4 * * 1-5'.",
    );
  }
}

function scheduleOptions(request: ScheduleRequest): Omit<ScheduleOptions, 'scheduleId' | 'memo'> {
  const { project, source, note } = request;
  // No plan: the thresholds are those of the project's paceline.yml at the measured commit.
  const input: BenchmarkInput = { source };
  return {
    spec: scheduleSpec(request),
    action: {
      type: 'startWorkflow',
      workflowType: BENCHMARK,
      taskQueue: SHARED_QUEUE,
      // The server appends the time.
      workflowId: `benchmark/${idPart(project)}/scheduled`,
      args: [input],
      memo: { project },
      staticSummary: `scheduled benchmark **${project}**`,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      // The server's default is one year: a laptop that was off for a week would run seven nights at once.
      catchupWindow: request.catchUpHours * 3_600_000,
      pauseOnFailure: false,
    },
    state: note === undefined ? {} : { note },
  };
}
