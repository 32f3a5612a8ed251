/** What the server knows of a run's workflow. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { RunState } from '../model/run-state.ts';
import type { RunRef } from '../model/run.ts';
import { workflowRunOf } from '../model/side.ts';

const ANSWER_MS = 5_000;

/**
 * A server that does not answer is no evidence: only a closed workflow, or one that it says it does not know, is `closed`.
 * @param itself whether who answers is the server that was meant: another knows no run of ours, and that is no evidence either
 */
export function runStates(client: Client, itself: () => boolean): (run: RunRef) => Promise<RunState> {
  return async (run) => {
    const { workflowId, runId } = workflowRunOf(run);
    try {
      const { status } = await client.withDeadline(Date.now() + ANSWER_MS, () =>
        client.workflow.getHandle(workflowId, runId).describe(),
      );
      return status.name === 'RUNNING' || status.name === 'PAUSED' ? 'open' : 'closed';
    } catch (error) {
      return error instanceof WorkflowNotFoundError && itself() ? 'closed' : 'unknown';
    }
  };
}
