/** Watches a run until it ends, and passes a wish to stop on to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type WorkflowHandle, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { FAILURES, type FailureType, PacelineError, type Problem } from '../../model/failure.ts';
import { PROGRESS_QUERY, type Progress } from '../../model/progress.ts';
import type { RunResult } from '../../model/result.ts';
import { upgradeResult } from '../../model/upgrade-result.ts';
import { grpcStatus } from '../../temporal-client/connect.ts';
import { ServerDisplaced } from '../../temporal/server-displaced.ts';
import type { Session } from '../../temporal/session.ts';
import { aborted } from '../signals.ts';
import { pendingActivities } from './pending-activities.ts';
import type { StartedRun } from './start.ts';

/** A query costs the measured machine a few milliseconds of CPU: not more often than this. */
const POLL_MS = 1_000;
const TROUBLE_POLL_MS = 5_000;
/** While nobody answers (the worker is being replaced, the server is away), the run goes on; it is asked again. */
const ANSWER_MS = 5_000;

/** How a run ended for who watched it. */
export type RunEnd =
  | { readonly kind: 'judged'; readonly result: RunResult }
  /** It ended without a result: terminated, or never claimed by a host. */
  | { readonly kind: 'withoutResult'; readonly problem: Problem; readonly cancelled: boolean }
  /** Its server does not serve there any more; the run is in its database and goes on once somebody serves again. */
  | { readonly kind: 'serverGone' };

export interface FollowOptions {
  readonly onProgress: (progress: Progress) => void;
  /** What fails again and again, and what is waited for, each once. */
  readonly onTrouble: (line: string) => void;
  /** When aborted the run is cancelled, and its result waited for. */
  readonly stop: AbortSignal;
}

/** @returns when the run has ended, or nobody serves it any more @throws Error when the worker of this process fails */
export async function follow(session: Session, run: StartedRun, options: FollowOptions): Promise<RunEnd> {
  const handle = session.client.workflow.getHandle(run.workflowId, run.runId);
  const over = new AbortController();
  const latest: { progress: Progress | null } = { progress: null };
  const watching = watch(handle, session, over.signal, (progress) => {
    latest.progress = progress;
    options.onProgress(progress);
  });
  const worrying = tellTrouble(handle, session, over.signal, options.onTrouble);
  const cancelling = cancelWhen(options.stop, over.signal, handle, session);
  try {
    const end = await Promise.race([outcome(handle, session, latest), workerFailed(session)]);
    // What began and ended since the last look is shown too.
    const last = end.kind === 'serverGone' ? null : await query(handle, session);
    if (last !== null) options.onProgress(last);
    return end;
  } finally {
    over.abort();
    await Promise.allSettled([watching, worrying, cancelling]);
  }
}

/** A worker in this process that fails ends the wait: nobody else would go on with its work. */
async function workerFailed({ workerEnded }: Session): Promise<RunEnd> {
  try {
    await workerEnded;
  } catch (error) {
    if (error instanceof ServerDisplaced) return { kind: 'serverGone' };
    throw error;
  }
  throw new Error('The worker stopped while its run was at work.');
}

async function outcome(
  handle: WorkflowHandle,
  session: Session,
  latest: { progress: Progress | null },
): Promise<RunEnd> {
  try {
    const gone = session.holderEnded.then(() => 'gone' as const);
    const result = (await Promise.race([handle.result(), gone])) as RunResult | 'gone';
    return result === 'gone' ? { kind: 'serverGone' } : { kind: 'judged', result: upgradeResult(result) };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) {
      if (isServerGone(error) || !(await session.itself())) return { kind: 'serverGone' };
      throw error instanceof WorkflowNotFoundError ? unknownThere(session.address, error) : error;
    }
    // A cancelled run has its result too, but Temporal shows it as cancelled and returns none.
    const progress = (await query(handle, session)) ?? latest.progress;
    if (progress?.result) return { kind: 'judged', result: upgradeResult(progress.result) };
    return { kind: 'withoutResult', problem: problemOf(error), cancelled: error.cause instanceof CancelledFailure };
  }
}

async function watch(
  handle: WorkflowHandle,
  session: Session,
  over: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  while (!over.aborted) {
    const progress = await query(handle, session);
    if (progress !== null && !over.aborted) onProgress(progress);
    await sleep(POLL_MS, undefined, { signal: over }).catch(() => {});
  }
}

async function tellTrouble(
  handle: WorkflowHandle,
  { client }: Session,
  over: AbortSignal,
  onTrouble: (line: string) => void,
): Promise<void> {
  const told = new Set<string>();
  const look = () => client.withDeadline(Date.now() + ANSWER_MS, () => pendingActivities(handle)).catch(() => []);
  while (!over.aborted) {
    await sleep(TROUBLE_POLL_MS, undefined, { signal: over }).catch(() => {});
    for (const { key, text } of over.aborted ? [] : await look()) {
      if (!told.has(key)) onTrouble(text);
      told.add(key);
    }
  }
}

/** @returns null when nobody answers now */
async function query(handle: WorkflowHandle, { client }: Session): Promise<Progress | null> {
  try {
    return await client.withDeadline(Date.now() + ANSWER_MS, () => handle.query<Progress>(PROGRESS_QUERY));
  } catch {
    return null;
  }
}

/** A server that is away, or has just closed the run, refuses: it is asked again for as long as the run is watched. */
async function cancelWhen(
  stop: AbortSignal,
  over: AbortSignal,
  handle: WorkflowHandle,
  { client }: Session,
): Promise<void> {
  await Promise.race([aborted(stop), aborted(over)]);
  while (!over.aborted) {
    try {
      await client.withDeadline(Date.now() + ANSWER_MS, () => handle.cancel());
      return;
    } catch {
      await sleep(POLL_MS, undefined, { signal: over }).catch(() => {});
    }
  }
}

/** gRPC's status code for a server that is not there. */
const UNAVAILABLE = 14;

function isServerGone(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (grpcStatus(cause) === UNAVAILABLE) return true;
  }
  return false;
}

function unknownThere(address: string, error: WorkflowNotFoundError): PacelineError {
  return new PacelineError(
    {
      type: 'Internal',
      what: `The Temporal server at ${address} does not know the run ${error.workflowId} any more.`,
      next: 'Its data was removed, or another server has taken its place; `paceline run` again goes on with the run where it is known, and else starts anew.',
    },
    { cause: error },
  );
}

function problemOf({ cause }: WorkflowFailedError): Problem {
  if (cause instanceof ApplicationFailure) {
    const [problem] = cause.details ?? [];
    if (isProblem(problem)) return problem;
  }
  const type: FailureType = 'Internal';
  const look = 'Its history in the Temporal UI tells more; start it again with `paceline run --fresh`.';
  if (cause instanceof TerminatedFailure) return { type, what: 'The run was terminated.', next: look };
  if (cause instanceof CancelledFailure) {
    return { type, what: 'The run was cancelled before anything was measured.', next: 'Start it again when you like.' };
  }
  return { type, what: `The run failed: ${cause?.message ?? 'for no reason that was given'}`, next: look };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'type' in value && (value.type as FailureType) in FAILURES;
}
