/** Shows schedules as text. */
import type { Client, ScheduleDescription, ScheduleSummary } from '@temporalio/client';
import { BENCHMARK } from '../run/start.ts';
import { existing } from './change.ts';
import { whenText } from './when.ts';

/** One line each: id, state, next run, note. */
export async function listSchedules(client: Client): Promise<string> {
  const rows: string[][] = [];
  for await (const schedule of client.schedule.list()) {
    if (schedule.action?.workflowType === BENCHMARK) rows.push(row(schedule));
  }
  if (rows.length === 0) return 'No schedules. Create one with `paceline schedule create --at 04:00`.\n';
  return aligned([['ID', 'STATE', 'NEXT RUN', 'NOTE'], ...rows]);
}

/** The input, the times, and the ids of the last runs. */
export async function describeSchedule(client: Client, id: string): Promise<string> {
  const schedule = await existing(id, client.schedule.getHandle(id).describe());
  const { info, policies, state } = schedule;
  const rows: (readonly [string, string])[] = [
    ['Schedule', schedule.scheduleId],
    ['State', state.paused ? 'paused' : 'active'],
    ['When', whenText(schedule.spec)],
    ['Benchmarks', JSON.stringify(inputOf(schedule))],
    [
      'Overlap',
      `${(policies.overlap ?? 'SKIP').toLowerCase()}; missed runs are started within ${policies.catchupWindow / 3_600_000} h`,
    ],
    ['Next runs', times(info.nextActionTimes.slice(0, 3)) || 'none'],
    ['Last runs', info.recentActions.map(({ action }) => action.workflow.workflowId).join('\n') || 'none yet'],
    ['Skipped', `${info.numActionsSkippedOverlap} for overlap, ${info.numActionsMissedCatchupWindow} for being late`],
    ...(state.note ? [['Note', state.note] as const] : []),
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)}${value.replaceAll('\n', `\n${' '.repeat(12)}`)}\n`).join('');
}

function row({ scheduleId, state, info }: ScheduleSummary): string[] {
  return [scheduleId, state.paused ? 'paused' : 'active', times(info.nextActionTimes.slice(0, 1)), state.note ?? ''];
}

function inputOf({ action }: ScheduleDescription): unknown {
  return action.args?.[0] ?? null;
}

function times(dates: readonly Date[]): string {
  return dates
    .map((date) => date.toISOString().replace('T', ' ').slice(0, 16))
    .map((time) => `${time} UTC`)
    .join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
