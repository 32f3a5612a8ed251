/** What the server knows about a run's workflow. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { RunState } from '../model/run-state.ts';
import type { RunRef } from '../model/run.ts';
import { workflowRunOf } from '../model/side.ts';

const ANSWER_MS = 5_000;

/**
 * No answer means `unknown`. `closed` needs a closed workflow, or a server that reports that it does not know the run.
 * @param isOurServer whether the server is ours: another server does not know our runs, so its answer does not count
 */
export function runStates(client: Client, isOurServer: () => boolean): (run: RunRef) => Promise<RunState> {
  return async (run) => {
    const { workflowId, runId } = workflowRunOf(run);
    try {
      const { status } = await client.withDeadline(Date.now() + ANSWER_MS, () =>
        client.workflow.getHandle(workflowId, runId).describe(),
      );
      return status.name === 'RUNNING' || status.name === 'PAUSED' ? 'open' : 'closed';
    } catch (error) {
      return error instanceof WorkflowNotFoundError && isOurServer() ? 'closed' : 'unknown';
    }
  };
}
