/** Each scenario of the matrix against its target. */
import type { ScenarioResult } from '../../model/result.ts';
import { figures, type Inline, joined, limitOrNull, quantityOrNull, seconds } from '../blocks.ts';
import { testCounts } from '../text/test-counts.ts';
import type { SectionMaker } from './section.ts';
import { PART_MARKS } from './verdict-marks.ts';

export const scenarios: SectionMaker = {
  id: 'scenarios',
  title: 'Scenarios',
  make: (result) => ({
    summary: figures(
      'Scenario',
      result.scenarios.map((scenario) => ({
        mark: PART_MARKS[scenario.verdict],
        title: scenario.name,
        value: quantityOrNull(scenario.seconds, 'second'),
        target: limitOrNull(scenario.target, 'second'),
        note: trialsNote(scenario),
        reason: scenario.reason,
        parts: [],
      })),
    ),
  }),
};

/** "312 passed, 4 skipped", of the last trial that has counts; with several trials "±1.2 s (n 5), 312 passed". */
function trialsNote(scenario: ScenarioResult): Inline {
  const measured = scenario.trials.filter(({ kind }) => kind === 'measured');
  const numbers = new Set(measured.map(({ trial }) => trial)).size;
  const last = measured.findLast(({ tests }) => tests !== null);
  return joined([
    ...(numbers > 1 ? [spread(scenario) ?? `${numbers} trials`] : []),
    ...(last?.tests ? [testCounts(last.tests)] : []),
    ...(isDisturbed(scenario) ? ['disturbed'] : []),
  ]);
}

/** The interval's farther end, since the median need not be in its middle. */
function spread({ seconds: value, interval, samples }: ScenarioResult): Inline | null {
  if (value === null || interval === null) return null;
  return ['±', seconds(Math.max(interval.high - value, value - interval.low)), ` (n ${samples})`];
}

/** All trials that its figure rests on were disturbed. */
function isDisturbed({ trials }: ScenarioResult): boolean {
  const passed = trials.filter(({ kind, outcome }) => kind === 'measured' && outcome === 'passed');
  return passed.length > 0 && passed.every(({ disturbed }) => disturbed !== null);
}
