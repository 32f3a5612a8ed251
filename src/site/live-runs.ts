/** What the server needs to know of running benchmarks. src/cli/pages/ has the real one; nothing is looked up unless a browser asks. */
import type { RunNow } from '../report/live/run-now.ts';

export interface WorkflowRun {
  readonly workflowId: string;
  readonly runId: string;
}

export interface LiveRuns {
  /** The run of a workflow, the newest if there are several. null if the Temporal server does not know it, or does not answer. */
  find(workflowId: string): Promise<WorkflowRun | null>;
  /** What is known of a run at this moment. */
  look(run: WorkflowRun): Promise<RunNow>;
  /** What is known, again whenever it has changed, until the run is closed or `stop` is aborted. */
  watch(run: WorkflowRun, stop: AbortSignal): AsyncIterable<RunNow>;
  /** The address of a workflow in the Temporal UI. null if no UI is known. */
  uiUrl(run: WorkflowRun): string | null;
}
