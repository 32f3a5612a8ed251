/** Which part of a benchmark has to be run again to see what a remedy saves. */
import type { FigureOfSide } from '../../model/advice.ts';
import { BUILD_MODES, type Scenario } from '../../model/plan.ts';
import type { Saving } from '../../model/result.ts';
import { BUILD_METRICS } from '../regression/series.ts';

/** @returns null for a figure that pairs cannot measure, and for a scenario that the plan does not have */
export function measuresOf(
  { figure, scenario = null }: Pick<Saving, 'figure' | 'scenario'>,
  scenarios: readonly Scenario[],
): FigureOfSide | null {
  const mode = BUILD_MODES.find((each) => BUILD_METRICS[each] === figure);
  if (mode !== undefined) return { figure, scenario: null, suspect: { phase: 'build', mode } };
  if (figure === 'image.size') return { figure, scenario: null, suspect: { phase: 'build', mode: 'warm' } };
  if (figure === 'startup.duration' || figure === 'teardown.duration') {
    return { figure, scenario: null, suspect: { phase: 'startup' } };
  }
  if (figure !== 'trial.duration' && figure !== 'test.duration') return null;
  // The test phase is the primary scenario's trials.
  const wanted = scenarios.find(({ name, id, primary }) =>
    scenario === null ? primary : name === scenario || id === scenario,
  );
  if (wanted === undefined) return null;
  return { figure: 'trial.duration', scenario: wanted.id, suspect: { phase: 'test', scenario: wanted.id } };
}
