/** Starts a workflow other than a benchmark, follows it to its end, and returns its own result. */
import type { Client } from '@temporalio/client';
import { SHARED_QUEUE } from '../../model/activities.ts';
import { PacelineError } from '../../model/failure.ts';
import type { Session } from '../../temporal/session.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { follow } from './follow.ts';
import { pageDetails, pageOf } from './start.ts';
import { progressView } from './view.ts';
import { withSession } from './with-session.ts';

export interface WatchedWorkflow {
  /** The name of the export in src/workflows/index.ts. */
  readonly type: string;
  readonly workflowId: string;
  /** @param worker of this process: a path is valid on its host only */
  readonly inputOn: (worker: Session['worker']) => unknown;
  readonly memo: NonNullable<Parameters<Client['workflow']['start']>[1]['memo']>;
  readonly staticSummary: string;
}

export interface WatchOptions {
  readonly dataDirectory: string;
  readonly ports: { readonly port?: number | undefined; readonly uiPort?: number | undefined };
  readonly json: boolean;
  /** What is followed: `comparison`. */
  readonly noun: string;
  readonly io: Io;
  readonly ending: Ending;
}

/** @returns null if it was cancelled. @throws PacelineError if it failed, and those of openSession */
export async function watchWorkflow<Result>(workflow: WatchedWorkflow, options: WatchOptions): Promise<Result | null> {
  const { dataDirectory, ports, json, noun, io, ending } = options;
  const view = progressView(io, { json, legacyOutput: false });
  const { end } = await withSession({
    dataDirectory,
    ports,
    view,
    io,
    ending,
    noun,
    begin: async ({ client, worker, pagesUrl }) => {
      const { type, workflowId, inputOn, memo, staticSummary } = workflow;
      const args = [inputOn(worker)];
      const handle = await client.workflow.start(type, {
        taskQueue: SHARED_QUEUE,
        workflowId,
        args,
        memo,
        staticSummary,
        ...pageDetails(pagesUrl, workflowId),
      });
      view.line(`${noun.slice(0, 1).toUpperCase()}${noun.slice(1)} ${handle.workflowId}`);
      if (pagesUrl !== null) view.line(`Page  ${pageOf(pagesUrl, handle.workflowId)}`);
      return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, attached: false };
    },
    watch: (session, started, stop) =>
      follow(session, started, {
        onProgress: (progress) => view.show(progress),
        onTrouble: (line) => view.line(line),
        stop,
      }),
  });
  if (end.kind === 'stopped' || end.kind === 'detached') return null;
  // The workflow returns its own kind of result, which passes through as it is.
  if (end.kind === 'judged') return end.result as unknown as Result;
  if (end.cancelled) return null;
  throw new PacelineError(end.problem);
}
