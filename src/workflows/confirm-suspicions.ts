/** Decides a run's suspicions before it is judged: by a child workflow, on the same host. */
import { ActivityCancellationType, executeChild, isCancellation, ParentClosePolicy } from '@temporalio/workflow';
import type { BenchmarkInput } from '../model/activities.ts';
import type { RegressionAlert } from '../model/regression.ts';
import type { RunRef } from '../model/run.ts';
import type { Board } from './board.ts';
import { confirm } from './confirm.ts';
import { wordsOf } from './confirm-words.ts';
import type { Host } from './host.ts';
import { problemOf } from './problems.ts';

export interface Suspected {
  readonly run: RunRef;
  readonly input: BenchmarkInput;
  readonly board: Board;
}

/**
 * It runs before the clean-up, because the run's source and images are the head. If a confirmation fails, the
 * candidates stay in the store, and `analyze` concludes them as inconclusive.
 */
export async function confirmSuspicions(
  { claim, control }: Host,
  { run, input, board }: Suspected,
): Promise<readonly RegressionAlert[]> {
  const candidates = await control.suspicions.executeWithOptions({ summary: 'slower than before?' }, [{ run }]);
  if (candidates.length === 0) return [];
  return board.step(
    { id: 'confirm', title: `Confirm ${candidates.map(wordsOf).join(', ')}` },
    async () => {
      try {
        const { alerts } = await executeChild(confirm, {
          workflowId: `${run.workflowId}/confirm`,
          args: [
            {
              parent: run,
              host: claim,
              source: input.source,
              candidates,
              ...(input.confirmSeconds === undefined ? {} : { budgetSeconds: input.confirmSeconds }),
            },
          ],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
          staticSummary: `confirm ${candidates.map(wordsOf).join(', ')}`.slice(0, 200),
        });
        return alerts;
      } catch (error) {
        if (isCancellation(error)) throw error;
        board.note(`The suspicions could not be confirmed: ${problemOf(error).what}`);
        return [];
      }
    },
    (alerts) => ({ seconds: null, verdict: null, note: alerts.map(({ state }) => state).join(', ') || 'not decided' }),
  );
}
