/**
 * The sides of a comparison are runs within a workflow's run: each has a source, images, rows and labels of its own, so that every
 * activity of a benchmark works on it as it stands and re-attaches as it does.
 */
import type { RunRef } from './run.ts';

export type Side = 'base' | 'head';

/**
 * @param options.variant from 1: a confirmation may need several bases
 * @param options.sample builds and start-ups that are repeated for every measurement are separate runs, next to their side
 * @returns e.g. `<runId>.base`, `<runId>.base2`, `<runId>.head-3`
 */
export function sideOf(
  { workflowId, runId }: RunRef,
  side: Side,
  { variant = 1, sample }: { readonly variant?: number; readonly sample?: number } = {},
): RunRef {
  const which = variant === 1 ? side : `${side}${variant}`;
  return { workflowId, runId: `${runId}.${which}${sample === undefined ? '' : `-${sample}`}` };
}

/** One measurement of a side that builds or starts again. */
export function sampleOf({ workflowId, runId }: RunRef, sample: number): RunRef {
  return { workflowId, runId: `${runId}-${sample}` };
}

/** The run that Temporal knows: a side's is that of its workflow. Temporal's ids have no dots. */
export function workflowRunOf({ workflowId, runId }: RunRef): RunRef {
  return { workflowId, runId: runId.replace(/\.(?:base|head)\d*(?:-\d+)?$/, '') };
}
