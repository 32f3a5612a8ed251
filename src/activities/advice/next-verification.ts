import { endOfFailure } from '../../analysis/advice/failed-side.ts';
import { judgeOnce, judgePairs } from '../../analysis/advice/judge-remedy.ts';
import { judgeTests, type TestsJudged } from '../../analysis/advice/judge-tests.ts';
import { finalTries } from '../../analysis/trials/trials.ts';
import type { RemedyEvidence, Verification, VerificationStep } from '../../model/advice.ts';
import type { BenchmarkActivities } from '../../model/activities.ts';
import { METRICS } from '../../model/measurement.ts';
import type { Pair } from '../../model/regression.ts';
import type { RunRef } from '../../model/run.ts';
import { evidenceOf } from '../regression/measured.ts';
import { activity } from '../support/attempt.ts';
import type { ActivityDeps, Make } from '../support/deps.ts';
import { loadWorkspace } from '../support/workspace.ts';
import { folderState, sameState } from './folder-state.ts';

type Input = Parameters<BenchmarkActivities['nextVerification']>[0];

/**
 * First whether the tests stay green, then pairs of the one figure. Decided in an activity, so that the decision is in Temporal's history:
 * a changed threshold does not break a replay.
 */
export const nextVerification: Make<'nextVerification'> = (deps) =>
  activity({ phase: 'collecting' }, async (input): Promise<VerificationStep> => {
    const { measures, failed } = input;
    if (failed !== null) return ended(input, endOfFailure(failed), await pairsOf(deps, input));
    if (isUntouched(input) && !sameState(input.folder, await folderState(input.source))) {
      return ended(input, { state: 'inconclusive', reason: { kind: 'folderChanged' } }, []);
    }
    const tests = await testsOf(deps, input);
    if (tests.kind === 'ended') return ended(input, tests, []);
    if (tests.kind === 'more') {
      if (input.budgetIsOver) return ended(input, { state: 'inconclusive', reason: { kind: 'budget' } }, []);
      if (measures.suspect.phase === 'test') return { kind: 'pair' };
      return { kind: 'tests', side: tests.side, scenario: await primaryOf(deps, input.base) };
    }
    const decided = measures.figure === 'image.size' ? await bySize(deps, input) : await byPairs(deps, input);
    if (decided.kind === 'pair') return decided;
    return { kind: 'decided', verification: { ...decided.verification, testsWereRed: tests.wereRed } };
  });

/** Nothing of the head is measured yet: it was just copied. */
function isUntouched({ taken, headTests }: RemedyEvidence): boolean {
  return taken.length === 0 && headTests.length === 0;
}

/** A figure of tests shows by itself whether they are green; any other needs a trial of the primary scenario. */
async function testsOf(deps: ActivityDeps, { base, head, measures, ...evidence }: Input): Promise<TestsJudged> {
  const { suspect } = measures;
  if (suspect.phase !== 'test') {
    const scenario = await primaryOf(deps, base);
    return judgeTests(
      await trialsOf(deps, base, scenario, evidence.baseTests),
      await trialsOf(deps, head, scenario, evidence.headTests),
    );
  }
  const samples = evidence.taken.map(({ sample }) => sample);
  const judged = judgeTests(
    await trialsOf(deps, base, suspect.scenario, samples),
    await trialsOf(deps, head, suspect.scenario, samples),
  );
  // The time of red tests does not count as a figure.
  if (judged.kind === 'same' && judged.wereRed) {
    return { kind: 'ended', state: 'inconclusive', reason: { kind: 'baseRed', reason: null } };
  }
  return judged;
}

async function primaryOf({ dataDirectory }: ActivityDeps, side: RunRef): Promise<string> {
  const { plan } = await loadWorkspace(dataDirectory, side);
  return plan.scenarios.find(({ primary }) => primary)!.id;
}

async function trialsOf({ store }: ActivityDeps, side: RunRef, scenario: string, numbers: readonly number[]) {
  if (numbers.length === 0) return [];
  return finalTries(await store.loadFacts(side), scenario).filter(({ trial }) => numbers.includes(trial));
}

type Decided = Extract<VerificationStep, { kind: 'pair' | 'decided' }>;

async function byPairs(deps: ActivityDeps, input: Input): Promise<Decided> {
  const { base, head, taken, measures, predicted, budgetIsOver } = input;
  const { pairs, missing } = await evidenceOf(deps, { base, head }, measures.suspect, taken, measures.figure);
  const lost = missing.head ?? missing.base;
  if (lost !== null) {
    const which = missing.head === null ? 'without' : 'with';
    const reason = { kind: 'notMeasured', reason: `The side ${which} the remedy has no figure: ${lost}` } as const;
    return ended(input, { state: 'inconclusive', reason }, pairs);
  }
  const judged = judgePairs(pairs, predicted, budgetIsOver ? { kind: 'budget' } : null);
  if (judged.kind === 'more') return { kind: 'pair' };
  if (judged.kind === 'refused') {
    const { reason: why } = judged;
    const reason: Verification['reason'] = budgetIsOver ? { kind: 'budget' } : { kind: 'notMeasured', reason: why };
    return ended(input, { state: 'inconclusive', reason }, pairs);
  }
  return ended(input, judged, pairs);
}

/** The size of an image does not vary, so the images that the tests ran in are enough. */
async function bySize({ store, dataDirectory }: ActivityDeps, input: Input): Promise<Decided> {
  const sizeOf = async (side: RunRef) => {
    const { project } = await loadWorkspace(dataDirectory, side);
    const build = await store.build(side, 'warm');
    return build?.images.find(({ services }) => services.includes(project.service))?.imageBytes ?? null;
  };
  const [base, head] = [await sizeOf(input.base), await sizeOf(input.head)];
  if (base === null || head === null) {
    const reason = { kind: 'notMeasured', reason: 'The size of the image of the tests is not known.' } as const;
    return ended(input, { state: 'inconclusive', reason }, []);
  }
  return ended(input, judgeOnce(base, head), []);
}

async function pairsOf(deps: ActivityDeps, { base, head, taken, measures }: Input): Promise<readonly Pair[]> {
  if (taken.length === 0) return [];
  return (await evidenceOf(deps, { base, head }, measures.suspect, taken, measures.figure)).pairs;
}

const NO_FIGURES = { ratio: null, saving: null, baseValue: null, headValue: null } as const;

function ended(
  { measures: { figure, scenario } }: Input,
  judged: Pick<Verification, 'state' | 'reason'> & Partial<Verification>,
  pairs: readonly Pair[],
): Extract<VerificationStep, { kind: 'decided' }> {
  const { state, reason, ratio, saving, baseValue, headValue } = { ...NO_FIGURES, ...judged };
  const unit = METRICS[figure].unit;
  const figures = { ratio, saving, baseValue, headValue };
  return {
    kind: 'decided',
    verification: { state, reason, figure, scenario, unit, ...figures, pairs, testsWereRed: false },
  };
}
