/**
 * The tune workflow: which number of xdist's workers and which distribution is fastest? Simulation proposes, and successive halving in
 * interleaved rounds decides: each round measures the scenario as it is and every candidate that is still open once.
 */
import { isCancellation, patched } from '@temporalio/workflow';
import type { RunRef } from '../model/run.ts';
import { sideOf } from '../model/side.ts';
import type { TuneInput, TunePlan, TuneResult, TuneTaken, Tried } from '../model/tune.ts';
import { onClaimedHost, readyHost, type Setting } from './paired.ts';
import { failureOf } from './problems.ts';
import { SideUnavailable } from './sides.ts';
import { readTuneInput } from './tune-input.ts';
import { STORED_TUNING } from './versions.ts';

interface Tuning extends Setting {
  readonly input: TuneInput;
  /** The scenario as it is. */
  readonly now: RunRef;
  readonly taken: TuneTaken[];
  readonly prepared: Set<number>;
  readonly found: Found;
}

/** What is known when it ends, also before its last round. */
interface Found {
  plan: TunePlan | null;
  nowSeconds: number | null;
  tried: readonly Tried[];
}

const NOTHING = () => ({ seconds: null, verdict: null, note: null });

export async function tune(given: TuneInput): Promise<TuneResult> {
  const read = readTuneInput(given);
  if (read.kind === 'wrong') throw failureOf(read.problem);
  const { input } = read;
  const found: Found = { plan: null, nowSeconds: null, tried: [] };
  return onClaimedHost(
    { source: input.source, budgetSeconds: input.budgetSeconds, cancelled: 'The tuning was cancelled.' },
    async (setting) => {
      const now = sideOf(setting.run, 'base');
      const tuning: Tuning = { ...setting, input, now, taken: [], prepared: new Set(), found };
      await prepare(tuning);
      await search(tuning);
    },
    ({ host, run, startedAt, board }, { problems, cancelled }) =>
      host.control.concludeTuning.executeWithOptions({ summary: 'write the report' }, [
        { run, startedAt, ...found, errors: problems, notes: board.notes, cancelled },
      ]),
  );
}

async function prepare(tuning: Tuning): Promise<void> {
  const { now, input, sides, board } = tuning;
  await readyHost(tuning);
  await board.step(
    { id: 'prepare', title: 'Prepare the project as it is' },
    () => sides.prepare(now, { ref: refOf(input) }, { like: null, plan: input.plan }),
    NOTHING,
  );
}

/** Rounds until one candidate is decided, none is left, or the budget is over. */
async function search(tuning: Tuning): Promise<void> {
  const { host, now, input } = tuning;
  const wanted = input.scenario === undefined ? {} : { scenario: input.scenario };
  const scenario = await host.control.tunedScenario.executeWithOptions({ summary: 'which scenario?' }, [
    { run: now, ...wanted },
  ]);
  const plan = (await storedPlan(tuning, scenario)) ?? (await measuredPlan(tuning, scenario));
  if (plan === null) return;
  tuning.found.plan = plan;
  let open: readonly number[] = plan.candidates.map(({ number }) => number);
  for (let round = 1; open.length > 0; round += 1) {
    const isWhole = await takeRound(tuning, scenario, round, open);
    open = await judge(tuning, plan);
    if (!isWhole) return;
  }
}

/** From a stored run, which spares a trial. */
async function storedPlan({ host, now, board }: Tuning, scenario: TunedScenario): Promise<TunePlan | null> {
  if (!patched(STORED_TUNING)) return null;
  const plan = await host.control.storedTuning.executeWithOptions({ summary: 'is there a stored run to simulate?' }, [
    { run: now, scenario: scenario.id },
  ]);
  if (plan?.from !== undefined)
    board.note(
      `It simulated from run ${plan.from}, which measured the same commit with the same settings and hardware.`,
    );
  return plan;
}

