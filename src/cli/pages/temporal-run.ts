/** What the Temporal server says of a run: how its workflow stands, what its activities wait for, and its progress. */
import type { Client, WorkflowExecutionStatusName, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { PROGRESS_QUERY, type Progress } from '../../model/progress.ts';
import type { ClosedHow, Standing } from '../../report/live/run-now.ts';
import type { WorkflowRun } from '../../site/live-runs.ts';
import { workerServes } from '../../temporal/pollers.ts';
import { type Pending, pendingLines } from '../run/pending-activities.ts';

/** A page does not wait longer for an answer. */
const ANSWER_MS = 2_000;
/** A worker takes an activity within milliseconds. */
const TAKEN_MS = 10_000;
/** Temporal's PendingActivityState. */
const SCHEDULED = 1;
/** A worker that is there stays there for a while. */
const WORKER_EVERY_MS = 3_000;

export interface TemporalSays {
  readonly standing: Standing;
  /** The latest that the worker said; null before its first answer. */
  readonly progress: Progress | null;
  readonly progressIsOld: boolean;
  readonly troubles: readonly string[];
  readonly startedAt: string | null;
}

/** One run, from look to look: its worker is asked only after the workflow has moved on. */
export class TemporalRun {
  readonly #client: () => Promise<Client>;
  readonly #run: WorkflowRun;
  #progress: { readonly value: Progress; readonly historyLength: number } | null = null;
  #worker: { readonly serves: boolean; readonly atMs: number } | null = null;

  constructor(client: () => Promise<Client>, run: WorkflowRun) {
    this.#client = client;
    this.#run = run;
  }

  async look(nowMs: number): Promise<TemporalSays> {
    try {
      const client = await this.#client();
      const handle = client.workflow.getHandle(this.#run.workflowId, this.#run.runId);
      const { status, historyLength, raw, startTime } = await answered(client, () => handle.describe());
      const startedAt = startTime.toISOString();
      if (!isOpen(status.name)) return this.#says({ kind: 'closed', how: closedHow(status.name) }, { startedAt });
      const pending = raw.pendingActivities ?? [];
      const troubles = [...new Set(pendingLines(pending).map(({ text }) => text))];
      const serves = (await this.#workerServes(client, nowMs)) && !pending.some((each) => isLeft(each, nowMs));
      if (serves) await this.#ask(client, handle, historyLength);
      return this.#says({ kind: serves ? 'running' : 'waitsForWorker' }, { startedAt, troubles });
    } catch (error) {
      const how = error instanceof WorkflowNotFoundError ? ({ kind: 'closed', how: 'unknown' } as const) : null;
      return this.#says(how ?? { kind: 'serverSilent' }, {});
    }
  }

  #says(standing: Standing, more: Partial<Pick<TemporalSays, 'troubles' | 'startedAt'>>): TemporalSays {
    const progress = this.#progress?.value ?? null;
    return { standing, progress, progressIsOld: standing.kind !== 'running', troubles: [], startedAt: null, ...more };
  }

  /** Without an answer, what it said before is still shown. */
  async #ask(client: Client, handle: WorkflowHandle, historyLength: number): Promise<void> {
    if (this.#progress?.historyLength === historyLength) return;
    const value = await answered(client, () => handle.query<Progress>(PROGRESS_QUERY)).catch(() => null);
    if (value !== null) this.#progress = { value, historyLength };
  }

  async #workerServes(client: Client, nowMs: number): Promise<boolean> {
    if (this.#worker === null || nowMs - this.#worker.atMs > WORKER_EVERY_MS)
      this.#worker = { serves: await answered(client, () => workerServes(client, nowMs)), atMs: nowMs };
    return this.#worker.serves;
  }
}

function answered<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + ANSWER_MS, ask);
}

/** Whether an activity is for a host that does not take it. */
function isLeft({ state, scheduledTime }: Pending, nowMs: number): boolean {
  return Number(state) === SCHEDULED && nowMs - Number(scheduledTime?.seconds ?? nowMs / 1000) * 1000 > TAKEN_MS;
}

function isOpen(name: WorkflowExecutionStatusName): boolean {
  return name === 'RUNNING' || name === 'PAUSED';
}

const HOW: Partial<Record<WorkflowExecutionStatusName, ClosedHow>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timedOut',
};

function closedHow(name: WorkflowExecutionStatusName): ClosedHow {
  return HOW[name] ?? 'unknown';
}
