import { LABELS } from '../docker/labels.ts';
import type { RunRef } from '../model/run.ts';
import { activity } from './attempt.ts';
import type { ActivityDeps, Make } from './deps.ts';
import { takeDownRun } from './take-down.ts';

/**
 * Takes down what runs of this instance left whose workflow is closed or known not to exist: after a terminate, a lost
 * machine, a second Ctrl-C. A server that does not answer is no evidence, and other instances' objects are not looked at.
 */
export const reap: Make<'reap'> = (deps) =>
  activity({ phase: 'stopping' }, async ({ run: current }) => {
    const removed: string[] = [];
    for (const run of await runsAtTheEngine(deps)) {
      if (run.runId === current?.runId || (await deps.runState(run)) !== 'closed') continue;
      const count = await takeDownRun(deps, run);
      if (count > 0) removed.push(`${count} leftovers of run ${run.workflowId} were taken down.`);
    }
    return removed;
  });

async function runsAtTheEngine({ engine, instance }: ActivityDeps): Promise<RunRef[]> {
  const found = await engine.listByLabels({ [LABELS.instance]: instance });
  const runs = new Map<string, RunRef>();
  for (const { labels } of [...found.containers, ...found.networks, ...found.volumes, ...found.images]) {
    const [runId, workflowId] = [labels[LABELS.run], labels[LABELS.workflow]];
    if (runId !== undefined && workflowId !== undefined) runs.set(runId, { runId, workflowId });
  }
  return [...runs.values()];
}