/** From a trial of its own, which is not counted: the first trial of an image is slower. @returns null: the budget is over */
async function measuredPlan(tuning: Tuning, scenario: TunedScenario): Promise<TunePlan | null> {
  const { host, now } = tuning;
  if (!(await take(tuning, scenario, 0, 0))) return null;
  return host.control.planTuning.executeWithOptions({ summary: 'simulate workers and distributions' }, [
    { run: now, scenario: scenario.id },
  ]);
}

/**
 * The scenario as it is and the open candidates once each, in an order that turns round. Where no trial came before, the least
 * promising candidate bears the first one, and the scenario as it is comes last. @returns false: the budget is over
 */
async function takeRound(
  tuning: Tuning,
  scenario: TunedScenario,
  round: number,
  open: readonly number[],
): Promise<boolean> {
  const isFirst = round === 1 && tuning.found.plan?.from !== undefined;
  const turned = isFirst || round % 2 === 0 ? open.toReversed() : open;
  for (const candidate of isFirst ? [...turned, 0] : [0, ...turned])
    if (!(await take(tuning, scenario, candidate, round))) return false;
  return true;
}

/** @returns the candidates that are still open */
async function judge(tuning: Tuning, plan: TunePlan): Promise<readonly number[]> {
  const { host, run, taken, board, found } = tuning;
  const next = await host.control.nextTuning.executeWithOptions({ summary: 'which are still open?' }, [
    { run, plan, taken },
  ]);
  found.tried = next.tried;
  found.nowSeconds = next.nowSeconds;
  if (next.stopped === null) return next.open;
  board.note(`The scenario as it is could not be measured: ${next.stopped}`);
  return [];
}

interface TunedScenario {
  readonly id: string;
  readonly title: string;
}

/** Measures one of them once. A candidate that cannot be prepared or run is judged by what is stored of it. @returns false: the budget is over */
async function take(tuning: Tuning, scenario: TunedScenario, candidate: number, round: number): Promise<boolean> {
  const { board, budget, sides, now, run, taken, found } = tuning;
  const side = candidate === 0 ? now : sideOf(run, 'head', { variant: candidate });
  const way = found.plan?.candidates.find(({ number }) => number === candidate);
  const title = `${scenario.title}, ${way === undefined ? 'as it is' : titleOf(way)}, round ${round}`;
  const measured = await budget.within(async () => {
    if (candidate !== 0) await prepareCandidate(tuning, side, candidate);
    try {
      const { sample } = await board.step(
        { id: `take:${candidate}:${round}`, title },
        () =>
          sides.take(
            { kind: 'rerun', first: 'head' },
            { base: now, head: side },
            { phase: 'test', scenario: scenario.id },
          ),
        NOTHING,
      );
      taken.push({ candidate, round, sample });
    } catch (error) {
      if (isCancellation(error) || !(error instanceof SideUnavailable)) throw error;
      if (candidate === 0) throw error;
      board.note(`${title} could not be measured: ${error.message}`);
      // A number under which nothing is stored: it counts as failed.
      taken.push({ candidate, round, sample: 0 });
    }
  });
  if (measured !== 'over') return true;
  board.note('The time budget ended before everything was decided.');
  return false;
}

async function prepareCandidate(
  { prepared, found, sides, now, input }: Tuning,
  side: RunRef,
  candidate: number,
): Promise<void> {
  if (prepared.has(candidate)) return;
  prepared.add(candidate);
  const { set } = found.plan!.candidates.find(({ number }) => number === candidate)!;
  await sides.prepare(side, { ref: refOf(input), set }, { like: now });
}

function refOf({ source }: TuneInput): string {
  return source.ref ?? 'HEAD';
}

function titleOf({ workers, distribution }: TunePlan['candidates'][number]): string {
  return workers === 0 ? 'a single process' : `-n ${workers}${distribution === null ? '' : ` --dist ${distribution}`}`;
}
