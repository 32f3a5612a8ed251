/** Waits until a run has moved on, without asking its worker: the Temporal server answers when the history has grown. */
import type { Client } from '@temporalio/client';
import { aborted } from '../signals.ts';
import type { StartedRun } from './start.ts';

type HistoryPage = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;

export interface Changes {
  /**
   * Resolves when the workflow has done something since the last call. What it shows changes at no other time.
   * @throws what the connection throws; also when `signal` is aborted
   */
  readonly next: (signal: AbortSignal) => Promise<void>;
}

/** The history of one run, from its beginning. */
export function changesOf(
  { workflowId, runId }: Pick<StartedRun, 'workflowId' | 'runId'>,
  client: Pick<Client, 'options' | 'workflowService' | 'withAbortSignal'>,
): Changes {
  let nextPageToken: HistoryPage['nextPageToken'];
  let isClosed = false;
  const page = () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      waitNewEvent: true,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
  return {
    next: async (signal) => {
      while (!isClosed) {
        // The SDK only waits for a signal to be aborted: with one that is already, it would ask, and no worker may be left to answer.
        signal.throwIfAborted();
        const answer = await client.withAbortSignal(signal, page);
        nextPageToken = answer.nextPageToken;
        // A closed run has no further page. Without a token the next request would begin again.
        isClosed = (nextPageToken?.length ?? 0) === 0;
        if (hasWorked(answer)) return;
      }
      await aborted(signal);
    },
  };
}

/** The workflow's own code ran: an activity that was scheduled or has ended changes nothing before that. */
function hasWorked({ history }: HistoryPage): boolean {
  return (history?.events ?? []).some((event) => Boolean(event.workflowTaskCompletedEventAttributes));
}
