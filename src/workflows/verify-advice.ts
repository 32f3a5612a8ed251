/**
 * The verifyAdvice workflow: tries each remedy of a run on a copy of the project, in pairs with and without it on the one figure that it
 * is said to change, and then all that won together.
 */
import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type {
  FolderState,
  RemedyOnTrial,
  SideFailure,
  TogetherResult,
  Verification,
  VerificationStep,
  VerifyAdviceInput,
  VerifyAdviceResult,
} from '../model/advice.ts';
import type { Taken } from '../model/comparison.ts';
import type { RunRef } from '../model/run.ts';
import { sideOf } from '../model/side.ts';
import { onClaimedHost, readyHost, type Setting, takePair } from './paired.ts';
import { failureOf, problemOf } from './problems.ts';
import { SideUnavailable } from './sides.ts';
import { readVerifyInput } from './verify-input.ts';

export async function verifyAdvice(given: VerifyAdviceInput): Promise<VerifyAdviceResult> {
  const read = readVerifyInput(given);
  if (read.kind === 'wrong') throw failureOf(read.problem);
  const { input } = read;
  const found: Found = { tried: [], together: null };
  return onClaimedHost(
    { source: input.source, budgetSeconds: input.budgetSeconds, cancelled: 'The verification was cancelled.' },
    (setting) => verify(setting, input, found),
    ({ host, run, startedAt, board }, { problems, cancelled }) =>
      host.control.concludeAdvice.executeWithOptions({ summary: 'store how the remedies ended' }, [
        { run, ofRun: input.ofRun, startedAt, ...found, problems, notes: board.notes, cancelled },
      ]),
  );
}

interface Tried {
  readonly name: string;
  readonly verification: Verification;
}

interface Found {
  readonly tried: Tried[];
  together: TogetherResult | null;
}

interface Verifying {
  readonly setting: Setting;
  readonly input: VerifyAdviceInput;
  readonly base: RunRef;
  readonly folder: FolderState | null;
  /** Trials that show whether the tests of the base are green: once for all remedies. */
  readonly baseTests: number[];
  /** How many heads there were. */
  heads: number;
}

async function verify(setting: Setting, input: VerifyAdviceInput, found: Found): Promise<void> {
  const { host, run, sides, board } = setting;
  const { source, ofRun, advice } = input;
  await readyHost(setting);
  const wanted = advice === undefined ? {} : { advice };
  const asked = await host.control.adviceToVerify.executeWithOptions({ summary: 'which advice can be tried?' }, [
    { run, source, ofRun, ...wanted },
  ]);
  board.note(...asked.notes);
  if (asked.remedies.length === 0) return;
  const base = sideOf(run, 'base');
  const prepared = await setting.budget.within(() =>
    board.step(
      { id: 'prepare:base', title: 'Prepare the project without a remedy' },
      () => sides.prepare(base, {}, { like: null, plan: asked.plan }),
      NOTHING_TO_SAY,
    ),
  );
  if (prepared === 'over') return board.note('The time budget ended before the project was built.');
  const verifying: Verifying = { setting, input, base, folder: asked.folder, baseTests: [], heads: 0 };
  for (const remedy of asked.remedies) {
    const { name, measures, predicted } = remedy;
    const [verification] = await inHead(verifying, remedy, [{ title: name, measures, predicted }]);
    found.tried.push({ name, verification: verification! });
  }
  const winners = found.tried.filter(({ verification }) => verification.state === 'verified');
  if (winners.length > 1) found.together = await verifyTogether(verifying, winners);
}

const NOTHING_TO_SAY = () => ({ seconds: null, verdict: null, note: null });

/** Savings overlap, so the sum of them is measured. Each figure that a winner changes is measured once. */
async function verifyTogether(verifying: Verifying, winners: readonly Tried[]): Promise<TogetherResult | null> {
  const { setting, input } = verifying;
  const all = await setting.host.control.adviceTogether.executeWithOptions({ summary: 'all winners as one' }, [
    { run: setting.run, ofRun: input.ofRun, winners },
  ]);
  const { variant, members, leftOut, measures } = all;
  if (members.length < 2) return { members, leftOut, verifications: [] };
  const figures = measures.map((each) => ({ title: `all together, ${each.figure}`, measures: each, predicted: null }));
  const verifications = await inHead(verifying, { name: 'all together', variant }, figures);
  return { members, leftOut, verifications };
}

