import { LABELS } from '../docker/engine/labels.ts';
import type { RunRef } from '../model/run.ts';
import { PacelineError } from '../model/failure.ts';
import { workflowRunOf } from '../model/side.ts';
import { activity, type Attempt } from './support/attempt.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { leftFiles, takeDownRun } from './support/take-down.ts';
import type { Work } from './support/worker-deaths.ts';

export const reap: Make<'reap'> = (deps) => activity({ phase: 'stopping' }, ({ run }) => reapClosedRuns(deps, run));

/**
 * Removes what runs of this instance left if their workflow is closed or known not to exist: after a terminate, a lost
 * machine, or a second Ctrl-C. A server that does not answer proves nothing. Objects of other instances are not touched.
 * @param current the run that asks, which is open
 * @returns what was removed, in words
 */
export async function reapClosedRuns(deps: ActivityDeps, current: RunRef | null): Promise<string[]> {
  const removed: string[] = [];
  for (const run of await runsWithLeftovers(deps)) {
    if (workflowRunOf(run).runId === current?.runId || (await deps.runState(run)) !== 'closed') continue;
    try {
      const count = await deps.deaths.during(takingDown(run), () => takeDownRun(deps, run));
      if (count > 0) removed.push(`${count} leftovers of run ${run.workflowId} were removed.`);
    } catch (error) {
      // What ends workers must not do so to each of them that comes.
      if (!(error instanceof PacelineError) || error.problem.type !== 'WorkerDied') throw error;
      removed.push(`Leftovers of run ${run.workflowId} could not be removed: ${error.problem.what}`);
    }
  }
  return removed;
}

function takingDown({ runId, workflowId }: RunRef): Work {
  return {
    key: `take-down.${runId}`,
    doing: `removed what run ${workflowId} left`,
    step: { phase: 'stopping' },
  };
}

/**
 * For an attempt that must stop. A run that was terminated or timed out cannot clean up, and others may be waiting for its
 * lane, so the reaper's work is done at once. Some servers report such a run as a cancel, others no longer know the attempt.
 * Both can have other reasons, so only whether the run is closed counts.
 */
export async function reapIfClosed(deps: ActivityDeps, run: RunRef, attempt: Attempt): Promise<void> {
  if (!attempt.cancelRequested() && !attempt.forgotten()) return;
  if ((await deps.runState(run)) === 'closed') await takeDownRun(deps, run);
}

async function runsWithLeftovers(deps: ActivityDeps): Promise<RunRef[]> {
  const { engine, instance, store } = deps;
  const found = await engine.listByLabels({ [LABELS.instance]: instance });
  const runs = new Map<string, RunRef>();
  for (const { labels } of [...found.containers, ...found.networks, ...found.volumes, ...found.images]) {
    const [runId, workflowId] = [labels[LABELS.run], labels[LABELS.workflow]];
    if (runId !== undefined && workflowId !== undefined) runs.set(runId, { runId, workflowId });
  }
  const unfinished = await store.unfinishedRuns();
  const grouped = await deps.cgroups.left();
  // Stopped while it was prepared or built, a run has nothing at the engine yet.
  for (const run of unfinished)
    if (grouped.includes(run.runId) || (await leftFiles(deps, run))) runs.set(run.runId, run);
  // Of a run that is over: its worker was killed between a trial's containers and the control group around them.
  for (const runId of grouped) if (!runs.has(runId)) await deps.cgroups.remove({ runId });
  return [...runs.values()];
}
