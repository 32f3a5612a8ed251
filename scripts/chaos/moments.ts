/** Detects from outside whether a moment of a run has come: by the server, the files, the store and the engine's events. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { LABELS } from '../../src/docker/engine/labels.ts';
import type { RunRef } from '../../src/model/run.ts';
import type { Moment } from './points.ts';
import type { World } from './world.ts';

export interface Played {
  readonly world: World;
  readonly handle: WorkflowHandle;
  readonly run: RunRef;
  readonly startedMs: number;
  /** How long the undisturbed run takes. */
  readonly undisturbedSeconds: number;
}

const LOOK_MS = 25;

/** @returns whether it came before the run had ended */
export async function untilMoment(played: Played, moment: Moment): Promise<boolean> {
  for (;;) {
    if (await hasCome(played, moment)) return true;
    if (await isClosed(played)) return false;
    await sleep(LOOK_MS);
  }
}

async function hasCome(played: Played, moment: Moment): Promise<boolean> {
  const { world, run } = played;
  switch (moment.kind) {
    case 'scheduled':
    case 'completed':
      return (await activities(played))[moment.kind].includes(moment.activity);
    case 'phase':
      return (await pending(played)).some(
        ({ activity, phase }) => activity === moment.activity && phase === moment.phase,
      );
    case 'file':
      return exists(world.runFolder(run.runId), moment.path.split('/'));
    case 'rows': {
      const rows = world.query(`select 1 from ${moment.table} where run_id = ?`, run.runId);
      return rows.length >= moment.count;
    }
    case 'event':
      return world.watch.seen().some(({ action, attributes }) => {
        const tests = attributes['com.docker.compose.oneoff'] === 'True' && attributes[LABELS.trial] !== undefined;
        return action === moment.action && tests === (moment.of === 'tests');
      });
    case 'time':
      return performance.now() - played.startedMs >= moment.share * played.undisturbedSeconds * 1000;
  }
}

function exists(folder: string, [first = '', ...rest]: readonly string[]): boolean {
  const [before, after] = first.split('*') as [string, string | undefined];
  const fits = (name: string) =>
    after === undefined ? name === first : name.startsWith(before) && !name.includes('.lost-');
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return false;
  }
  return names.filter(fits).some((name) => rest.length === 0 || exists(join(folder, name), rest));
}

export interface Pending {
  readonly id: string;
  readonly activity: string;
  readonly attempt: number;
  readonly phase: string | null;
  readonly startedMs: number;
  readonly heartbeatMs: number;
  readonly failure: string | null;
}

/** Activities that are scheduled and not closed. Empty while the server does not answer. */
export async function pending({ handle }: Played): Promise<readonly Pending[]> {
  try {
    const { raw } = await handle.describe();
    return (raw.pendingActivities ?? []).map((activity) => ({
      id: activity.activityId ?? '',
      activity: activity.activityType?.name ?? '',
      attempt: activity.attempt ?? 0,
      phase: phaseIn(activity.heartbeatDetails?.payloads?.[0]?.data),
      startedMs: milliseconds(activity.lastStartedTime),
      heartbeatMs: milliseconds(activity.lastHeartbeatTime),
      failure: activity.lastFailure?.message ?? null,
    }));
  } catch {
    return [];
  }
}

function phaseIn(data: Uint8Array | null | undefined): string | null {
  if (data === null || data === undefined) return null;
  return (JSON.parse(Buffer.from(data).toString('utf8')) as { phase?: string } | null)?.phase ?? null;
}

function milliseconds(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return time == null ? 0 : Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6;
}

/** Activities, from the events of the history. */
export async function activities({ handle }: Pick<Played, 'handle'>) {
  const scheduled: string[] = [];
  const completed: string[] = [];
  try {
    const byEvent = new Map<string, string>();
    for (const event of (await handle.fetchHistory()).events ?? []) {
      const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
      if (name != null) {
        byEvent.set(String(event.eventId), name);
        scheduled.push(name);
      }
      const of = event.activityTaskCompletedEventAttributes?.scheduledEventId;
      if (of != null) completed.push(byEvent.get(String(of)) ?? '');
    }
  } catch {
    // Without an answer nothing is known.
  }
  return { scheduled, completed };
}

/** The run's state; `unknown` while the server does not answer. */
export async function statusOf({ handle }: Pick<Played, 'handle'>): Promise<string> {
  try {
    return (await handle.describe()).status.name;
  } catch {
    return 'unknown';
  }
}

export async function isClosed(played: Pick<Played, 'handle'>): Promise<boolean> {
  return !['RUNNING', 'PAUSED', 'unknown'].includes(await statusOf(played));
}
