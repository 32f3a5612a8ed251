/** Starts a comparison and shows it until its end. */
import type { CompareInput, CompareResult } from '../../model/comparison.ts';
import { upgradeComparison } from '../../model/upgrade-comparison.ts';
import { variantOf } from '../../model/variant.ts';
import { onHost } from './start.ts';
import { type WatchOptions, watchWorkflow } from './watch-workflow.ts';
import { idPart, workflowIdOf } from './workflow-id.ts';

interface Compared {
  readonly project: string;
  readonly commit: string | null;
  /** Of each ref, in the summary that the Temporal UI shows. */
  readonly refCharacters: number;
}

/** @returns null if the comparison was cancelled */
export async function watchComparison(
  input: CompareInput,
  { project, commit, refCharacters }: Compared,
  options: Omit<WatchOptions, 'noun'>,
): Promise<CompareResult | null> {
  const [base, head] = [variantOf(input.base).ref, variantOf(input.head).ref];
  const shown = [base, head].map((ref) => ref.slice(0, refCharacters)).join(' ');
  const result = await watchWorkflow<CompareResult>(
    {
      type: 'compare',
      workflowId: workflowIdOf({ workflow: 'compare', project, commit, nowMs: Date.now() }),
      inputOn: (worker) => ({ ...input, source: onHost(input.source, worker) }),
      memo: { project: idPart(project), base, head },
      staticSummary: `compare **${project}** ${shown}`,
    },
    { ...options, noun: 'comparison' },
  );
  return result === null ? null : upgradeComparison(result);
}
