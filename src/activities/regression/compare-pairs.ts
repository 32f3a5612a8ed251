import { leftOutSentence } from '../../analysis/left-out.ts';
import { testsOfRun } from '../../analysis/regression/judge-run.ts';
import { BUILD_METRICS } from '../../analysis/regression/series.ts';
import { decidePairs, nextPairs } from '../../analysis/regression/pairs.ts';
import { testsChange } from '../../analysis/regression/tests-change.ts';
import { median } from '../../analysis/statistics/median.ts';
import { samplesOf } from '../../analysis/statistics/samples.ts';
import { type ComparedPhase, DEFAULT_PHASES } from '../../model/comparison.ts';
import { PacelineError, wrongUsage } from '../../model/failure.ts';
import { METRICS } from '../../model/measurement.ts';
import { BUILD_MODES, type Plan } from '../../model/plan.ts';
import type { Suspect, TestsChange } from '../../model/regression.ts';
import type { RunRef } from '../../model/run.ts';
import { activity } from '../support/attempt.ts';
import type { ActivityDeps, Make } from '../support/deps.ts';
import { loadWorkspace } from '../support/workspace.ts';
import { evidenceOf } from './measured.ts';
import { movedBetween } from './moved.ts';

export const comparedParts: Make<'comparedParts'> = ({ dataDirectory }) =>
  activity(
    { phase: 'preparing' },
    async ({ run, scenarios, phases = scenarios === undefined ? DEFAULT_PHASES : ['test'] }) => {
      const { plan, project } = await loadWorkspace(dataDirectory, run);
      const wanted = (phase: ComparedPhase) => phases.includes(phase);
      const parts: Suspect[] = [
        ...BUILD_MODES.filter((mode) => wanted(`build.${mode}`) && project.builds.length > 0).map((mode) => ({
          phase: 'build' as const,
          mode,
        })),
        ...(wanted('startup') && project.services.length > 0 ? [{ phase: 'startup' as const }] : []),
        ...(wanted('teardown') && project.services.length > 0 ? [{ phase: 'teardown' as const }] : []),
        ...(wanted('test')
          ? chosenScenarios(plan, scenarios).map((scenario) => ({ phase: 'test' as const, scenario }))
          : []),
      ];
      if (parts.length > 0) return parts;
      throw new PacelineError({
        type: 'WrongUsage',
        what: `The project has none of the phases to compare (${phases.join(', ')}).`,
        next: 'Name another phase with --phase, or omit it to compare all phases.',
      });
    },
  );

function chosenScenarios({ scenarios, leftOut }: Plan, wanted: readonly string[] | undefined): string[] {
  const unknown = wanted?.find((name) => !scenarios.some((each) => each.name === name || each.id === name));
  if (unknown !== undefined && leftOut?.scenarios.some(({ name }) => name === unknown)) {
    throw wrongUsage(
      `The image of the head cannot run the default scenario ${JSON.stringify(unknown)}.`,
      leftOutSentence(leftOut),
    );
  }
  if (unknown !== undefined) {
    throw wrongUsage(
      `The plan has no scenario ${JSON.stringify(unknown)}.`,
      `It has ${scenarios.map(({ name }) => JSON.stringify(name)).join(', ')}.`,
    );
  }
  return scenarios
    .filter(({ name, id }) => wanted === undefined || wanted.includes(name) || wanted.includes(id))
    .map(({ id }) => id);
}

export const comparePairs: Make<'comparePairs'> = (deps) =>
  activity({ phase: 'collecting' }, async ({ suspect, head, base, taken, pairs: wanted }) => {
    const { plan } = await loadWorkspace(deps.dataDirectory, head);
    const { pairs, missing } = await evidenceOf(deps, { base, head }, suspect, taken);
    const tests = await testsBetween(deps, { base, head }, suspect);
    const options = { threshold: plan.alerts.regressionRatio, ...(tests === null ? {} : { tests }) };
    const lost = missing.head ?? missing.base;
    const side = missing.head === null ? 'base' : 'head';
    const comparison =
      lost === null
        ? decidePairs(pairs, options)
        : ({
            kind: 'refused',
            reason: `Figures without a partner are not compared; the ${side} has none: ${lost}`,
          } as const);
    const moved = await movedBetween(deps.store, { base, head }, suspect, { comparison, pairs, taken });
    return {
      more: lost === null ? nextPairs(pairs, options, wanted) : 0,
      part: {
        suspect,
        title: titleOf(plan, suspect),
        comparison,
        baseSeconds: medianOf(pairs.map((pair) => pair.base.value)),
        headSeconds: medianOf(pairs.map((pair) => pair.head.value)),
        pairs,
        ...(tests?.kind === 'changed' ? { tests } : {}),
        ...(moved.length > 0 ? { moved } : {}),
      },
    };
  });

/** What only one of the sides runs; null if nothing runs tests, or where it is unknown which ones ran. */
async function testsBetween(
  { store }: Pick<ActivityDeps, 'store'>,
  { base, head }: { readonly base: RunRef; readonly head: RunRef },
  suspect: Suspect,
): Promise<TestsChange | null> {
  if (suspect.phase !== 'test') return null;
  const before = testsOfRun(await store.loadFacts(base), suspect.scenario);
  const now = testsOfRun(await store.loadFacts(head), suspect.scenario);
  return before === null || now === null ? null : testsChange(before, now);
}

function titleOf({ scenarios }: Plan, suspect: Suspect): string {
  if (suspect.phase === 'startup') return METRICS['startup.duration'].title;
  if (suspect.phase === 'teardown') return METRICS['teardown.duration'].title;
  if (suspect.phase === 'build') return METRICS[BUILD_METRICS[suspect.mode]].title;
  return scenarios.find(({ id }) => id === suspect.scenario)?.name ?? suspect.scenario;
}

function medianOf(values: readonly number[]): number | null {
  const samples = samplesOf(values);
  return samples === null ? null : median(samples);
}
