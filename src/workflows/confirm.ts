/**
 * The confirm workflow: decides each suspicion of a run. It measures only the suspect part: first this commit again,
 * then pairs with the baseline's commit, on the run's host and within a time budget.
 */
import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ConfirmInput, ConfirmResult, Taken } from '../model/comparison.ts';
import type { Candidate, RegressionAlert } from '../model/regression.ts';
import type { RunRef } from '../model/run.ts';
import { sideOf } from '../model/side.ts';
import { Board } from './board.ts';
import { Budget } from './budget.ts';
import { wordsOf } from './confirm-words.ts';
import { type Host, hostOf } from './host.ts';
import { problemOf } from './problems.ts';
import { Sides, SideUnavailable } from './sides.ts';

const BUDGET_SECONDS = 15 * 60;

export async function confirm(input: ConfirmInput): Promise<ConfirmResult> {
  const { workflowId, runId, startTime } = workflowInfo();
  const run = { workflowId, runId };
  const host = hostOf(input.host);
  const { parent, source, budgetSeconds = BUDGET_SECONDS } = input;
  const sides = new Sides(host, { parent, source, startedAt: startTime.toISOString() });
  const confirming: Confirming = {
    host,
    run,
    head: sideOf(run, 'head'),
    bases: new Map(),
    sides,
    board: new Board(),
    budget: new Budget(budgetSeconds),
    budgetSeconds,
  };
  try {
    await sides.adopt(confirming.head, parent);
    const alerts: RegressionAlert[] = [];
    for (const candidate of input.candidates) alerts.push(await decide(confirming, candidate));
    return { alerts };
  } finally {
    await sides.close(CancellationScope.current().consideredCancelled);
  }
}

interface Base {
  readonly run: RunRef;
  /** null: it can be measured. */
  readonly unavailable: string | null;
}

interface Confirming {
  readonly host: Host;
  readonly run: RunRef;
  readonly head: RunRef;
  /** By commit: prepared when the first pair is asked for. */
  readonly bases: Map<string, Base>;
  readonly sides: Sides;
  readonly board: Board;
  readonly budget: Budget;
  readonly budgetSeconds: number;
}

/** One measurement after the other, for as long as the host asks for them. */
async function decide(confirming: Confirming, candidate: Candidate): Promise<RegressionAlert> {
  const { board, host, head } = confirming;
  const { commit } = candidate.baseline;
  const taken: Taken[] = [];
  let baseUnavailable = commit === null ? 'No commit of the baseline can be built again.' : null;
  let stopped: string | null = null;
  return board.step(
    { id: candidate.alertId, title: `Confirm ${wordsOf(candidate)}` },
    async () => {
      for (;;) {
        const base = confirming.bases.get(commit ?? '')?.run ?? sideOf(confirming.run, 'base');
        const step = await host.control.nextMeasurement.executeWithOptions({ summary: 'what decides it?' }, [
          { candidate, head, base, taken, baseUnavailable, stopped },
        ]);
        if (step.kind === 'decided') return step.alert;
        const measured = await confirming.budget.within(async () => {
          if (step.kind === 'pair' && commit !== null) {
            baseUnavailable = (await baseOf(confirming, commit)).unavailable;
            if (baseUnavailable !== null) return null;
          }
          const first = step.kind === 'pair' ? step.first : 'head';
          const ofBase = confirming.bases.get(commit ?? '')?.run ?? base;
          return measure(confirming, candidate, { kind: step.kind, first }, ofBase);
        });
        if (measured === 'over') {
          const minutes = Math.round(confirming.budgetSeconds / 6) / 10;
          stopped = `The time limit of a confirmation (${minutes} min) was reached before it was decided.`;
        } else if (measured instanceof SideUnavailable) {
          const reason = `The ${measured.side} could not be measured: ${measured.message}`;
          if (measured.side === 'base') baseUnavailable = reason;
          else stopped = reason;
        } else if (measured !== null) {
          taken.push(measured);
        }
      }
    },
    ({ state }) => ({ seconds: null, verdict: null, note: state }),
  );
}

async function measure(
  { sides, head, board }: Confirming,
  candidate: Candidate,
  next: Pick<Taken, 'kind' | 'first'>,
  base: RunRef,
): Promise<Taken | SideUnavailable> {
  const title = next.kind === 'rerun' ? 'This commit once more' : 'A pair of base and head';
  try {
    return await board.step(
      { id: `${candidate.alertId}:${board.stepCount}`, title },
      () => sides.take(next, { base, head }, candidate.suspect),
      () => ({ seconds: null, verdict: null, note: null }),
    );
  } catch (error) {
    if (error instanceof SideUnavailable) return error;
    throw error;
  }
}

/** A base that cannot be built is tried only once. Then re-runs decide. */
async function baseOf({ bases, run, head, sides }: Confirming, commit: string): Promise<Base> {
  const known = bases.get(commit);
  if (known !== undefined) return known;
  const side = sideOf(run, 'base', { variant: bases.size + 1 });
  let unavailable: string | null = null;
  try {
    await sides.prepare(side, { ref: commit }, { like: head });
  } catch (error) {
    if (isCancellation(error)) throw error;
    unavailable = `The baseline's commit ${commit.slice(0, 7)} cannot be measured: ${problemOf(error).what}`;
  }
  const base = { run: side, unavailable };
  bases.set(commit, base);
  return base;
}