interface FigureToDecide extends Pick<RemedyOnTrial, 'measures' | 'predicted'> {
  readonly title: string;
}

/** Makes a head, decides each figure on it, and takes it down again. */
async function inHead(
  verifying: Verifying,
  { name, variant }: Pick<RemedyOnTrial, 'name' | 'variant'>,
  figures: readonly FigureToDecide[],
): Promise<readonly Verification[]> {
  const { sides } = verifying.setting;
  verifying.heads += 1;
  const head = sideOf(verifying.setting.run, 'head', { variant: verifying.heads });
  const state: HeadState = { head, headTests: [], failed: null, budgetIsOver: false };
  await prepareHead(verifying, state, { name, variant });
  const verifications: Verification[] = [];
  for (const figure of figures) verifications.push(await decide(verifying, state, figure));
  await sides.close(false, head);
  return verifications;
}

interface HeadState {
  readonly head: RunRef;
  readonly headTests: number[];
  failed: SideFailure | null;
  budgetIsOver: boolean;
}

/** What a remedy breaks shows here or later: both are outcomes of its verification and no failures of the workflow. */
async function prepareHead(
  { setting, base }: Verifying,
  state: HeadState,
  { name, variant }: Pick<RemedyOnTrial, 'name' | 'variant'>,
): Promise<void> {
  try {
    const prepared = await setting.budget.within(() =>
      setting.board.step(
        { id: `prepare:${name}`, title: `Prepare ${name}` },
        () => setting.sides.prepare(state.head, variant, { like: base }),
        NOTHING_TO_SAY,
      ),
    );
    state.budgetIsOver = prepared === 'over';
  } catch (error) {
    if (isCancellation(error)) throw error;
    const activity = error instanceof ActivityFailure ? error.activityType : null;
    state.failed = { side: 'head', activity, problem: problemOf(error) };
  }
}

/** One measurement after the other, for as long as the host asks for them. */
async function decide(verifying: Verifying, state: HeadState, figure: FigureToDecide): Promise<Verification> {
  const { setting, input, base, folder, baseTests } = verifying;
  const { measures, predicted } = figure;
  const taken: Taken[] = [];
  for (;;) {
    const step = await setting.host.control.nextVerification.executeWithOptions({ summary: 'what decides it?' }, [
      { source: input.source, measures, predicted, base, folder, baseTests, taken, ...state },
    ]);
    if (step.kind === 'decided') return step.verification;
    const measured = await setting.budget.within(() => measure(verifying, state, { figure, taken, step }));
    if (measured === 'over') state.budgetIsOver = true;
  }
}

async function measure(
  { setting, base, baseTests }: Verifying,
  state: HeadState,
  { figure, taken, step }: { readonly figure: FigureToDecide; readonly taken: Taken[]; readonly step: ToMeasure },
): Promise<void> {
  const { head, headTests } = state;
  const { title, measures } = figure;
  try {
    if (step.kind === 'pair') {
      taken.push(await takePair(setting, { base, head }, { suspect: measures.suspect, title, taken }));
    } else if (step.side === 'base') {
      baseTests.push(await runTests(setting, base, step.scenario, 'Tests without a remedy'));
    } else {
      headTests.push(await runTests(setting, head, step.scenario, `Tests with ${title}`));
    }
  } catch (error) {
    if (isCancellation(error) || !(error instanceof SideUnavailable)) throw error;
    const side = step.kind === 'pair' ? error.side : step.side;
    state.failed = { side, activity: null, problem: error.problem };
  }
}

type ToMeasure = Exclude<VerificationStep, { readonly kind: 'decided' }>;

/** @returns the number of the trial */
async function runTests({ sides, board }: Setting, side: RunRef, scenario: string, title: string): Promise<number> {
  const { sample } = await board.step(
    { id: `tests:${side.runId}:${board.stepCount}`, title },
    () => sides.take({ kind: 'rerun', first: 'head' }, { base: side, head: side }, { phase: 'test', scenario }),
    NOTHING_TO_SAY,
  );
  return sample;
}
