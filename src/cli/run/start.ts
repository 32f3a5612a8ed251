/** Starts the benchmark workflow, or attaches to one that is already running for the same request. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { type BenchmarkInput, SHARED_QUEUE } from '../../model/activities.ts';
import type { Session } from '../../temporal/session.ts';
import type { RunRequest } from './request.ts';
import { workflowIdOf } from './workflow-id.ts';

/** Workflow type: the name of the export in src/workflows/index.ts. */
export const BENCHMARK = 'benchmark';

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** True if it was already running. */
  readonly attached: boolean;
}

/** Maximum time to wait for the clean-up of a run that `--fresh` cancels. */
const CANCEL_MS = 120_000;

/** @param options.fresh first cancels an unfinished run of the same project, plan and commit, and waits for its end */
export async function startOrAttach(
  session: Session,
  request: RunRequest,
  options: { readonly fresh: boolean; readonly nowMs: number; readonly say: (line: string) => void },
): Promise<StartedRun> {
  const unfinished = await findUnfinished(session.client, request.identity);
  if (unfinished !== null && !options.fresh) return { ...unfinished, attached: true };
  if (unfinished !== null) {
    options.say(`Cancelling the unfinished run ${unfinished.workflowId} first.`);
    await cancelAndWait(session.client.workflow.getHandle(unfinished.workflowId, unfinished.runId));
  }
  return startRun(session, request, options.nowMs);
}

/** A path is valid on one host only. If this process runs the worker, it is this host. */
export function onHost<S extends object>(source: S, worker: Session['worker']): S {
  return 'git' in source || worker === null ? source : { ...source, host: worker.hostId };
}

/** Unlike the current details, these are shown without a worker. */
export function pageDetails(pagesUrl: string | null, workflowId: string): { readonly staticDetails?: string } {
  return pagesUrl === null ? {} : { staticDetails: `[Page of this run](${pageOf(pagesUrl, workflowId)})` };
}

/** The address that is known before the run is. The pages lead on from there. */
export function pageOf(pagesUrl: string, workflowId: string): string {
  return `${pagesUrl}/workflows/${encodeURIComponent(workflowId)}`;
}

async function startRun(
  { client, worker, pagesUrl }: Session,
  request: RunRequest,
  nowMs: number,
): Promise<StartedRun> {
  const { project, commit, plan, identity, confirmSeconds } = request;
  const source = onHost(request.source, worker);
  const workflowId = workflowIdOf({ project, commit, nowMs });
  const input: BenchmarkInput = {
    source,
    ...(plan === undefined ? {} : { plan }),
    ...(confirmSeconds === undefined ? {} : { confirmSeconds }),
  };
  const handle = await client.workflow.start(BENCHMARK, {
    taskQueue: SHARED_QUEUE,
    workflowId,
    args: [input],
    memo: { project, commit: commit ?? '', identity },
    staticSummary: `benchmark **${project}**${commit === null ? '' : ` @${commit.slice(0, 7)}`}`,
    ...pageDetails(pagesUrl, workflowId),
  });
  return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, attached: false };
}

/** The identity is in the memo: every server lists it, without registering a search attribute. */
async function findUnfinished(client: Client, identity: string): Promise<{ workflowId: string; runId: string } | null> {
  const open = client.workflow.list({ query: `WorkflowType = '${BENCHMARK}' AND ExecutionStatus = 'Running'` });
  for await (const { workflowId, runId, memo } of open) {
    if (memo?.['identity'] === identity) return { workflowId, runId };
  }
  return null;
}

async function cancelAndWait(handle: WorkflowHandle): Promise<void> {
  await handle.cancel();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CANCEL_MS);
  });
  // A cancelled workflow makes the SDK reject.
  await Promise.race([handle.result().catch(() => {}), late]);
  clearTimeout(timer);
}
