import type { Disturbance, Lane, RunRef } from '../../model/run.ts';
import { workflowRunOf } from '../../model/side.ts';
import type { Attempt } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Waits, while it holds the lane, until its CPUs are quiet. When the run's waiting time is used up it continues anyway, and
 * the run has a note of it.
 * @returns what is still busy; null if the CPUs were quiet, and where that cannot be seen
 */
export async function whenQuiet(
  { quietGate, lanes, store, endpoint }: ActivityDeps,
  { run, lane, what }: { readonly run: RunRef; readonly lane: Lane; readonly what: string },
  { signal, beat }: Attempt,
): Promise<Disturbance | null> {
  // Nothing of another machine's noise can be seen from here.
  if (!endpoint.local) return null;
  const passed = await quietGate.pass({
    // The sides of a comparison share the patience of one run.
    runId: workflowRunOf(run).runId,
    cpus: lane.cpus,
    alone: () => lanes.held().size <= 1,
    signal,
    onWait: (why, leftSeconds) =>
      beat({ phase: 'waiting', note: `for a quiet machine, ${Math.ceil(leftSeconds)} s at most: ${why}` }),
  });
  if (passed.kind === 'quiet') return null;
  const disturbed = { reason: `before it, ${passed.reason}` };
  if (!passed.first) return disturbed;
  await store.addNotes(run, [
    `Other programs were busy before ${what} (${passed.reason}). The run waited as long as it may, and then started: times may be too long.`,
  ]);
  return disturbed;
}
