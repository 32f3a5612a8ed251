/** What `compare`, `verifyAdvice` and `tune` have in common: a claimed host, sides on it, pairs of them, and an end that leaves nothing. */
import { CancellationScope, CancelledFailure, workflowInfo } from '@temporalio/workflow';
import type { Taken } from '../model/comparison.ts';
import type { Problem } from '../model/failure.ts';
import type { Suspect } from '../model/regression.ts';
import type { RunRef, SourceSpec } from '../model/run.ts';
import { Board } from './board.ts';
import { Budget } from './budget.ts';
import { claimHost, type Host } from './host.ts';
import { failureOf, problemOf } from './problems.ts';
import { Sides } from './sides.ts';

export interface Setting {
  readonly run: RunRef;
  readonly startedAt: string;
  readonly host: Host;
  readonly sides: Sides;
  readonly board: Board;
  readonly budget: Budget;
}

export interface Ended {
  readonly problems: readonly Problem[];
  readonly cancelled: boolean;
}

/**
 * Claims a host, does the work there, takes every side down and concludes, also after a failure or a cancel.
 * @throws CancelledFailure with this message after a cancel
 */
export async function onClaimedHost<Result>(
  asked: { readonly source: SourceSpec; readonly budgetSeconds?: number | undefined; readonly cancelled: string },
  work: (setting: Setting) => Promise<void>,
  conclude: (setting: Setting, ended: Ended) => Promise<Result>,
): Promise<Result> {
  const { workflowId, runId, startTime } = workflowInfo();
  const run = { workflowId, runId };
  const startedAt = startTime.toISOString();
  const scope = CancellationScope.current();
  const board = new Board();
  const host = await claimHost({ source: asked.source, exclude: [] });
  board.attributesKnown(host.claim.searchAttributes);
  board.pagesAt(host.claim.pagesUrl);
  const sides = new Sides(host, { parent: run, source: asked.source, startedAt });
  const setting: Setting = { run, startedAt, host, sides, board, budget: new Budget(asked.budgetSeconds ?? null) };
  const problems: Problem[] = [];
  try {
    await work(setting);
  } catch (error) {
    if (!scope.consideredCancelled) problems.push(problemOf(error));
  }
  const cancelled = scope.consideredCancelled;
  const result = await CancellationScope.nonCancellable(async () => {
    await sides.close(cancelled);
    return conclude(setting, { problems, cancelled });
  }).catch((error: unknown) => {
    throw failureOf(problemOf(error));
  });
  if (cancelled) throw new CancelledFailure(asked.cancelled);
  return result;
}

/** Leftovers are gone, and warnings are noted. */
export async function readyHost({ host, run, board }: Setting): Promise<void> {
  await host.control.reap.executeWithOptions({ summary: 'take down what closed runs left' }, [{ run }]);
  board.note(...(await host.control.preflight.executeWithOptions({ summary: 'is the host fit?' }, [{ run }])));
}

/** The next pair of a series, in the order ABBA. @throws SideUnavailable */
export async function takePair(
  { sides, board }: Setting,
  { base, head }: { readonly base: RunRef; readonly head: RunRef },
  { suspect, title, taken }: { readonly suspect: Suspect; readonly title: string; readonly taken: readonly Taken[] },
): Promise<Taken> {
  const pair = taken.length;
  const first = pair % 2 === 0 ? 'base' : 'head';
  return board.step(
    { id: `pair:${title}:${pair + 1}`, title: `${title}, pair ${pair + 1}` },
    () => sides.take({ kind: 'pair', first }, { base, head }, suspect),
    () => ({ seconds: null, verdict: null, note: null }),
  );
}
