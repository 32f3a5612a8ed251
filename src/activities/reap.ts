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
 * Takes down what runs of this instance left whose workflow is closed or known not to exist: after a terminate, a lost
 * machine, a second Ctrl-C. A server that does not answer is no evidence, and other instances' objects are not looked at.
 * @param current the run that asks, which is open
 * @returns what was removed, in words
 */
export async function reapClosedRuns(deps: ActivityDeps, current: RunRef | null): Promise<string[]> {
  const removed: string[] = [];
  for (const run of await runsWithLeftovers(deps)) {
    if (workflowRunOf(run).runId === current?.runId || (await deps.runState(run)) !== 'closed') continue;
    try {
      const count = await deps.deaths.during(takingDown(run), () => takeDownRun(deps, run));
      if (count > 0) removed.push(`${count} leftovers of run ${run.workflowId} were taken down.`);
    } catch (error) {
      // What ends workers must not do so to each of them that comes.
      if (!(error instanceof PacelineError) || error.problem.type !== 'WorkerDied') throw error;
      removed.push(`Leftovers of run ${run.workflowId} stay: ${error.problem.what}`);
    }
  }
  return removed;
}

function takingDown({ runId, workflowId }: RunRef): Work {
  return {
    key: `take-down.${runId}`,
    doing: `took down what run ${workflowId} left`,
    step: { phase: 'stopping' },
  };
}

/**
 * For an attempt that must stop. A run that is terminated or times out has nobody to clean up after it, and others may be
 * waiting for its lane: what the reaper would do is done at once. Some servers say so as a cancel, others by not knowing
 * the attempt any more, and both have other reasons too: what counts is whether the run is closed.
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
