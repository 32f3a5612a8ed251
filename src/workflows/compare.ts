/**
 * The compare workflow: two variants of one project, part by part in interleaved pairs on one host. The head's plan
 * counts for both, except for plan overrides, so that both sides do the same work.
 */
import { isCancellation } from '@temporalio/workflow';
import type { ComparedPart, CompareInput, CompareResult, Taken } from '../model/comparison.ts';
import type { Suspect } from '../model/regression.ts';
import { sideOf } from '../model/side.ts';
import { changesOf, type Variant, variantOf } from '../model/variant.ts';
import { readCompareInput } from './compare-input.ts';
import { onClaimedHost, readyHost, type Setting, takePair } from './paired.ts';
import { failureOf } from './problems.ts';
import { SideUnavailable } from './sides.ts';

export async function compare(given: CompareInput): Promise<CompareResult> {
  const read = readCompareInput(given);
  if (read.kind === 'wrong') throw failureOf(read.problem);
  const { input } = read;
  const parts: Comparing['parts'] = new Map();
  return onClaimedHost(
    { source: input.source, budgetSeconds: input.budgetSeconds, cancelled: 'The comparison was cancelled.' },
    async (setting) => {
      const [base, head] = [sideOf(setting.run, 'base'), sideOf(setting.run, 'head')];
      const comparing: Comparing = { ...setting, setting, input, base, head, parts };
      await prepare(comparing);
      await measure(comparing);
    },
    async ({ host, run, startedAt, board }, { problems, cancelled }) => {
      const measured = [...parts.values()].map(({ part }) => part).filter((part) => part !== null);
      return host.control.concludeComparison.executeWithOptions({ summary: 'write the report' }, [
        { run, input, startedAt, parts: measured, problems: [...problems], notes: board.notes, cancelled },
      ]);
    },
  );
}

interface Part {
  readonly taken: Taken[];
  part: ComparedPart | null;
  /** Why the measurement of a part stopped before it was decided. */
  ended: boolean;
}

interface Comparing extends Setting {
  readonly setting: Setting;
  readonly input: CompareInput;
  readonly base: ReturnType<typeof sideOf>;
  readonly head: ReturnType<typeof sideOf>;
  readonly parts: Map<Suspect, Part>;
}

/** A side that cannot be built ends the comparison: figures of one side alone are compared with nothing. */
async function prepare({ setting, input, base, head, sides, board }: Comparing): Promise<void> {
  await readyHost(setting);
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
      const measured = await comparing.budget.within(() => nextPair(comparing, suspect, part));
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

async function nextPair({ setting, head, base, board }: Comparing, suspect: Suspect, part: Part): Promise<void> {
  const title = part.part?.title ?? suspect.phase;
  try {
    part.taken.push(await takePair(setting, { base, head }, { suspect, title, taken: part.taken }));
  } catch (error) {
    if (isCancellation(error) || !(error instanceof SideUnavailable)) throw error;
    part.ended = true;
    board.note(`${title}: the ${error.side} could not be measured: ${error.message}`);
  }
}
