/**
 * The compare workflow: two variants of one project, part by part in interleaved pairs on one host. The head's plan
 * counts for both, except for plan overrides, so that both sides do the same work.
 */
import { CancellationScope, CancelledFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ComparedPart, CompareInput, CompareResult, Taken } from '../model/comparison.ts';
import type { Problem } from '../model/failure.ts';
import type { Suspect } from '../model/regression.ts';
import { sideOf } from '../model/side.ts';
import { changesOf, type Variant, variantOf } from '../model/variant.ts';
import { Board } from './board.ts';
import { Budget } from './budget.ts';
import { readCompareInput } from './compare-input.ts';
import { claimHost, type Host } from './host.ts';
import { failureOf, problemOf } from './problems.ts';
import { Sides, SideUnavailable } from './sides.ts';

export async function compare(given: CompareInput): Promise<CompareResult> {
  const read = readCompareInput(given);
  if (read.kind === 'wrong') throw failureOf(read.problem);
  const { input } = read;
  const { workflowId, runId, startTime } = workflowInfo();
  const run = { workflowId, runId };
  const startedAt = startTime.toISOString();
  const asked = CancellationScope.current();
  const board = new Board();
  const host = await claimHost({ source: input.source, exclude: [] });
  board.attributesKnown(host.claim.searchAttributes);
  const sides = new Sides(host, { parent: run, source: input.source, startedAt });
  const comparing: Comparing = {
    host,
    input,
    base: sideOf(run, 'base'),
    head: sideOf(run, 'head'),
    sides,
    board,
    budget: new Budget(input.budgetSeconds ?? null),
    parts: new Map(),
  };
  const problems: Problem[] = [];
  try {
    await prepare(comparing, run);
    await measure(comparing);
  } catch (error) {
    if (!asked.consideredCancelled) problems.push(problemOf(error));
  }
  const cancelled = asked.consideredCancelled;
  const result = await CancellationScope.nonCancellable(async () => {
    const parts = [...comparing.parts.values()].map(({ part }) => part).filter((part) => part !== null);
    await sides.close(cancelled);
    return host.control.concludeComparison.executeWithOptions({ summary: 'write the report' }, [
      { run, input, startedAt, parts, problems, notes: board.notes, cancelled },
    ]);
  }).catch((error: unknown) => {
    throw failureOf(problemOf(error));
  });
  if (cancelled) throw new CancelledFailure('The comparison was cancelled.');
  return result;
}

interface Part {
  readonly taken: Taken[];
  part: ComparedPart | null;
  /** Why the measurement of a part stopped before it was decided. */
  ended: boolean;
}

interface Comparing {
  readonly host: Host;
  readonly input: CompareInput;
  readonly base: ReturnType<typeof sideOf>;
  readonly head: ReturnType<typeof sideOf>;
  readonly sides: Sides;
  readonly board: Board;
  readonly budget: Budget;
  readonly parts: Map<Suspect, Part>;
}

/** A side that cannot be built ends the comparison: figures of one side alone are compared with nothing. */
async function prepare({ host, input, base, head, sides, board }: Comparing, run: typeof base): Promise<void> {
  await host.control.reap.executeWithOptions({ summary: 'take down what closed runs left' }, [{ run }]);
  board.note(...(await host.control.preflight.executeWithOptions({ summary: 'is the host fit?' }, [{ run }])));
  for (const [side, asked, given] of [
    [head, input.head, { like: null, plan: input.plan }],
    [base, input.base, { like: head }],
  ] as const) {
    const name = side === head ? 'head' : 'base';
    const variant = variantOf(asked);
    await board.step(
      { id: `prepare:${name}`, title: `Prepare ${name} (${titleOf(variant)})` },
      () => sides.prepare(side, variant, given),
      () => ({ seconds: null, verdict: null, note: null }),
    );
  }
}

function titleOf(variant: Variant): string {
  const changes = changesOf(variant);
  return `${variant.ref.slice(0, 40)}${changes === null ? '' : ` with ${changes}`}`;
}

/** Pairs of all parts in turn, so that a change on the host during the comparison affects all parts alike. */
async function measure(comparing: Comparing): Promise<void> {
  const { host, input, parts, board } = comparing;
  const suspects = await host.control.comparedParts.executeWithOptions({ summary: 'what is compared?' }, [
    {
      run: comparing.head,
      ...(input.phases === undefined ? {} : { phases: input.phases }),
      ...(input.scenarios === undefined ? {} : { scenarios: input.scenarios }),
    },
  ]);
  for (const suspect of suspects) parts.set(suspect, { taken: [], part: null, ended: false });
  for (;;) {
    const open: Suspect[] = [];
    for (const [suspect, part] of parts) if (await needsMore(comparing, suspect, part)) open.push(suspect);
    if (open.length === 0) return;
    for (const suspect of open) {
      const part = parts.get(suspect)!;
      const measured = await comparing.budget.within(() => takePair(comparing, suspect, part));
      if (measured !== 'over') continue;
      board.note('The time budget ended before everything was decided.');
      for (const each of parts.values()) each.ended = true;
      break;
    }
  }
}

async function needsMore({ host, head, base, input }: Comparing, suspect: Suspect, part: Part): Promise<boolean> {
  const wanted = input.pairs === undefined ? {} : { pairs: input.pairs };
  const { more, part: compared } = await host.control.comparePairs.executeWithOptions(
    { summary: 'are further pairs needed?' },
    [{ suspect, head, base, taken: part.taken, ...wanted }],
  );
  part.part = compared;
  return more > 0 && !part.ended;
}

async function takePair({ sides, head, base, board }: Comparing, suspect: Suspect, part: Part): Promise<void> {
  const pair = part.taken.length;
  const title = part.part?.title ?? suspect.phase;
  const first = pair % 2 === 0 ? 'base' : 'head';
  try {
    const taken = await board.step(
      { id: `pair:${title}:${pair + 1}`, title: `${title}, pair ${pair + 1}` },
      () => sides.take({ kind: 'pair', first }, { base, head }, suspect),
      () => ({ seconds: null, verdict: null, note: null }),
    );
    part.taken.push(taken);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof SideUnavailable)) throw error;
    part.ended = true;
    board.note(`${title}: the ${error.side} could not be measured: ${error.message}`);
  }
}
