/** Follows a run until it ends, and cancels it on request. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type WorkflowHandle, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { type FailureType, isProblem, PacelineError, type Problem } from '../../model/failure.ts';
import { PROGRESS_QUERY, type Progress } from '../../model/progress.ts';
import type { RunResult } from '../../model/result.ts';
import { upgradeResult } from '../../model/upgrade-result.ts';
import { grpcStatus } from '../../temporal-client/connect.ts';
import { ServerDisplaced } from '../../temporal/server-displaced.ts';
import type { Session } from '../../temporal/session.ts';
import { aborted } from '../signals.ts';
import { type Changes, changesOf } from './changes.ts';
import { untilAnswered } from './patience.ts';
import { pendingActivities } from './pending-activities.ts';
import type { StartedRun } from './start.ts';

/** Lower limit of the interval between two queries: each costs the measured machine a few milliseconds of CPU. */
const POLL_MS = 1_000;
const TROUBLE_POLL_MS = 5_000;
/** Limit for one answer. The worker or server may be restarting; the run continues, and the next poll asks again. */
const ANSWER_MS = 5_000;

/** How a run ended, as its follower sees it. */
export type RunEnd =
  | { readonly kind: 'judged'; readonly result: RunResult }
  /** It ended without a result: it was terminated, or no host claimed it. */
  | { readonly kind: 'withoutResult'; readonly problem: Problem; readonly cancelled: boolean }
  /** The server is no longer at its address. The run is in its database and continues when a server runs on it again. */
  | { readonly kind: 'serverGone' }
  /** Ctrl-C in an attached terminal: the run goes on. */
  | { readonly kind: 'detached' };

export interface FollowOptions {
  readonly onProgress: (progress: Progress) => void;
  /** Called once for each problem that repeats and for each thing that the run waits for. */
  readonly onTrouble: (line: string) => void;
  /** When aborted, the run is cancelled, and the function still waits for its result, unless it `detachesFrom` the run. */
  readonly stop: AbortSignal;
}

/** A run that another terminal started and another process works on is not this terminal's to cancel. */
export function detachesFrom(run: Pick<StartedRun, 'attached'>, session: Pick<Session, 'worker'>): boolean {
  return run.attached && session.worker === null;
}

/** Resolves when the run has ended, its server is gone, or this terminal has detached. @throws Error when the worker of this process fails */
export async function follow(session: Session, run: StartedRun, options: FollowOptions): Promise<RunEnd> {
  const handle = session.client.workflow.getHandle(run.workflowId, run.runId);
  const over = new AbortController();
  const latest: { progress: Progress | null } = { progress: null };
  const changes = changesOf(run, session.client);
  const watching = watch(handle, session, { changes, over: over.signal }, (progress) => {
    latest.progress = progress;
    options.onProgress(progress);
  });
  const worrying = tellTrouble(handle, session, over.signal, options.onTrouble);
  const detaches = detachesFrom(run, session);
  const cancelling = detaches ? Promise.resolve() : cancelWhen(options.stop, over.signal, handle, session);
  try {
    const end = await Promise.race([
      outcome(handle, session, { latest, over: over.signal }),
      workerFailed(session),
      ...(detaches ? [aborted(options.stop).then((): RunEnd => ({ kind: 'detached' }))] : []),
    ]);
    // Show also what started and ended since the last poll.
    const isOver = end.kind === 'judged' || end.kind === 'withoutResult';
    const last = isOver ? await query(handle, session) : null;
    if (last !== null) options.onProgress(last);
    return end;
  } finally {
    over.abort();
    await Promise.allSettled([watching, worrying, cancelling]);
  }
}

/** If the worker in this process fails, stop waiting: no other worker continues its tasks. */
async function workerFailed({ workerEnded }: Session): Promise<RunEnd> {
  try {
    await workerEnded;
  } catch (error) {
    if (error instanceof ServerDisplaced) return { kind: 'serverGone' };
    throw error;
  }
  throw new Error('The worker stopped while its run was running.');
}

async function outcome(
  handle: WorkflowHandle,
  session: Session,
  { latest, over }: { readonly latest: { readonly progress: Progress | null }; readonly over: AbortSignal },
): Promise<RunEnd> {
  try {
    const gone = session.holderEnded.then(() => 'gone' as const);
    const patience = { address: session.address, worksHere: session.worker !== null, over };
    const result = (await Promise.race([untilAnswered(() => handle.result(), patience), gone])) as RunResult | 'gone';
    return result === 'gone' ? { kind: 'serverGone' } : { kind: 'judged', result: upgradeResult(result) };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) {
      if (isServerGone(error) || !(await session.isOurServer())) return { kind: 'serverGone' };
      throw error instanceof WorkflowNotFoundError ? unknownThere(session.address, error) : error;
    }
    // A cancelled run has a result too, but Temporal reports it as cancelled and returns none.
    const progress = (await query(handle, session)) ?? latest.progress;
    if (progress?.result) return { kind: 'judged', result: upgradeResult(progress.result) };
    return { kind: 'withoutResult', problem: problemOf(error), cancelled: error.cause instanceof CancelledFailure };
  }
}

/** Asks only after the run has moved on. While tests run nothing is asked: the view counts the seconds itself. */
async function watch(
  handle: WorkflowHandle,
  session: Session,
  { changes, over }: { readonly changes: Changes; readonly over: AbortSignal },
  onProgress: (progress: Progress) => void,
): Promise<void> {
  while (!over.aborted) {
    const progress = await query(handle, session);
    if (progress !== null && !over.aborted) onProgress(progress);
    await sleep(POLL_MS, undefined, { signal: over }).catch(() => {});
    // Without an answer, or without a server that tells of changes, it is asked again.
    if (progress !== null) await changes.next(over).catch(() => {});
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

/** @returns null if there was no answer */
async function query(handle: WorkflowHandle, { client }: Session): Promise<Progress | null> {
  try {
    return await client.withDeadline(Date.now() + ANSWER_MS, () => handle.query<Progress>(PROGRESS_QUERY));
  } catch {
    return null;
  }
}

/** A server that is down, or has just closed the run, refuses. The request is repeated while the run is followed. */
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

/** gRPC's status code for an unreachable server. */
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
      what: `The Temporal server at ${address} no longer knows the run ${error.workflowId}.`,
      next: 'Its data was removed, or another server has taken its port. Run `paceline run` again: it attaches to the run if the run is known, else it starts a new one.',
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
  const look = 'Look at its history in the Temporal UI, or start a new run with `paceline run --fresh`.';
  if (cause instanceof TerminatedFailure) return { type, what: 'The run was terminated.', next: look };
  if (cause instanceof CancelledFailure) {
    return {
      type,
      what: 'The run was cancelled before anything was measured.',
      next: 'Start it again when you are ready.',
    };
  }
  return { type, what: `The run failed: ${cause?.message ?? 'no reason was given'}`, next: look };
}
