/** Shows schedules as text. */
import type { BenchmarkInput } from '../../model/activities.ts';
import type { Client, ScheduleDescription, ScheduleSummary } from '@temporalio/client';
import { BENCHMARK } from '../run/start.ts';
import { existing } from './change.ts';
import { whenText } from './when.ts';

export interface ScheduleRow {
  readonly id: string;
  readonly paused: boolean;
  readonly timeZone: string;
  /** ISO 8601; null for a paused schedule, and one without further times. */
  readonly nextRun: string | null;
  readonly note: string | null;
}

/** The schedules of benchmarks. */
export async function schedulesOf(client: Client): Promise<readonly ScheduleRow[]> {
  const rows: ScheduleRow[] = [];
  for await (const schedule of client.schedule.list()) {
    if (schedule.action?.workflowType === BENCHMARK) rows.push(row(schedule));
  }
  return rows;
}

/** One line each: id, state, next run, note. */
export async function listSchedules(client: Client): Promise<string> {
  const rows = (await schedulesOf(client)).map(({ id, paused, timeZone, nextRun, note }) => [
    id,
    paused ? 'paused' : 'active',
    nextRun === null ? '–' : timeText(new Date(nextRun), timeZone),
    note ?? '',
  ]);
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
    ['Benchmarks', inputText(inputOf(schedule))],
    ['Overlap', OVERLAPS[policies.overlap ?? 'SKIP'] ?? `policy ${policies.overlap}`],
    ['Late', `a run that was missed starts up to ${policies.catchupWindow / 3_600_000} h late, else it is skipped`],
    ['Next runs', nextRuns(schedule)],
    ['Last runs', info.recentActions.map(({ action }) => action.workflow.workflowId).join('\n') || 'none yet'],
    ['Skipped', `${info.numActionsSkippedOverlap} for overlap, ${info.numActionsMissedCatchupWindow} for being late`],
    ...(state.note ? [['Note', state.note] as const] : []),
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)}${value.replaceAll('\n', `\n${' '.repeat(12)}`)}\n`).join('');
}

/** What happens at a time at which the previous run is still running. */
const OVERLAPS: Readonly<Record<string, string>> = {
  SKIP: 'a run is skipped while the previous one is still running',
  BUFFER_ONE: 'one run waits for the previous one',
  BUFFER_ALL: 'runs wait for the previous one',
  CANCEL_OTHER: 'the previous run is cancelled',
  TERMINATE_OTHER: 'the previous run is terminated',
  ALLOW_ALL: 'runs overlap',
};

function row({ scheduleId, state, spec, info }: ScheduleSummary): ScheduleRow {
  const [next] = state.paused ? [] : info.nextActionTimes;
  return {
    id: scheduleId,
    paused: state.paused,
    timeZone: spec?.timezone ?? 'UTC',
    nextRun: next?.toISOString() ?? null,
    note: state.note || null,
  };
}

function nextRuns({ state, info, spec }: ScheduleDescription): string {
  if (state.paused) return 'none while it is paused';
  const times = info.nextActionTimes.slice(0, 3).map((date) => timeText(date, spec.timezone ?? 'UTC'));
  return times.join('\n') || 'none';
}

/** @returns e.g. "2026-11-30 04:00 Europe/Berlin (03:00 UTC)" */
export function timeText(date: Date, timeZone: string): string {
  const inZone = (zone: string) =>
    date.toLocaleString('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const utc = inZone('UTC');
  const isUtc = timeZone === 'UTC' || timeZone === '';
  return isUtc ? `${utc} UTC` : `${inZone(timeZone)} ${timeZone} (${utc.slice(-5)} UTC)`;
}

function inputOf({ action }: ScheduleDescription): unknown {
  return action.args?.[0] ?? null;
}

/** "/srv/shop at main", in words where the input is a benchmark of Paceline. */
function inputText(input: unknown): string {
  const { source, plan } = (input ?? {}) as Partial<BenchmarkInput>;
  if (source === undefined) return JSON.stringify(input);
  const where =
    'git' in source ? `${source.git}${source.path === undefined ? '' : `, directory ${source.path}`}` : source.path;
  return `${where}${source.ref === undefined ? '' : ` at ${source.ref}`}${plan === undefined ? '' : ', with a plan of its own'}`;
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
