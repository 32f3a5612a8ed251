import { folderInCopy, triable, type Triable, variantOfRemedy, type WhyNot } from '../../analysis/advice/to-verify.ts';
import type { RemedyToVerify } from '../../model/advice.ts';
import { wrongUsage } from '../../model/failure.ts';
import { writtenPlan } from '../../plan/written.ts';
import type { Store } from '../../store/store.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { folderState } from './folder-state.ts';

/** Patches are kept in Temporal's history, which takes 2 MB at once. */
const MOST_CHARACTERS = 512 * 1024;

/** The plan that the run had counts for both sides: what its advice says was measured with it. */
export const adviceToVerify: Make<'adviceToVerify'> = ({ store }) =>
  activity({ phase: 'preparing' }, async ({ ofRun, advice: wanted, source }) => {
    const { all, plan, folder: inRepository } = await adviceOfRun(store, ofRun);
    const chosen = wanted === undefined ? all : all.filter((each) => wanted.includes(nameOf(each)));
    const unknown = wanted?.find((name) => !all.some((each) => nameOf(each) === name));
    if (unknown !== undefined) {
      throw wrongUsage(`Run ${ofRun} has no advice ${JSON.stringify(unknown)}.`, '`paceline advise` lists its advice.');
    }
    const remedies = chosen.flatMap((each) => (each.kind === 'remedy' ? [each.remedy] : []));
    const { fitting, tooLarge } = bounded(remedies);
    return {
      plan: writtenPlan(plan),
      remedies: fitting.map((remedy) => ({
        name: remedy.name,
        measures: remedy.measures,
        predicted: remedy.saves.predicted,
        variant: variantOfRemedy(remedy, inRepository),
      })),
      folder: await folderState(source),
      notes: [
        ...(wanted === undefined ? [] : chosen.flatMap(noteOf)),
        ...tooLarge.map(({ name }) => `${name}: not tried, because the patches of this run are too large together.`),
      ],
    };
  });

/** @throws PacelineError WrongUsage for a run without a result or a plan */
export async function adviceOfRun(store: Pick<Store, 'result' | 'runRef' | 'loadFacts'>, runId: string) {
  const [run, result] = [await store.runRef(runId), await store.result(runId)];
  const facts = run === null ? null : await store.loadFacts(run);
  if (result === null || facts === null || facts.plan === null) {
    throw wrongUsage(
      `Run ${runId} has no advice to verify.`,
      'Choose a finished run; `paceline history` lists the runs.',
    );
  }
  return {
    all: triable(result.advice, facts.plan),
    plan: facts.plan,
    project: result.project,
    folder: folderInCopy(runId, facts.source?.directory),
  };
}

function nameOf(each: Triable): string {
  return each.kind === 'remedy' ? each.remedy.name : each.name;
}

const WHY_NOT: Readonly<Record<WhyNot, string>> = {
  problem: 'it explains a failure and saves no time',
  noRemedy: 'it has no remedy',
  steps: 'its remedy has to be applied by hand',
  noFigure: 'it names no figure that changes',
  otherFigure: 'its figure cannot be measured in pairs',
  noScenario: 'the plan no longer has its scenario',
};

/** Only what was asked for by name is worth a line. */
function noteOf(each: Triable): string[] {
  return each.kind === 'not' ? [`${each.name}: not tried, because ${WHY_NOT[each.reason]}.`] : [];
}

function bounded(remedies: readonly RemedyToVerify[]) {
  let characters = 0;
  const fitting: RemedyToVerify[] = [];
  const tooLarge: RemedyToVerify[] = [];
  for (const remedy of remedies) {
    const { length } = JSON.stringify(remedy.remedy);
    const fits = characters + length <= MOST_CHARACTERS;
    if (fits) characters += length;
    (fits ? fitting : tooLarge).push(remedy);
  }
  return { fitting, tooLarge };
}
